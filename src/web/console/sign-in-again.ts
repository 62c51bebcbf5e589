import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { signInQuery } from '../api/queries.ts'
import { onSignInChanged } from '../api/sign-in-news.ts'
import type { ConsoleSession } from './session/session.ts'
import { useSession } from './use-console.ts'

/**
 * Ends the console together with the sign-in that opened it, and reconnects after the next sign-in. The relay ends its
 * lines itself. A direct line has to be ended here, because its gateway knows nothing about sign-ins.
 */
export function useSignInAgain(session: ConsoleSession): void {
  const client = useQueryClient()
  const { data } = useQuery(signInQuery())
  const { state } = useSession(session)
  const signedOut = data?.state === 'signed-out'
  const direct = 'transport' in state && state.transport === 'direct'
  useEffect(() => {
    if (signedOut && direct) session.fail({ cause: 'sign-in-needed' })
  }, [signedOut, direct, session])

  const ended = state.kind === 'ended' && state.failure?.cause === 'sign-in-needed'
  /** Whether anybody signed out since it ended. Only then is a new sign-in a reason to reconnect. */
  const away = useRef(false)
  useEffect(() => {
    if (!ended) return
    void client.invalidateQueries(signInQuery())
    return onSignInChanged(() => {
      away.current = true
    })
  }, [ended, client])
  const signedIn = data?.state === 'signed-in'
  useEffect(() => {
    if (!ended) away.current = false
    else if (data && !signedIn) away.current = true
    else if (signedIn && away.current) session.connect()
  }, [ended, data, signedIn, session])
}
