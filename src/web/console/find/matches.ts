/** A place in a row's text */
export interface Spot {
  row: number
  from: number
}

/** A match, which may go over several rows of a long line. */
export interface Match extends Spot {
  toRow: number
  /** The place after its last character, in `toRow` */
  to: number
}

/** @returns the index of the first match that begins here or later */
export function atOrAfter(matches: readonly Match[], { row, from }: Spot): number {
  let low = 0
  let high = matches.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const match = matches[middle]
    if (match && (match.row < row || (match.row === row && match.from < from))) low = middle + 1
    else high = middle
  }
  return low
}
