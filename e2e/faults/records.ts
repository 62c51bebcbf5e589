/** Bytes of each record, its line end included. All are of one length: an offset tells which byte is right there. */
export const RECORD_BYTES = 176

/**
 * The stream's line of this number: the number, ten groups of a colour and a character each of 1, 2, 3 and 4 bytes,
 * and a checksum; 80 columns wide. It stands alone: its text also runs inside the page.
 */
export function recordOf(number: number): string {
  const characters = [
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
    ['č', 'é', 'ž', 'Ω', 'Ж', 'ß', '¢', 'ü'],
    ['日', '本', '語', '한', '글', '—', '┌', '│'],
    ['🚀', '😀', '𠀀', '🧪'],
  ]
  let state = Math.imul(number + 1, 2_654_435_761) >>> 0
  const pick = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 10) % below
  }
  let text = ''
  let sum = number
  for (let group = 0; group < 10; group++) {
    text += `\x1b[3${pick(8)}m`
    const first = pick(4)
    for (let turn = 0; turn < 4; turn++) {
      const set = characters[(first + turn) % 4] ?? []
      const character = set[pick(set.length)] ?? ''
      sum = (Math.imul(sum, 31) + (character.codePointAt(0) ?? 0)) >>> 0
      text += character
    }
  }
  return `#${String(number).padStart(9, '0')} ${text}\x1b[0m ${sum.toString(16).padStart(8, '0')}\r\n`
}

/** The record as a person reads it: without its colours and its line end. */
export const plainRecord = (number: number): string => recordOf(number).replace(/\x1b\[\d*m|\r\n/g, '')
