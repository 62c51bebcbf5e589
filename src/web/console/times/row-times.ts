import type { RowMap } from '../terminal/row-map.ts'
import type { LineTimes } from './line-times.ts'

/** A line of which nothing came for so long before it stands out. */
export const SILENT_MS = 10_000
/** The line before the first one in view is looked for so far above it. */
const FARTHEST = 200

/** When a line began to come, epoch ms, and how long after the one before it; null: nobody knows. */
export interface RowTime {
  time: number
  sinceMs: number | null
}

/**
 * @returns for each row in view the time of the line that begins there; null: none does, or nobody knows. Wrapped and
 * blank rows have none.
 */
export function rowTimes(
  rows: Pick<RowMap, 'shown' | 'lineAt'>,
  times: Pick<LineTimes, 'timeAt'>,
): (RowTime | null)[] {
  const { shown } = rows
  if (!shown) return []
  const timeOf = (row: number): number | null => {
    const at = rows.lineAt(row)
    return at === null ? null : times.timeAt(at)
  }
  let before: number | null = null
  for (let row = shown.top - 1; before === null && row >= Math.max(0, shown.top - FARTHEST); row--)
    before = timeOf(row)
  return Array.from({ length: shown.rows }, (_, index) => {
    const time = timeOf(shown.top + index)
    if (time === null) return null
    const sinceMs = before === null ? null : time - before
    before = time
    return { time, sinceMs }
  })
}

/** Writes ms as `+0.4`, `+12`, `+3:20` or `+1:02:03`: no more exact than it is known. */
export function since(ms: number): string {
  const sign = ms < 0 ? '−' : '+'
  const tenths = Math.round(Math.abs(ms) / 100)
  if (tenths < 100) return `${sign}${Math.floor(tenths / 10)}.${tenths % 10}`
  const seconds = Math.round(tenths / 10)
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${sign}${seconds}`
  if (minutes < 60) return `${sign}${minutes}:${two(seconds % 60)}`
  return `${sign}${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}
