import type { LinesHere } from '../links/line-link.ts'

/** A line of the terminal that a person may mark */
export interface LineHere {
  /** The row with which it begins, counted from the oldest one of the normal screen */
  row: number
  /** The relay's offset of its first byte */
  at: number
}

/** @returns null: the row is blank or of a full-screen program, or nobody knows where its line begins */
export function lineOfRow(
  row: number | null,
  { rows, times }: Pick<LinesHere, 'rows' | 'times'>,
): LineHere | null {
  const position = row === null ? null : rows.beginOf(row)
  if (position === null) return null
  const at = times.streamOffsetAt(position)
  const first = rows.rowAt(position)
  return at === null || first === null ? null : { row: first, at }
}

/** @returns the row of the line that begins at the relay's offset; null: the terminal does not have it any more */
export function rowOf(at: number, { rows, times }: Pick<LinesHere, 'rows' | 'times'>): number | null {
  const position = times.positionAt(at)
  return position === null ? null : rows.rowAt(position)
}
