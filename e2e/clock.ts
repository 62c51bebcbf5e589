import { type Clock, systemClock } from '../src/shared/clock.ts'

interface Wait {
  at: number
  /** ms */
  length: number
  run: () => void
  cancel: () => void
}

/** The machine's clock, which a test can put forward: a limit of minutes passes in no time. */
export class SkippingClock implements Clock {
  #skipped = 0
  readonly #waits = new Set<Wait>()
  /** Waits of so many ms end only when the clock is put forward. */
  readonly #heldLengths = new Set<number>()

  now(): number {
    return Date.now() + this.#skipped
  }

  after(ms: number, run: () => void): () => void {
    const wait: Wait = { at: this.now() + ms, length: ms, run, cancel: () => {} }
    this.#waits.add(wait)
    this.#start(wait)
    return () => this.#forget(wait)
  }

  /** A slow machine may take longer than such a limit for what the test does within it. */
  endOnlyBySkipping(lengths: readonly number[]): void {
    for (const ms of lengths) this.#heldLengths.add(ms)
  }

  /** Puts the clock forward. What falls due in between runs now, in its order. */
  skip(ms: number): void {
    const until = this.now() + ms
    for (;;) {
      const [next] = [...this.#waits].sort((a, b) => a.at - b.at)
      if (!next || next.at > until) break
      this.#skipped += Math.max(0, next.at - this.now())
      this.#end(next)
    }
    this.#skipped += Math.max(0, until - this.now())
    // A timer that was set before rings too late now.
    for (const wait of this.#waits) {
      wait.cancel()
      this.#start(wait)
    }
  }

  #start(wait: Wait): void {
    if (this.#heldLengths.has(wait.length)) return
    wait.cancel = systemClock.after(Math.max(0, wait.at - this.now()), () => this.#end(wait))
  }

  #end(wait: Wait): void {
    this.#forget(wait)
    wait.run()
  }

  #forget(wait: Wait): void {
    wait.cancel()
    this.#waits.delete(wait)
  }
}
