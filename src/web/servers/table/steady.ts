import type { Server } from '../../../shared/server.ts'

/** The rows as they are shown. A refresh may have to wait. */
export interface Shown {
  rows: readonly Server[]
  /** Shown, although the cloud no longer lists them: without them the rows below would move up. */
  gone: ReadonlySet<string>
  /** What waits for being shown */
  waiting: Waiting | null
}

interface Waiting {
  rows: readonly Server[]
  added: number
  gone: number
}

/** What must not move: the rows in the window, or one row. Null: anything may, as nobody points at it. */
export type Hold = { first: number; end: number } | null

const none: ReadonlySet<string> = new Set()
export const asGiven = (rows: readonly Server[]): Shown => ({ rows, gone: none, waiting: null })

/**
 * Takes in what a refresh brought. It is shown at once if the held rows keep their places to each other and the page can
 * scroll by the difference. Otherwise the rows keep their order, with their new values, until nobody points at them.
 * @param mayScroll whether the page can scroll by so many rows
 */
export function refreshed(
  shown: readonly Server[],
  fresh: readonly Server[],
  hold: Hold,
  mayScroll: (rows: number) => boolean,
): Shown {
  if (hold === null || keeps(shown, fresh, hold, mayScroll)) return asGiven(fresh)
  const now = new Map(fresh.map((server) => [server.id, server]))
  const gone = new Set<string>()
  const rows = shown.map((server) => {
    const next = now.get(server.id)
    if (!next) gone.add(server.id)
    return next ?? server
  })
  const added = fresh.length - (rows.length - gone.size)
  return { rows, gone, waiting: { rows: fresh, added, gone: gone.size } }
}

function keeps(
  shown: readonly Server[],
  fresh: readonly Server[],
  { first, end }: { first: number; end: number },
  mayScroll: (rows: number) => boolean,
): boolean {
  const id = shown[first]?.id
  if (id === undefined) return true
  const begin = fresh[first]?.id === id ? first : fresh.findIndex((server) => server.id === id)
  if (begin < 0 || !mayScroll(begin - first)) return false
  for (let index = first + 1; index < end; index++) {
    const next = fresh[begin + index - first]
    // Below the last row there is nothing that could move.
    if (index >= shown.length) return true
    if (next?.id !== shown[index]?.id) return false
  }
  return true
}
