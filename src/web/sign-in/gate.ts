import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMatches, useNavigate, useRouter } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { forgetUser, signInQuery } from '../api/queries.ts'
import { onSignInChanged } from '../api/sign-in-news.ts'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** What the page does when nobody is signed in: leave for the sign-in page is what is not said. */
    signedOut?: 'stays' | 'keeps what it showed'
  }
}

const ASK_EVERY_MS = 60_000

/**
 * The one place that knows when a sign-in ends, begins or changes, in this tab or elsewhere, and leads to the sign-in
 * page. A page that keeps what it showed is left only when it has not shown anything.
 */
export function useSignInGate(): void {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { data } = useQuery({
    ...signInQuery(),
    refetchInterval: ASK_EVERY_MS,
    refetchOnWindowFocus: 'always',
  })
  const router = useRouter()
  const page = useMatches({ select: (matches) => matches.at(-1)?.staticData.signedOut })
  const path = useMatches({ select: (matches) => matches.at(-1)?.pathname })
  const wasSignedIn = useRef(false)
  const signedIn = data?.state === 'signed-in'
  const signedOut = data !== undefined && !signedIn
  const user = data?.state === 'signed-in' ? `${data.user.role} ${data.user.name}` : undefined
  const lastUser = useRef(user)

  useEffect(() => onSignInChanged(() => void client.invalidateQueries(signInQuery())), [client])
  useEffect(() => {
    if (signedIn) wasSignedIn.current = true
    if (!signedOut || page === 'stays' || path === undefined) return
    if (page === 'keeps what it showed' && wasSignedIn.current) return
    // Where the page is, not where it may be going.
    const { href } = router.state.resolvedLocation ?? router.state.location
    void navigate({ to: '/sign-in', search: { to: href }, replace: true })
  }, [signedIn, signedOut, page, path, router, navigate])
  useEffect(() => {
    if (user === undefined) return
    if (lastUser.current !== undefined && lastUser.current !== user) void forgetUser(client)
    lastUser.current = user
  }, [user, client])
}
