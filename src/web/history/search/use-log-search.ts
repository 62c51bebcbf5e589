import { useEffect, useState, useSyncExternalStore } from 'react'
import { type LogSearch, LogSearchEvent } from '../../../shared/log-search.ts'
import { callLines, failureOf } from '../../api/client.ts'
import { LogSearching } from './log-searching.ts'

/** A search that ends with the page. @param pathOf where it is asked for; it stays what it was at first */
export function useLogSearch(pathOf: (query: LogSearch) => string) {
  const [searching] = useState(
    () =>
      new LogSearching({
        ask: (query, before, signal) => callLines(pathOf({ ...query, before }), LogSearchEvent, signal),
        failureOf,
      }),
  )
  useEffect(() => () => searching.close(), [searching])
  const state = useSyncExternalStore(searching.subscribe, searching.state)
  return { searching, state }
}
