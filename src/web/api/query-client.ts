import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { failureOf } from './client.ts'
import { isRestart, signInQuery } from './queries.ts'

/** A server that restarts is back in seconds. Its pages do not all come at the same moment. */
const retryDelay = (count: number, error: unknown) =>
  isRestart(error) ? 500 + 500 * Math.random() : Math.min(1_000 * 2 ** count, 30_000)

/** When any answer says that nobody is signed in, the sign-in is asked for again at once, and the gate acts on it. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (failureOf(error).cause === 'sign-in-needed') void client.invalidateQueries(signInQuery())
  }
  const client = new QueryClient({
    defaultOptions: { queries: { retryDelay } },
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
  })
  return client
}
