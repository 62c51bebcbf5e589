import { RingBuffer } from './ring-buffer.ts'
import { type Seam, ViewerCursor, type ViewerPort } from './viewer-cursor.ts'

/** Ring bytes kept beyond the writer's window: what the gateway's socket hands over in one go. */
const RESERVE_BYTES = 128 * 1024

/** What a session's line said, as far as it is kept, and where it was away meanwhile. */
export class History {
  readonly #ring: RingBuffer
  readonly #seams: Seam[] = []
  readonly #now: () => number
  /** How many bytes a viewer may be ahead of what it acknowledged. */
  readonly window: number
  /** When the line was lost that had spoken; null while there is nothing to join. */
  #lostAt: number | null = null

  /** @param keptBytes how much is kept at least */
  constructor(keptBytes: number, now: () => number) {
    this.#now = now
    this.window = 2 * keptBytes
    // It keeps what was asked for and, in a flood, all that the writer may not have yet.
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

  /** @returns whether these are the first words of a line that was away */
  append(bytes: Buffer): boolean {
    const back = this.#lostAt !== null
    if (this.#lostAt !== null) {
      this.#seams.push({ at: this.#ring.end, awayMs: this.#now() - this.#lostAt })
      this.#lostAt = null
      while ((this.#seams[0]?.at ?? this.#ring.start) < this.#ring.start) this.#seams.shift()
    }
    this.#ring.append(bytes)
    return back
  }

  /** @returns whether it is news: the line had spoken, and was not away before */
  lineLost(): boolean {
    if (this.#ring.end === 0 || this.#lostAt !== null) return false
    this.#lostAt = this.#now()
    return true
  }
}
