import { queryOptions } from '@tanstack/react-query'
import { retriesByItself } from '../../shared/cause.ts'
import { about, failureOf, getServer, listServers } from './client.ts'

/** Once more where it can help; a refused permission is shown at once. */
export const retry = (count: number, error: unknown) => count < 1 && retriesByItself[failureOf(error).cause]

export const serversQuery = () =>
  queryOptions({
    queryKey: ['servers'],
    queryFn: ({ signal }) => listServers(signal),
    staleTime: 10_000,
    refetchInterval: 30_000,
    retry,
  })

export const serverQuery = (id: string) =>
  queryOptions({
    queryKey: ['servers', id],
    queryFn: ({ signal }) => getServer(id, signal),
    staleTime: 10_000,
    retry,
  })

export const aboutQuery = () =>
  queryOptions({
    queryKey: ['about'],
    queryFn: ({ signal }) => about(signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry,
  })
