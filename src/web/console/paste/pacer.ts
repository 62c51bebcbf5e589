/** Bytes in a burst. A 16550A's FIFO holds 16 and a tty's input queue 4096; this stays well below the second. */
const CHUNK_BYTES = 256
/** A 115200 baud line carries 11,520 characters a second. A slower pace leaves room for the echo. */
const BYTES_PER_SECOND = 8_000

/** Splits a paste into bursts that a serial line can take. It has no timer: its owner asks for each burst. */
export class PastePacer {
  readonly #bytes: Uint8Array<ArrayBuffer>
  #sent = 0

  constructor(text: string) {
    this.#bytes = new TextEncoder().encode(text)
  }

  get progress(): { sent: number; total: number } {
    return { sent: this.#sent, total: this.#bytes.length }
  }

  /** @returns the next burst and how long to wait after it, in ms; null when all is sent */
  next(): { bytes: Uint8Array<ArrayBuffer>; wait: number } | null {
    if (this.#sent >= this.#bytes.length) return null
    let end = Math.min(this.#bytes.length, this.#sent + CHUNK_BYTES)
    // Never cut inside a character: bytes 10xxxxxx continue one.
    while (end < this.#bytes.length && ((this.#bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
    const bytes = this.#bytes.slice(this.#sent, end)
    this.#sent = end
    return { bytes, wait: (bytes.length / BYTES_PER_SECOND) * 1000 }
  }
}
