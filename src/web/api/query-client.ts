import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { failureOf } from './client.ts'
import { signInQuery } from './queries.ts'

/** When any answer says that nobody is signed in, the sign-in is asked for again at once, and the gate acts on it. */
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
