/** How long before it strikes a limit is announced. */
const WARN_BEFORE_MS = 60_000

export type SessionLimit = 'idle-limit' | 'time-limit'

interface LimitClockOptions {
  /** ms without a keystroke; null: no limit. */
  idleMs: number | null
  /** ms since the session began, or since somebody last said that they stay; null: no limit. */
  totalMs: number | null
  /** @param endsInMs null: the danger is over */
  onWarning(limit: SessionLimit, endsInMs: number | null): void
  onStrike(limit: SessionLimit): void
  now: () => number
}

/** Watches a session's idle and total time, warns, and strikes. */
export class LimitClock {
  readonly #options: LimitClockOptions
  readonly #since: Record<SessionLimit, number>
  readonly #warned = new Set<SessionLimit>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: LimitClockOptions) {
    this.#options = options
    const now = options.now()
    this.#since = { 'idle-limit': now, 'time-limit': now }
    this.#schedule()
  }

  /** What was announced and still stands, for whoever comes later. */
  get warnings(): { limit: SessionLimit; endsInMs: number }[] {
    const { idleMs, totalMs, now } = this.#options
    const lengths = { 'idle-limit': idleMs ?? 0, 'time-limit': totalMs ?? 0 }
    return [...this.#warned].map((limit) => ({
      limit,
      endsInMs: this.#since[limit] + lengths[limit] - now(),
    }))
  }

  /** A key was typed: cheap, since it comes with every one of them. */
  touch(): void {
    this.#since['idle-limit'] = this.#options.now()
    if (this.#warned.has('idle-limit')) this.#allClear('idle-limit')
  }

  /** Somebody answered the warning. */
  stay(): void {
    const now = this.#options.now()
    for (const limit of [...this.#warned]) {
      this.#since[limit] = now
      this.#allClear(limit)
    }
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #allClear(limit: SessionLimit): void {
    this.#warned.delete(limit)
    this.#options.onWarning(limit, null)
    this.#schedule()
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    const { idleMs, totalMs, now, onWarning, onStrike } = this.#options
    let next = Number.POSITIVE_INFINITY
    for (const [limit, length] of [
      ['idle-limit', idleMs],
      ['time-limit', totalMs],
    ] as const) {
      if (length === null) continue
      const left = this.#since[limit] + length - now()
      if (left <= 0) {
        onStrike(limit)
        return
      }
      const warning = left - Math.min(WARN_BEFORE_MS, length / 2)
      if (warning <= 0 && !this.#warned.has(limit)) {
        this.#warned.add(limit)
        onWarning(limit, left)
      }
      next = Math.min(next, warning > 0 ? warning : left)
    }
    // setTimeout counts in 32 bits: a longer wait looks again in between.
    if (next < Number.POSITIVE_INFINITY)
      this.#timer = setTimeout(() => this.#schedule(), Math.min(next, 2 ** 31 - 1))
  }
}
