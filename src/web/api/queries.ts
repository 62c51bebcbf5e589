import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { retriesByItself } from '../../shared/cause.ts'
import type { CurrentUser } from '../../shared/user.ts'
import { about, failureOf, getServer, listServers, projectOffer, signInState } from './client.ts'

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

const SIGN_IN_KEY = 'sign-in'

/** Who is signed in. That it is asked again and again is the gate's work: one asker for all that show it. */
export const signInQuery = () =>
  queryOptions({
    queryKey: [SIGN_IN_KEY],
    queryFn: ({ signal }) => signInState(signal),
    staleTime: 30_000,
    refetchOnWindowFocus: false,
    retry,
  })

/** Who is signed in; undefined while that is not known, or nobody is. */
export function useUser(): CurrentUser | undefined {
  const { data } = useQuery(signInQuery())
  return data?.state === 'signed-in' ? data.user : undefined
}

/** What may be chosen changes in the cloud: each chooser asks anew. */
export const projectsQuery = () =>
  queryOptions({
    queryKey: ['projects'],
    queryFn: ({ signal }) => projectOffer(signal),
    staleTime: 0,
    gcTime: 0,
    retry,
  })

/** What one person was shown is not for the next. */
export const forgetUser = (client: QueryClient) =>
  client.resetQueries({ predicate: ({ queryKey: [first] }) => first !== SIGN_IN_KEY && first !== 'about' })
