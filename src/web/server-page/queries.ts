import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ServerActivity } from '../../shared/server-activity.ts'
import { ServerAttachments } from '../../shared/server-attachments.ts'
import { DescribedDetail } from '../../shared/server-facts.ts'
import { call } from '../api/client.ts'
import { paths } from '../api/paths.ts'
import { retry, serverQuery } from '../api/queries.ts'

/** All that the cloud says of the server. Parts that ask for the server alone get the same answer. */
export const describedQuery = (id: string) =>
  queryOptions({
    queryKey: [...serverQuery(id).queryKey, 'described'],
    queryFn: async ({ signal, client }) => {
      const detail = await call(paths.server(id), DescribedDetail, 'GET', signal)
      client.setQueryData(serverQuery(id).queryKey, detail.server)
      return detail
    },
    staleTime: 10_000,
    // An operation that is under way has ended soon, and nobody should read its state for long after that.
    refetchInterval: ({ state }) => (state.data?.server.task ? 5_000 : 30_000),
    retry,
  })

/** Cards and volumes cost the cloud calls of their own, and seldom change. So they are asked for once a minute at most. */
export const attachmentsQuery = (id: string) =>
  queryOptions({
    queryKey: [...serverQuery(id).queryKey, 'attachments'],
    queryFn: ({ signal }) => call(paths.attachments(id), ServerAttachments, 'GET', signal),
    staleTime: 60_000,
    retry,
  })

/** @param take how many visits, and how many power actions */
export const activityQuery = (id: string, take: number) =>
  queryOptions({
    queryKey: [...serverQuery(id).queryKey, 'activity', take],
    queryFn: ({ signal }) => call(paths.activity(id, take), ServerActivity, 'GET', signal),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    refetchInterval: 20_000,
    retry,
  })
