import { useEffect, useRef, useState } from 'react'
import type { Cause } from '../../shared/cause.ts'
import type { Server } from '../../shared/server.ts'
import type { LineStatus, Machine } from './session/line-status.ts'
import type { ConsoleSession } from './session/session.ts'
import { useSession } from './use-console.ts'

/** A machine that has just printed something is neither off nor without a system, whatever the cloud says. */
const QUIET_MS = 3_000

/** How long until the server is looked at again. Null: no need, as long as the line works. */
export function lookAgainMs(server: Server | null, status: LineStatus): number | null {
  if (server && (server.power === 'off' || server.status === 'building' || server.task !== null))
    return 10_000
  switch (status.kind) {
    case 'live':
    case 'unanswered':
    case 'ended':
    case 'idle':
      return null
    case 'connecting':
    case 'silent':
    case 'waiting':
    case 'failed':
      return 15_000
  }
}

/** Whether the server is off or still being created: the cloud says so, and its line bears it out. */
export function useMachine(session: ConsoleSession | null, server: Server | null | undefined): Machine {
  const word = server?.status === 'building' ? 'building' : server?.power === 'off' ? 'off' : null
  const said = session !== null && word !== null
  const [quiet, setQuiet] = useState(false)
  useEffect(() => {
    if (session) session.machineAway = said
  }, [session, said])
  useEffect(() => {
    if (!said) return
    const look = () => setQuiet(session.quietMs >= QUIET_MS)
    look()
    const timer = setInterval(look, 1_000)
    return () => {
      clearInterval(timer)
      setQuiet(false)
    }
  }, [said, session])
  return said && quiet ? word : null
}

/** What a server that is off, or still being created, makes of a try to reach its console. */
const maybeServer: ReadonlySet<Cause> = new Set<Cause>([
  'server-not-running',
  'server-not-ready',
  'gateway-hung-up',
  'gateway-closed',
  'gateway-unreachable',
  'origin-doubtful',
  'origin-refused',
])

/** Tries at once when the server is ready that was not before. */
export function useConnectWhenReady(session: ConsoleSession, server: Server | null | undefined): void {
  const { state } = useSession(session)
  const failure = 'failure' in state ? state.failure : null
  const ready = server ? server.power === 'on' && server.status === 'active' : null
  const before = useRef(ready)
  useEffect(() => {
    const became = ready === true && before.current === false
    before.current = ready
    if (became && failure && maybeServer.has(failure.cause)) session.connect()
  }, [ready, failure, session])
}
