import type { LogPage, LogRow } from '../../shared/line-log.ts'

/** The part of a log that the page has: rows without a hole between them. */
export interface LogWindow {
  rows: readonly LogRow[]
  /** The cursor of what is before; null: nothing is kept. */
  before: number | null
  /** The cursor of what comes after. Rows that are not before it may still change. */
  after: number
  atEnd: boolean
}

/** The page keeps no more rows than this. The others load again when they are scrolled to. */
const MOST_ROWS = 20_000

/** Whether the row is settled: what follows it cannot change it. */
const isBefore = (row: LogRow, cursor: number): boolean =>
  row.type === 'mark' ? row.offset < cursor : row.end !== null && row.end <= cursor

/** @param page the one after the window */
export function withNewer(window: LogWindow, page: LogPage, most = MOST_ROWS): LogWindow {
  const rows = [...window.rows.filter((row) => isBefore(row, window.after)), ...page.rows]
  const joined = { rows, before: window.before, after: page.after, atEnd: page.atEnd }
  if (rows.length <= most) return joined
  const cut = placeNear(rows, rows.length - most)
  return cut === null ? joined : { ...joined, rows: rows.filter((row) => !isBefore(row, cut)), before: cut }
}

/** @param page the one before the window */
export function withOlder(window: LogWindow, page: LogPage, most = MOST_ROWS): LogWindow {
  const rows = [...page.rows, ...window.rows]
  const joined = { ...window, rows, before: page.before }
  if (rows.length <= most) return joined
  const cut = placeNear(rows, most)
  if (cut === null) return joined
  return { rows: rows.filter((row) => isBefore(row, cut)), before: page.before, after: cut, atEnd: false }
}

/** @returns the end of the last settled line above this row: a cursor that parts the rows there, or a little above */
function placeNear(rows: readonly LogRow[], index: number): number | null {
  for (let at = index - 1; at >= 0; at--) {
    const row = rows[at]
    if (row?.type === 'line' && row.end !== null) return row.end
  }
  return null
}
