const SMALLEST = 4 * 1024

/**
 * The last bytes of a stream, by their absolute offsets. It grows with what it holds, up to its capacity, so an idle
 * line costs little memory.
 */
export class RingBuffer {
  #bytes = Buffer.alloc(0)
  #end = 0
  #kept = 0

  /** @param capacity bytes, at least 1 */
  constructor(readonly capacity: number) {}

  /** The offset of the oldest byte that is kept. */
  get start(): number {
    return this.#end - this.#kept
  }

  /** The offset of the byte that comes next. */
  get end(): number {
    return this.#end
  }

  append(bytes: Buffer): void {
    this.#grow(Math.min(this.capacity, this.#kept + bytes.length))
    const size = this.#bytes.length
    // A piece larger than the buffer leaves only its end.
    const tail = bytes.length > size ? bytes.subarray(bytes.length - size) : bytes
    this.#end += bytes.length
    this.#kept = Math.min(size, this.#kept + bytes.length)
    const at = (this.#end - tail.length) % size
    const first = Math.min(tail.length, size - at)
    tail.copy(this.#bytes, at, 0, first)
    tail.copy(this.#bytes, 0, first)
  }

  /**
   * @param from an offset between `start` and `end`
   * @returns a copy of at most `most` bytes from there on
   */
  read(from: number, most: number): Buffer {
    if (from < this.start || from > this.#end) throw new RangeError(`Offset ${from} is not kept.`)
    const length = Math.min(most, this.#end - from)
    const copy = Buffer.allocUnsafeSlow(length)
    const size = this.#bytes.length
    const at = size === 0 ? 0 : from % size
    const first = Math.min(length, size - at)
    this.#bytes.copy(copy, 0, at, at + first)
    this.#bytes.copy(copy, first, 0, length - first)
    return copy
  }

  #grow(needed: number): void {
    if (needed <= this.#bytes.length) return
    const kept = this.read(this.start, this.#kept)
    const start = this.start
    const size = Math.min(this.capacity, Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(needed))))
    this.#bytes = Buffer.alloc(size)
    const at = start % size
    const first = Math.min(kept.length, size - at)
    kept.copy(this.#bytes, at, 0, first)
    kept.copy(this.#bytes, 0, first)
  }
}
