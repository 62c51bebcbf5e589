import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { signOut } from '../api/client.ts'
import { forgetUser, signInQuery } from '../api/queries.ts'
import { tellSignInChanged } from '../api/sign-in-news.ts'

/** Signs out here, or everywhere. Then it leads to the provider's own sign-out page, or to our sign-in page. */
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
      // The old sign-in is forgotten first. Otherwise the sign-in page would lead straight back.
      void client.resetQueries(signInQuery())
      await navigate({ to: '/sign-in' })
      await forgetUser(client)
    },
  })
}
