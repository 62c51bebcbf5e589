import type { Older } from '../older/older.ts'
import type { RowMap } from '../terminal/row-map.ts'
import type { LineTimes } from '../times/line-times.ts'

/** Names a line of a server's output, for another person or another day. */
export interface LineLink {
  /** The offset of its first byte */
  at: number
  /** The session in which that counts; null: the line's log, which outlives sessions */
  session: string | null
}

/** The parts of an open console that know its lines */
export interface LinesHere {
  rows: Pick<RowMap, 'beginOf' | 'rowAt' | 'here' | 'oldest'>
  times: Pick<LineTimes, 'offsetAt' | 'streamOffsetAt' | 'positionAt' | 'inLog'>
  older: Pick<Older, 'join'>
  /** The relay's session; null: none has let us in */
  session: string | null
}

/**
 * @param row of the normal screen, counted from the oldest one above it
 * @returns null: nobody shares offsets with this page, or it does not know where the row begins
 */
export function linkTo(row: number, { rows, times, session }: LinesHere): LineLink | null {
  const begin = rows.beginOf(row)
  if (begin === null || session === null) return null
  const at = times.streamOffsetAt(begin)
  if (at === null) return null
  return { at, session: times.inLog ? null : session }
}

type Found =
  /** It may still come: this page has not joined, or has not drawn it yet. */
  | { kind: 'waits' }
  | { kind: 'row'; row: number }
  /** The terminal has nothing that is so old. The log may have it. */
  | { kind: 'older' }
  /** It is of a session that has ended, and nothing outlived that. */
  | { kind: 'gone' }

/** Where the line is that a link names. */
export function findLine(link: LineLink, { rows, times, older, session }: LinesHere): Found {
  if (session === null) return { kind: 'waits' }
  if (link.session === null ? !times.inLog : link.session !== session) return { kind: 'gone' }
  const position = times.positionAt(link.at)
  if (position === null) {
    if (link.session !== null) return { kind: 'gone' }
    return { kind: older.join ? 'older' : 'waits' }
  }
  if (!rows.oldest || rows.here < position) return { kind: 'waits' }
  const row = rows.rowAt(position)
  if (row !== null) return { kind: 'row', row }
  return link.session === null ? { kind: 'older' } : { kind: 'gone' }
}
