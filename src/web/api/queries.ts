import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { retriesByItself } from '../../shared/cause.ts'
import type { CurrentUser } from '../../shared/user.ts'
import { about, failureOf, getServer, projectOffer, signInState } from './client.ts'
import type { Listed } from './listed.ts'
import { readList, stopReading } from './read-list.ts'

/** Tries once more when that can help. A refused permission is shown at once. */
export const retry = (count: number, error: unknown) => count < 1 && retriesByItself[failureOf(error).cause]

/** The server has said that it will be back. */
export const isRestart = (error: unknown) => error !== null && failureOf(error).cause === 'proxy-restarting'

/** Pages whose next list must be as new as the question. */
const asksAnew = new WeakSet<QueryClient>()

/**
 * All servers, as they come. The server answers with a list that is some seconds old, except at the page's first
 * question and after `listAnew`. Later it tells only what has changed.
 */
export const serversQuery = () =>
  queryOptions({
    queryKey: ['servers'],
    // It takes no `signal`: with it, the list would be given up when a person leaves the page.
    queryFn: ({ client, queryKey }) => {
      const last = client.getQueryData<Listed>(queryKey)
      const anew = asksAnew.delete(client) || !last?.version
      return readList(client, last, anew, (listed) => client.setQueryData(queryKey, listed))
    },
    // The list keeps what is equal itself: a comparison of 10,000 servers takes long.
    structuralSharing: false,
    // Who comes back from an hour in a console finds it as it was.
    gcTime: Number.POSITIVE_INFINITY,
    staleTime: 10_000,
    refetchInterval: 30_000,
    // Meanwhile the page says so (`failureReason`), which is no error.
    retry: (count, error) => isRestart(error) || retry(count, error),
  })

/** Has the list read anew: a person asks for it, or the page knows that it has changed. */
export function listAnew(client: QueryClient): Promise<void> {
  asksAnew.add(client)
  return client.invalidateQueries({ queryKey: serversQuery().queryKey, exact: true })
}

export const serverQuery = (id: string) =>
  queryOptions({
    queryKey: ['servers', id],
    queryFn: ({ signal }) => getServer(id, signal),
    staleTime: 10_000,
    retry,
  })

/** A server has changed. All that is shown of it is asked for anew; a page that is not shown asks when it is. */
export function serverAnew(client: QueryClient, id: string): Promise<void> {
  return client.invalidateQueries({ queryKey: serverQuery(id).queryKey })
}

export const aboutQuery = () =>
  queryOptions({
    queryKey: ['about'],
    queryFn: ({ signal }) => about(signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry,
  })

const SIGN_IN_KEY = 'sign-in'

/** Who is signed in. Only the gate asks again and again, for everything that shows the answer. */
export const signInQuery = () =>
  queryOptions({
    queryKey: [SIGN_IN_KEY],
    queryFn: ({ signal }) => signInState(signal),
    staleTime: 30_000,
    refetchOnWindowFocus: false,
    retry,
  })

/** Who is signed in. Undefined while that is unknown, and when nobody is. */
export function useUser(): CurrentUser | undefined {
  const { data } = useQuery(signInQuery())
  return data?.state === 'signed-in' ? data.user : undefined
}

/** The projects to choose from. They change in the cloud, so each chooser asks again. */
export const projectsQuery = () =>
  queryOptions({
    queryKey: ['projects'],
    queryFn: ({ signal }) => projectOffer(signal),
    staleTime: 0,
    gcTime: 0,
    retry,
  })

/** Drops what one user was shown, before the next one sees the page. */
export function forgetUser(client: QueryClient): Promise<void> {
  stopReading(client)
  return client.resetQueries({
    predicate: ({ queryKey: [first] }) => first !== SIGN_IN_KEY && first !== 'about',
  })
}
