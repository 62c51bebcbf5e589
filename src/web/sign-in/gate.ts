import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMatches, useNavigate, useRouter } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { forgetUser, signInQuery } from '../api/queries.ts'
import { forgetSeen, onSignInChanged } from '../api/sign-in-news.ts'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** What the page does when nobody is signed in. Without this it leads to the sign-in page. */
    signedOut?: 'stays' | 'keeps what it showed'
  }
}

const ASK_EVERY_MS = 60_000

/**
 * Notices when a sign-in ends, begins or changes, in this tab or elsewhere, and leads to the sign-in page. No other place
 * does so. A page that keeps what it showed is left only if it has not shown anything yet.
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
  const user = data?.state === 'signed-in' ? JSON.stringify([data.user, data.projects]) : undefined
  const lastUser = useRef(user)

  useEffect(() => onSignInChanged(() => void client.invalidateQueries(signInQuery())), [client])
  useEffect(() => {
    if (signedIn) wasSignedIn.current = true
    if (signedOut) forgetSeen()
    if (!signedOut || page === 'stays' || path === undefined) return
    if (page === 'keeps what it showed' && wasSignedIn.current) return
    // The address of the page that is shown, not of one that is loading.
    const { href } = router.state.resolvedLocation ?? router.state.location
    void navigate({ to: '/sign-in', search: { to: href }, replace: true })
  }, [signedIn, signedOut, page, path, router, navigate])
  useEffect(() => {
    if (user === undefined) return
    if (lastUser.current !== undefined && lastUser.current !== user) void forgetUser(client)
    lastUser.current = user
  }, [user, client])
}
