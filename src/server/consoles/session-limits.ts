import { type Clock, noTimer } from '../../shared/clock.ts'

/** How long before its end a session is warned. */
const WARN_BEFORE_MS = 60_000

export type SessionLimit = 'idle-limit' | 'time-limit'

interface SessionLimitsOptions {
  /** ms without a keystroke; null: no limit. */
  idleMs: number | null
  /** ms since the session began, or since a viewer last asked to stay; null: no limit. */
  totalMs: number | null
  /** @param endsInMs null: the warning is withdrawn */
  onWarning(limit: SessionLimit, endsInMs: number | null): void
  onReached(limit: SessionLimit): void
  clock: Clock
}

/** Watches a session's idle and total time. It warns first, then says that a limit is reached. */
export class SessionLimits {
  readonly #options: SessionLimitsOptions
  readonly #since: Record<SessionLimit, number>
  #warned: SessionLimit[] = []
  #cancelTimer = noTimer

  constructor(options: SessionLimitsOptions) {
    this.#options = options
    const now = options.clock.now()
    this.#since = { 'idle-limit': now, 'time-limit': now }
    this.#schedule()
  }

  /** All is counted from now on. */
  begin(): void {
    const now = this.#options.clock.now()
    this.#since['idle-limit'] = now
    this.#since['time-limit'] = now
    this.#warned = []
    this.#schedule()
  }

  /** The warnings in force, for a viewer that comes later. */
  get warnings(): { limit: SessionLimit; endsInMs: number }[] {
    const { idleMs, totalMs, clock } = this.#options
    const lengths = { 'idle-limit': idleMs ?? 0, 'time-limit': totalMs ?? 0 }
    return this.#warned.map((limit) => ({
      limit,
      endsInMs: this.#since[limit] + lengths[limit] - clock.now(),
    }))
  }

  /** A key was typed. Called for each one, so it does little. */
  keyTyped(): void {
    this.#since['idle-limit'] = this.#options.clock.now()
    if (this.#warned.includes('idle-limit')) this.#withdraw('idle-limit')
  }

  /** A viewer answered the warning. */
  stay(): void {
    const now = this.#options.clock.now()
    for (const limit of this.#warned) {
      this.#since[limit] = now
      this.#withdraw(limit)
    }
  }

  stop(): void {
    this.#cancelTimer()
  }

  #withdraw(limit: SessionLimit): void {
    this.#warned = this.#warned.filter((each) => each !== limit)
    this.#options.onWarning(limit, null)
    this.#schedule()
  }

  #schedule(): void {
    this.#cancelTimer()
    const { idleMs, totalMs, clock, onWarning, onReached } = this.#options
    let next = Number.POSITIVE_INFINITY
    for (const [limit, length] of [
      ['idle-limit', idleMs],
      ['time-limit', totalMs],
    ] as const) {
      if (length === null) continue
      const left = this.#since[limit] + length - clock.now()
      if (left <= 0) {
        onReached(limit)
        return
      }
      const warning = left - Math.min(WARN_BEFORE_MS, length / 2)
      if (warning <= 0 && !this.#warned.includes(limit)) {
        this.#warned.push(limit)
        onWarning(limit, left)
      }
      next = Math.min(next, warning > 0 ? warning : left)
    }
    if (next < Number.POSITIVE_INFINITY) this.#cancelTimer = clock.after(next, () => this.#schedule())
  }
}
