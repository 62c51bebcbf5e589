/** The cells of all rows, counted row by row. */
export interface Cells {
  cols: number
  /** The character; an empty text is the second half of a wide one. */
  charAt(cell: number): string
  /** The row goes on with the line of the row above it. */
  isWrapped(row: number): boolean
}

/** From the first cell up to the one after the last. */
export interface CellRange {
  start: number
  end: number
}

/** What paths, addresses, options and names of devices are made of. */
const partOfWord = /^[\p{L}\p{N}\p{M}_\-./:@~+%#=]*$/u

/** A line may be longer than anybody selects with a finger. */
const MOST = 2_000

/** The word that has this cell; the cell alone, where there is none. A word may go over several rows. */
export function wordAt(cell: number, { cols, charAt, isWrapped }: Cells): CellRange {
  const inWord = (at: number) => partOfWord.test(charAt(at))
  const goesOn = (at: number) => at % cols !== 0 || isWrapped(at / cols)
  let [start, end] = [cell, cell + 1]
  if (!inWord(cell)) return { start, end }
  while (start > 0 && cell - start < MOST && goesOn(start) && inWord(start - 1)) start--
  while (end - cell < MOST && goesOn(end) && inWord(end)) end++
  return { start, end }
}
