import type { Clock } from '../../shared/clock.ts'
import { RingBuffer } from './ring-buffer.ts'
import { type Seam, ViewerCursor } from './viewer-cursor.ts'
import type { ViewerPort } from './viewer-port.ts'

/** Bytes kept beyond the writer's window: as many as the gateway's socket hands over at once. */
const RESERVE_BYTES = 128 * 1024

/** The last bytes of a session's line, and where the line was away in between. */
export class History {
  readonly #ring: RingBuffer
  readonly #seams: Seam[] = []
  readonly #clock: Clock
  /** How many bytes a viewer may be ahead of what it acknowledged. */
  readonly window: number
  /** When the line was lost; null while it is there, and before its first byte. */
  #lostAt: number | null = null

  /** @param keptBytes how much is kept at least */
  constructor(keptBytes: number, clock: Clock) {
    this.#clock = clock
    this.window = 2 * keptBytes
    // In a flood the writer may be a whole window behind, and must find all of it here.
    this.#ring = new RingBuffer(this.window + RESERVE_BYTES)
  }

  /** The offset of the next byte. */
  get end(): number {
    return this.#ring.end
  }

  /** A viewer's place in it. @param offset the first byte that it does not have; null for all that is kept */
  cursor(port: ViewerPort, offset: number | null): ViewerCursor {
    return new ViewerCursor(port, this.#ring, this.#seams, this.window, offset)
  }

  /** @returns whether these are the first bytes after the line was away */
  append(bytes: Buffer): boolean {
    const back = this.#lostAt !== null
    if (this.#lostAt !== null) {
      this.#seams.push({ at: this.#ring.end, awayMs: this.#clock.now() - this.#lostAt })
      this.#lostAt = null
      while ((this.#seams[0]?.at ?? this.#ring.start) < this.#ring.start) this.#seams.shift()
    }
    this.#ring.append(bytes)
    return back
  }

  /** @returns whether this is new: a line that never spoke, or was already away, is not lost again */
  lineLost(): boolean {
    if (this.#ring.end === 0 || this.#lostAt !== null) return false
    this.#lostAt = this.#clock.now()
    return true
  }
}
