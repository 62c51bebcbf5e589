import { useQueryClient } from '@tanstack/react-query'
import { forgetUser, signInQuery } from '../api/queries.ts'
import { tellSignInChanged } from '../api/sign-in-news.ts'

/** After what changes who is signed in, or what they see: nothing of before is shown, and every tab asks anew. */
export function useSignInChanged(): () => Promise<void> {
  const client = useQueryClient()
  return async () => {
    await forgetUser(client)
    tellSignInChanged()
    await client.invalidateQueries(signInQuery())
  }
}
