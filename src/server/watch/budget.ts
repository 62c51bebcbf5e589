const HOUR_MS = 3_600_000

/**
 * How many links may be asked for: never more than so many in any hour. Half of them may be taken at once. Beyond that
 * they come one by one, as many in an hour, so that all lines are not lost and brought back in waves.
 */
export class LinkBudget {
  readonly #perHour: number
  readonly #half: number
  /** When the last ones were taken, as a ring: the next one takes the oldest's place. */
  readonly #taken: number[] = []
  #next = 0

  constructor(perHour: number) {
    this.#perHour = perHour
    this.#half = Math.ceil(perHour / 2)
  }

  /** @returns when the next one may be taken: `now`, or later */
  freeAt(now: number): number {
    const whole = this.#ago(this.#perHour)
    if (whole !== null && whole + HOUR_MS > now) return whole + HOUR_MS
    const half = this.#ago(this.#half)
    if (half === null || half + HOUR_MS <= now) return now
    const last = this.#ago(1) ?? now
    return Math.max(now, Math.min(last + Math.ceil(HOUR_MS / this.#perHour), half + HOUR_MS))
  }

  take(now: number): void {
    this.#taken[this.#next] = now
    this.#next = (this.#next + 1) % this.#perHour
  }

  /** The one that was taken last was not asked for. */
  giveBack(): void {
    this.#next = (this.#next - 1 + this.#perHour) % this.#perHour
    this.#taken[this.#next] = Number.NEGATIVE_INFINITY
  }

  /** @returns when the one was taken that is so many back; null: there were fewer */
  #ago(count: number): number | null {
    if (this.#taken.length < count) return null
    return this.#taken[(this.#next - count + this.#perHour) % this.#perHour] ?? null
  }
}
