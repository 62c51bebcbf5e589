import type { Clock } from '../../../shared/clock.ts'

/** An open page asks each second. It is one reading for so long. */
const READING_MS = 10 * 60_000
const MOST = 10_000

/** Knows who has begun to read which line, so that the audit log has one event for it. */
export class Readings {
  readonly #clock: Clock
  readonly #begun = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  begins(user: string, server: string): boolean {
    const key = JSON.stringify([user, server])
    const now = this.#clock.now()
    const before = this.#begun.get(key)
    if (before !== undefined && now - before < READING_MS) return false
    this.#begun.delete(key)
    this.#begun.set(key, now)
    const [oldest] = this.#begun.keys()
    if (this.#begun.size > MOST && oldest !== undefined) this.#begun.delete(oldest)
    return true
  }
}
