import { endOfHarmless, plainLines, withoutColours } from '../search/plain-line.ts'

const BACKSPACE = 0x08
const NEWLINE = 0x0a
const ESC = 0x1b

/**
 * The text that the index keeps of a block: what a person may look for. A colour inside of a word hides nothing, and a
 * line in which the cursor goes back or elsewhere is also there as it looks.
 * @returns bytes as characters
 */
export function indexedText(block: Buffer): string {
  const text = block.toString('latin1')
  if (!block.includes(ESC) && !block.includes(BACKSPACE)) return text
  return [withoutColours(text), ...drawnLines(block)].join('\n')
}

function drawnLines(block: Buffer): string[] {
  const found: string[] = []
  for (let start = 0; start < block.length; ) {
    const newline = block.indexOf(NEWLINE, start)
    const end = newline < 0 ? block.length : newline
    const line = block.subarray(start, end)
    if (isDrawn(line)) found.push(...plainLines(line).map((plain) => Buffer.from(plain).toString('latin1')))
    start = end + 1
  }
  return found
}

function isDrawn(line: Buffer): boolean {
  if (line.includes(BACKSPACE)) return true
  for (let at = line.indexOf(ESC); at >= 0; ) {
    const end = endOfHarmless(line, at)
    if (end === 0) return true
    at = line.indexOf(ESC, end)
  }
  return false
}
