import { useEffect } from 'react'
import type { Server } from '../../shared/server.ts'
import { rankServers } from './model/select.ts'
import type { SortColumn } from './model/sort.ts'

/** A shorter list is sorted at once. */
const LONG = 1_000
/** The longest of them, names, takes 23 ms for 10,000 servers. Who types meanwhile waits for one at most. */
const PAUSE_MS = 100

/**
 * Ranks a long list by each column that is shown, while the page is idle: that is most of what a first sort takes. Not
 * all browsers tell when they are idle.
 * @param servers null: the list is not whole
 * @param rank always the same function
 */
export function useEarlyRanks(
  servers: readonly Server[] | null,
  columns: readonly SortColumn[],
  rank = rankServers,
): void {
  const names = columns.join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names are the columns
  useEffect(() => {
    if (!servers || servers.length < LONG) return
    const left = [...columns]
    let timer: ReturnType<typeof setTimeout>
    let idle = 0
    const rankNext = () => {
      const column = left.shift()
      if (column === undefined) return
      rank(servers, column)
      timer = setTimeout(next, PAUSE_MS)
    }
    const next = () => {
      if ('requestIdleCallback' in window) idle = requestIdleCallback(rankNext)
      else rankNext()
    }
    timer = setTimeout(next, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      if (idle) cancelIdleCallback(idle)
    }
  }, [servers, names])
}
