import type { Clock } from '../../shared/clock.ts'

/** A piece has some 17 kB (160 without gzip): whoever needs longer for one has stopped. */
const PIECE_MS = 30_000
/** All pieces of an answer together. Meanwhile they stay in memory, where the next list may be there already. */
const ALL_MS = 3 * 60_000

/** Waits for a reader to take what they are sent, and not for ever. */
export class Patience {
  readonly #clock: Clock
  readonly #giveUp: () => void
  #left = ALL_MS
  #over = false
  #taken = () => {}

  /** @param giveUp hears that the reader is too slow, once */
  constructor(clock: Clock, giveUp: () => void) {
    this.#clock = clock
    this.#giveUp = giveUp
  }

  /** The pieces as the reader takes them. The time until a piece is there does not count. */
  async *with<T>(pieces: AsyncIterable<T>): AsyncGenerator<T, void> {
    for await (const piece of pieces) {
      this.#wait()
      try {
        yield piece
      } finally {
        this.#taken()
      }
    }
    // The last ones are still on their way.
    this.#wait()
  }

  /** The reader has all of it, or has left. */
  end(): void {
    this.#over = true
    this.#taken()
  }

  #wait(): void {
    if (this.#over) return
    const from = this.#clock.now()
    const cancel = this.#clock.after(Math.min(PIECE_MS, this.#left), this.#giveUp)
    this.#taken = () => {
      cancel()
      // The machine's clock may have been set back.
      this.#left -= Math.max(0, this.#clock.now() - from)
      this.#taken = () => {}
    }
  }
}
