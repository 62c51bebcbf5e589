import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { failureOf } from './client.ts'
import { signInQuery } from './queries.ts'

/** Where any answer says that nobody is signed in, who is signed in is asked at once: the gate acts on it. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (failureOf(error).cause === 'sign-in-needed') void client.invalidateQueries(signInQuery())
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
  })
  return client
}
