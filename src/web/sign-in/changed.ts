import { useQueryClient } from '@tanstack/react-query'
import { forgetUser, signInQuery } from '../api/queries.ts'
import { tellSignInChanged } from '../api/sign-in-news.ts'

/** Call it after a change of user or projects. Nothing older is shown any more, and every tab asks again. */
export function useSignInChanged(): () => Promise<void> {
  const client = useQueryClient()
  return async () => {
    await forgetUser(client)
    tellSignInChanged()
    await client.invalidateQueries(signInQuery())
  }
}
