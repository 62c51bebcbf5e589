import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { signOut } from '../api/client.ts'
import { forgetUser, signInQuery } from '../api/queries.ts'
import { tellSignInChanged } from '../api/sign-in-news.ts'

/** Ends this browser's sign-in, or all of the user's; then the provider's own end, or the sign-in page. */
export function useSignOut() {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (everywhere: boolean) => signOut({ everywhere }),
    onSuccess: async ({ continueAt }) => {
      tellSignInChanged()
      if (continueAt !== null) {
        location.assign(continueAt)
        return
      }
      // What was known of the sign-in goes first: the page must not lead back to where it still seems to hold.
      void client.resetQueries(signInQuery())
      await navigate({ to: '/sign-in' })
      await forgetUser(client)
    },
  })
}
