import type { DisplayRow } from '../../history/display-rows.ts'
import { widthOf } from '../terminal/widths.ts'

/** Wraps lines as a terminal of so many columns does. */
export function wrapLines(rows: readonly DisplayRow[], columns: number): DisplayRow[] {
  return rows.flatMap((row): DisplayRow[] => {
    if (row.kind !== 'line') return [row]
    const [first, ...more] = wrap(row.line.text, columns)
    if (first === undefined || more.length === 0) return [row]
    return [
      { ...row, text: first },
      ...more.map((text, index) => ({ kind: 'more' as const, key: `${row.key} +${index + 1}`, text })),
    ]
  })
}

/** A character that takes two columns is not cut: it begins the next row. Marks stay with the character before them. */
export function wrap(text: string, columns: number): string[] {
  // No character takes more columns than two, nor an ASCII one more than one.
  if (text.length * 2 <= columns) return [text]
  if (text.length <= columns && /^[ -~]*$/.test(text)) return [text]
  const rows: string[] = []
  let begin = 0
  let end = 0
  let column = 0
  for (const character of text) {
    const width = widthOf(character.codePointAt(0) ?? 0)
    if (width > 0 && column + width > columns && end > begin) {
      rows.push(text.slice(begin, end))
      begin = end
      column = 0
    }
    column += width
    end += character.length
  }
  rows.push(text.slice(begin))
  return rows
}
