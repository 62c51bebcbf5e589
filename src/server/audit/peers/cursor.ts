import type { AuditFilter } from '../../../shared/audit.ts'

/** Where a search in several logs goes on */
export interface JoinedCursor {
  /** The oldest event that was found, epoch ms. What a log has that was not looked at begins here, too. */
  time: number
  /** Each other log's own cursor, by its name */
  places: ReadonlyMap<string, string>
}

export const cursorText = ({ time, places }: JoinedCursor) =>
  [`t${time}`, ...[...places].map(([name, cursor]) => `${name}:${cursor}`)].join('~')

/**
 * Where a search goes on in one log
 * @param before an `AuditCursor`, of this log alone or of several
 * @param name the log's
 */
export function placeIn(
  name: string | null,
  before: string | null,
  filter: AuditFilter,
): { filter: AuditFilter; before: string | null } {
  const cursor = before === null ? null : joinedCursor(before)
  if (cursor === null) return { filter, before }
  const place = name === null ? undefined : cursor.places.get(name)
  if (place !== undefined) return { filter, before: place }
  return { filter: notAfter(cursor.time, filter), before: null }
}

/** @param time the newest that is found, epoch ms */
export function notAfter(time: number, filter: AuditFilter): AuditFilter {
  const to = filter.to ? Math.min(time + 1, Date.parse(filter.to)) : time + 1
  return { ...filter, to: new Date(to).toISOString() }
}

/** @returns null: it is one log's own */
export function joinedCursor(text: string): JoinedCursor | null {
  if (!text.startsWith('t')) return null
  const [time, ...places] = text.slice(1).split('~')
  return {
    time: Number(time),
    places: new Map(
      places.map((place) => {
        const colon = place.indexOf(':')
        return [place.slice(0, colon), place.slice(colon + 1)]
      }),
    ),
  }
}
