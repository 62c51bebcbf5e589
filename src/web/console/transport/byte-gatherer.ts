import { type Clock, systemClock } from '../../../shared/clock.ts'
import { joined } from '../bytes.ts'

/** Bytes that come this soon after the last lot wait for the next one. Nobody notices so short a wait. */
const GATHER_MS = 8
const LOT_BYTES = 256 * 1024
/** Pieces below this are joined. Above it, fresh memory for the whole costs more than to pass each on. */
const JOINED = 16 * 1024

/**
 * Gathers many pieces into few lots, and joins the small ones. The first piece after a quiet moment, such as a key's echo, passes at once.
 * @param emit gets each lot, in order, and may keep it: the buffers hold nothing else
 */
export class ByteGatherer {
  readonly #emit: (lot: ArrayBuffer[]) => void
  readonly #clock: Clock
  #pieces: Uint8Array<ArrayBuffer>[] = []
  #length = 0
  #waiting = false

  constructor(emit: (lot: ArrayBuffer[]) => void, clock: Clock = systemClock) {
    this.#emit = emit
    this.#clock = clock
  }

  add(bytes: Uint8Array<ArrayBuffer>): void {
    this.#pieces.push(bytes)
    this.#length += bytes.length
    if (!this.#waiting || this.#length >= LOT_BYTES) this.flush()
    if (!this.#waiting) this.#wait()
  }

  flush(): void {
    if (this.#length === 0) return
    const lot: ArrayBuffer[] = []
    let small: Uint8Array[] = []
    const join = () => {
      if (small.length > 0) lot.push(joined(small).buffer)
      small = []
    }
    for (const piece of this.#pieces) {
      if (piece.length >= JOINED && piece.length === piece.buffer.byteLength) {
        join()
        lot.push(piece.buffer)
      } else small.push(piece)
    }
    join()
    this.#pieces = []
    this.#length = 0
    this.#emit(lot)
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
