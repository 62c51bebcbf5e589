import { Lines, MAX_LINE } from '../../../shared/lines/lines.ts'

/**
 * Colours, "erase to the end of the row", and "ASCII again", which `tput sgr0` prints. They change no text where nothing
 * else moves the cursor, so the scan passes over them by itself.
 */
const HARMLESS = /\x1b(?:\[[\d;:]*m|\[0?K|\(B)/g
const CONTROL = /[\x00-\x1f\x7f-\x9f]/

const ESC = 0x1b

/** @returns the index after the harmless sequence that begins at `at`, or 0 if it is another one */
export function endOfHarmless(bytes: Uint8Array, at: number): number {
  const second = bytes[at + 1]
  if (second === 0x28) return bytes[at + 2] === 0x42 ? at + 3 : 0
  if (second !== 0x5b) return 0
  for (let index = at + 2; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    if (byte >= 0x30 && byte <= 0x3b) continue
    if (byte === 0x6d) return index + 1
    const erasesRest = byte === 0x4b && (index === at + 2 || (index === at + 3 && bytes[at + 2] === 0x30))
    return erasesRest ? index + 1 : 0
  }
  return 0
}

/** The first byte at or after `at` that no harmless sequence has. */
export function skipHarmless(bytes: Uint8Array, at: number): number {
  let index = at
  while (bytes[index] === ESC) {
    const end = endOfHarmless(bytes, index)
    if (end === 0) return index
    index = end
  }
  return index
}

/** Takes the harmless sequences out of a text. */
export const withoutColours = (text: string): string =>
  text.includes('\x1b') ? text.replace(HARMLESS, '') : text

/** The lines of plain text that came of a line's bytes, which end before its line feed. Mostly it is one. */
export function plainLines(bytes: Buffer): string[] {
  const text = bytes.toString()
  const bare = withoutColours(text).replace(/\r+$/, '')
  if (bare.length < MAX_LINE && !CONTROL.test(bare)) return [bare]
  const plain: string[] = []
  const lines = new Lines((line) => plain.push(line.text))
  lines.push(text, 0)
  lines.end(0)
  return plain
}
