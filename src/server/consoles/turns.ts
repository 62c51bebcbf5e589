import { type Now, steadyClock } from '../../shared/clock.ts'

/** How long this work may take in one turn of the event loop. A key on another line waits for it. */
const TURN_MS = 5

/**
 * Does little by little what comes in a crowd. A gateway that vanishes ends thousands of connections in one turn of the
 * event loop, and to tell all of their viewers at once would hold up everybody else for more than half a second.
 */
export class Turns {
  readonly #clock: Now
  #waiting: (() => void)[] = []
  /** How long this turn has worked already; null: nothing was done in it. */
  #workedMs: number | null = null
  #working = false

  constructor(clock: Now = steadyClock) {
    this.#clock = clock
  }

  /** Runs it now, or, where this turn has had enough, in one of the next. They run in their order. */
  do(run: () => void): void {
    this.#waiting.push(run)
    // What a piece of work adds comes behind it.
    if (!this.#working) this.#work()
  }

  #work(): void {
    if (this.#workedMs === null) {
      this.#workedMs = 0
      setImmediate(() => this.#next())
    }
    while (this.#workedMs < TURN_MS) {
      const run = this.#waiting.shift()
      if (!run) return
      const begun = this.#clock.now()
      this.#working = true
      try {
        run()
      } finally {
        this.#working = false
        this.#workedMs += this.#clock.now() - begun
      }
    }
  }

  /** Others have had their turn. */
  #next(): void {
    this.#workedMs = null
    if (this.#waiting.length > 0) this.#work()
  }
}
