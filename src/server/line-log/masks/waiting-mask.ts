import type { Clock } from '../../../shared/clock.ts'
import { LineMask } from './line-mask.ts'
import type { Masks } from './masks.ts'

/** An unfinished line waits no longer, ms. A prompt has no end, and a line that died in the middle of a word neither. */
const WAIT_MS = 1000

/** A mask that passes on what it held when the line has been silent for a while. */
export class WaitingMask {
  readonly #mask: LineMask
  readonly #clock: Clock
  readonly #pass: (bytes: Buffer) => void
  #cancelFlush: (() => void) | null = null

  /** @param pass gets all bytes, in order */
  constructor(masks: Masks, clock: Clock, pass: (bytes: Buffer) => void) {
    this.#mask = new LineMask(masks)
    this.#clock = clock
    this.#pass = pass
  }

  /** How many bytes wait. */
  get held(): number {
    return this.#mask.held
  }

  push(bytes: Buffer): void {
    this.#passOn(this.#mask.push(bytes))
    if (this.held > 0) this.#cancelFlush ??= this.#clock.after(WAIT_MS, () => this.flush())
  }

  flush(): void {
    this.#cancelFlush?.()
    this.#cancelFlush = null
    this.#passOn(this.#mask.flush())
  }

  #passOn(bytes: Buffer): void {
    if (bytes.length > 0) this.#pass(bytes)
  }
}
