/** Bytes in a burst. A 16550A's FIFO holds 16 and a tty's input queue 4096; this stays well below the second. */
const BURST_BYTES = 256
/** A 115200 baud line carries 11,520 characters a second. A slower pace leaves room for the echo. */
const BYTES_PER_SECOND = 8_000

/** How long a serial line needs for so many bytes, ms. */
export const paceOf = (bytes: number) => (bytes / BYTES_PER_SECOND) * 1000

/** The next burst of a text, from the byte `from` on. It never ends inside a character. */
export function burstOf(text: Uint8Array<ArrayBuffer>, from: number): Uint8Array<ArrayBuffer> {
  let end = Math.min(text.length, from + BURST_BYTES)
  // Bytes 10xxxxxx continue a character.
  while (end < text.length && ((text[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return text.slice(from, end)
}
