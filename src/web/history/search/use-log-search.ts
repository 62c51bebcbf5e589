import { useEffect, useState, useSyncExternalStore } from 'react'
import { paths } from '../../../shared/api.ts'
import { LogSearchEvent } from '../../../shared/log-search.ts'
import { callLines, failureOf } from '../../api/client.ts'
import { LogSearching } from './log-searching.ts'

/** The search in a server's log. It ends with the page. */
export function useLogSearch(serverId: string) {
  const [searching] = useState(
    () =>
      new LogSearching({
        ask: (query, before, signal) =>
          callLines(paths.lineLogSearch(serverId, { ...query, before }), LogSearchEvent, signal),
        failureOf,
      }),
  )
  useEffect(() => () => searching.close(), [searching])
  const state = useSyncExternalStore(searching.subscribe, searching.state)
  return { searching, state }
}
