import type { Now } from '../../../shared/clock.ts'
import { HeardTimes } from '../../../shared/heard-times.ts'

/** About as many as there are rows of text in a full scrollback that came at a person's pace */
const MOST_STRETCHES = 16_384
const MOST_PARTS = 1_000

/** From this position on the page has the bytes of a stream from this offset on. */
interface Part {
  position: number
  offset: number
  /** Offsets of different streams do not count the same bytes. */
  stream: number
}

/**
 * When the line's bytes were heard, and where they are in its log. A position counts the bytes that this page took in. It
 * only grows, while offsets jump: behind bytes that never came, and where another session counts anew.
 */
export class LineTimes {
  readonly #wall: Now
  readonly #heard = new HeardTimes(MOST_STRETCHES)
  readonly #parts: Part[] = []
  readonly #listeners = new Set<() => void>()
  #position = 0
  #stream = 0
  #inLog = false
  /** By how many ms the server's clock is ahead of this browser's; null: no server told its time. */
  #aheadMs: number | null = null

  constructor(wall: Now) {
    this.#wall = wall
  }

  /** Calls when times became known. @returns stops it */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The position of the next byte */
  get position(): number {
    return this.#position
  }

  /** Offsets are those of the line's log. */
  get inLog(): boolean {
    return this.#inLog
  }

  get aheadMs(): number | null {
    return this.#aheadMs
  }

  /**
   * @param goesOn the offset counts as those before it did
   * @param inLog the line's log counts like that, too
   */
  joined(offset: number, goesOn: boolean, inLog = false): void {
    if (!goesOn) this.#stream += 1
    this.#inLog = inLog
    const last = this.#parts.at(-1)
    if (goesOn && last && last.offset + this.#position - last.position === offset) return
    this.#parts.push({ position: this.#position, offset, stream: this.#stream })
    if (this.#parts.length > MOST_PARTS) this.#parts.shift()
  }

  /** So many bytes never came. */
  skipped(bytes: number): void {
    const last = this.#parts.at(-1)
    if (last) this.joined(last.offset + this.#position - last.position + bytes, true, this.#inLog)
  }

  /**
   * Bytes came. Where no relay tells when it heard them, the page's own clock has to do.
   * @param heardAt by that clock, if they came before
   */
  took(bytes: number, heardAt = this.#wall.now()): void {
    if (this.#parts.length === 0) this.#heard.hear(this.#position, heardAt)
    this.#position += bytes
  }

  /** The relay says when it heard bytes that came before. */
  told(now: number, stretches: readonly (readonly [number, number])[]): void {
    this.#aheadMs = now - this.#wall.now()
    let offset = 0
    let time = 0
    for (const [further, later] of stretches) {
      offset += further
      time += later
      const at = this.#positionOf(offset)
      // What is known already is told again to a page that comes back.
      if (at !== null && at >= this.#heard.newest) this.#heard.add({ at, time })
    }
    for (const listener of this.#listeners) listener()
  }

  /** @returns epoch ms, by the server's clock; null: nobody knows, or the byte has not come */
  timeAt(position: number): number | null {
    return position < this.#position ? this.#heard.timeAt(position) : null
  }

  /** @returns the offset in the line's log; null: it is not in there, or nobody knows where */
  offsetAt(position: number): number | null {
    return this.#inLog ? this.streamOffsetAt(position) : null
  }

  /** @returns the offset in what the relay tells this page; null: it is of an earlier stream, or there is no relay */
  streamOffsetAt(position: number): number | null {
    const index = this.#parts.findLastIndex((part) => part.position <= position)
    const part = this.#parts[index]
    if (!part || part.stream !== this.#stream) return null
    const offset = part.offset + position - part.position
    // Where the page had more than was kept, others have these offsets now.
    return this.#parts.slice(index + 1).reduce((least, later) => Math.min(least, later.offset), offset)
  }

  /** Rows before this position are gone. */
  forget(position: number): void {
    this.#heard.forget(position)
  }

  /** Where a byte of the stream that the page has now is; null: the page has nothing that is so old. */
  positionAt(offset: number): number | null {
    const part = this.#parts.findLast((one) => one.offset <= offset && one.stream === this.#stream)
    return part ? part.position + offset - part.offset : null
  }

  #positionOf(offset: number): number | null {
    return this.positionAt(offset) ?? this.#parts[0]?.position ?? null
  }
}
