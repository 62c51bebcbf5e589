import { type Clock, systemClock } from '../shared/clock.ts'

/**
 * A signal that aborts when the time is up, or when a longer-lived signal does.
 *
 * `AbortSignal.any` would do the same, but on Node 20 each signal that it makes stays in memory for as long as the
 * longer-lived one.
 */
export class Deadline {
  readonly #over = new AbortController()
  readonly #within: AbortSignal
  readonly #cancel: () => void
  readonly #end = () => this.#over.abort()
  #late = false

  /** @param within what may end it sooner, and lives on */
  constructor(ms: number, within: AbortSignal, clock: Clock = systemClock) {
    this.#within = within
    this.#cancel = clock.after(ms, () => {
      this.#late = true
      this.#end()
    })
    if (within.aborted) this.#end()
    else within.addEventListener('abort', this.#end, { once: true })
  }

  get signal(): AbortSignal {
    return this.#over.signal
  }

  /** The time was up. */
  get late(): boolean {
    return this.#late
  }

  /** The work is done. Nothing of it stays behind, and the signal no longer aborts. */
  release(): void {
    this.#cancel()
    this.#within.removeEventListener('abort', this.#end)
  }
}
