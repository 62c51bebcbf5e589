/** A character of a screen, and the words of its look, as `screenText` has them; plain text has none. */
interface ScreenCell {
  text: string
  columns: 1 | 2
  look: string
}

export interface BaselineScreen {
  /** From 1, as a terminal reports it */
  cursor: { column: number; row: number }
  rows: readonly (readonly ScreenCell[])[]
}

const WIDE = /[\u3000-\u9fff]|\p{Emoji_Presentation}/u

/** Reads what `screenText` wrote. */
export function readBaseline(baseline: string): BaselineScreen {
  const lines = baseline.split('\n')
  const looks = new Map([['.', '']])
  for (const line of lines) {
    const [, letter, look] = /^(\w): (.*)$/.exec(line) ?? []
    if (letter && look) looks.set(letter, look)
  }
  const pairs = lines.filter((line) => line.startsWith('|')).map((line) => line.slice(1, -1))
  const rows: ScreenCell[][] = []
  for (let at = 0; at < pairs.length; at += 2) rows.push(cellsOf(pairs[at] ?? '', pairs[at + 1] ?? '', looks))
  const [, column, row] = /^cursor (\d+) (\d+)/.exec(baseline) ?? []
  return { cursor: { column: Number(column), row: Number(row) }, rows }
}

function cellsOf(text: string, letters: string, looks: ReadonlyMap<string, string>): ScreenCell[] {
  const cells: ScreenCell[] = []
  let column = 0
  for (const character of text) {
    const columns = WIDE.test(character) ? 2 : 1
    cells.push({ text: character, columns, look: looks.get(letters.charAt(column)) ?? 'unknown' })
    column += columns
  }
  return cells
}
