import { queryOptions } from '@tanstack/react-query'
import { LogPage, type LogPlace, LogSummary } from '../../shared/line-log.ts'
import { call } from '../api/client.ts'
import { paths } from '../api/paths.ts'
import { retry } from '../api/queries.ts'

/** Its boots are new every few minutes at most. Older ones are found one request after another. */
export const summaryQuery = (serverId: string) =>
  queryOptions({
    queryKey: ['line-log', serverId],
    queryFn: ({ signal }) => call(paths.lineLog(serverId), LogSummary, 'GET', signal),
    refetchInterval: ({ state }) => (state.data?.moreBoots ? 200 : 10_000),
    retry,
  })

export const readLines = (serverId: string, place: LogPlace, signal: AbortSignal) =>
  call(paths.lineLogLines(serverId, place), LogPage, 'GET', signal)
