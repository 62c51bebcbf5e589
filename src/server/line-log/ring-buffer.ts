/** Pages begin small, so that an idle line costs little memory, and end at what a socket hands over at once. */
const SMALLEST_PAGE = 512
const LARGEST_PAGE = 64 * 1024
/** From this size on, bytes are kept as they came. Copying them costs a tenth of what relaying them costs. */
const LARGE = 16 * 1024

/** Bytes of the stream that lie together in memory. */
interface Piece {
  /** Their offset in the stream */
  at: number
  memory: Buffer
  /** Where they begin in `memory` */
  from: number
  length: number
}

/**
 * The last bytes of a stream, by their absolute offsets. It grows with what it holds, up to its capacity and one page.
 * Large buffers are kept, small ones are copied into pages. What was written once is never overwritten, so a reader
 * needs no copy.
 */
export class RingBuffer {
  #pieces: Piece[] = []
  #capacity: number
  /** Nothing before this offset is kept, however much room there is. */
  #begin: number
  #end: number
  #page = Buffer.alloc(0)
  #used = 0

  /** @param capacity bytes, at least 1 @param begin the offset of the byte that comes first */
  constructor(capacity: number, begin = 0) {
    this.#capacity = capacity
    this.#begin = begin
    this.#end = begin
  }

  /** The offset of the oldest byte that is kept. */
  get start(): number {
    return Math.max(this.#begin, this.#end - this.#capacity)
  }

  /** The offset of the byte that comes next. */
  get end(): number {
    return this.#end
  }

  /** @param bytes the ring may keep the buffer, so nobody may change it afterwards */
  append(bytes: Buffer): void {
    // A small part of a large buffer would keep all of it in memory.
    if (bytes.length >= LARGE && bytes.length * 2 > bytes.buffer.byteLength) this.#add(bytes, 0, bytes.length)
    else this.#copy(bytes)
    this.#drop()
  }

  /** Changes how much is kept. What is dropped does not come back with the room. */
  resize(capacity: number): void {
    this.#begin = this.start
    this.#capacity = capacity
    this.#drop()
  }

  /** Puts bytes before the oldest that is kept. */
  prepend(bytes: Buffer): void {
    const { start } = this
    const first = this.#pieces[0]
    // The oldest piece may begin before what still counts.
    if (first && first.at < start) {
      const skipped = start - first.at
      this.#pieces[0] = { ...first, at: start, from: first.from + skipped, length: first.length - skipped }
    }
    this.#begin = start - bytes.length
    this.#pieces.unshift({ at: this.#begin, memory: bytes, from: 0, length: bytes.length })
    this.#drop()
  }

  /**
   * @param from an offset between `start` and `end`
   * @returns bytes from there on: at most `most`, and at least one if there is any. They may be fewer than `most`,
   * because they lie in one piece. Nobody may change them.
   */
  read(from: number, most: number): Buffer {
    if (from < this.start || from > this.#end) throw new RangeError(`Offset ${from} is not kept.`)
    const piece = this.#pieceOf(from)
    if (!piece) return Buffer.alloc(0)
    const skipped = from - piece.at
    const begin = piece.from + skipped
    return piece.memory.subarray(begin, begin + Math.min(most, piece.length - skipped))
  }

  #drop(): void {
    const { start } = this
    while (this.#pieces[0] && this.#pieces[0].at + this.#pieces[0].length <= start) this.#pieces.shift()
  }

  #copy(bytes: Buffer): void {
    let copied = 0
    while (copied < bytes.length) {
      if (this.#used === this.#page.length) this.#turnPage()
      const length = bytes.copy(this.#page, this.#used, copied)
      this.#add(this.#page, this.#used, length)
      this.#used += length
      copied += length
    }
  }

  /** Each page is as long as all that is kept, so memory doubles at most. */
  #turnPage(): void {
    const kept = this.#end - this.start
    this.#page = Buffer.alloc(Math.min(LARGEST_PAGE, Math.max(SMALLEST_PAGE, kept)))
    this.#used = 0
  }

  #add(memory: Buffer, from: number, length: number): void {
    const last = this.#pieces.at(-1)
    if (last?.memory === memory && last.from + last.length === from) last.length += length
    else if (length > 0) this.#push({ at: this.#end, memory, from, length })
    this.#end += length
  }

  /** A list that is written down has room for no more than is in it. Most lines have one piece. */
  #push(piece: Piece): void {
    if (this.#pieces.length === 0) this.#pieces = [piece]
    else this.#pieces.push(piece)
  }

  #pieceOf(offset: number): Piece | undefined {
    let low = 0
    let high = this.#pieces.length
    while (low < high) {
      const middle = (low + high) >> 1
      const piece = this.#pieces[middle]
      if (piece && piece.at + piece.length <= offset) low = middle + 1
      else high = middle
    }
    return this.#pieces[low]
  }
}
