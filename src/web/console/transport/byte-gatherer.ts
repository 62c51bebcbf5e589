import { type Clock, systemClock } from '../../../shared/clock.ts'
import { joined } from '../bytes.ts'

/** Bytes that come this soon after the last lot wait for the next one. Nobody notices so short a wait. */
const GATHER_MS = 8
const LOT_BYTES = 256 * 1024

/**
 * Joins many small pieces into few lots. The first piece after a quiet moment, such as a key's echo, passes at once.
 * @param emit gets each lot, in order, and may keep it
 */
export class ByteGatherer {
  readonly #emit: (bytes: ArrayBuffer) => void
  readonly #clock: Clock
  #pieces: Uint8Array[] = []
  #length = 0
  #waiting = false

  constructor(emit: (bytes: ArrayBuffer) => void, clock: Clock = systemClock) {
    this.#emit = emit
    this.#clock = clock
  }

  add(bytes: Uint8Array): void {
    this.#pieces.push(bytes)
    this.#length += bytes.length
    if (!this.#waiting || this.#length >= LOT_BYTES) this.flush()
    if (!this.#waiting) this.#wait()
  }

  flush(): void {
    if (this.#length === 0) return
    const { buffer } = joined(this.#pieces)
    this.#pieces = []
    this.#length = 0
    this.#emit(buffer)
  }

  #wait(): void {
    this.#waiting = true
    this.#clock.after(GATHER_MS, () => {
      this.#waiting = false
      if (this.#length === 0) return
      this.flush()
      this.#wait()
    })
  }
}
