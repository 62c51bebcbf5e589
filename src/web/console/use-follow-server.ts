import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { serverQuery } from '../api/queries.ts'
import type { ConsoleSession } from './session/session.ts'
import { useLineStatus } from './use-console.ts'
import { lookAgainMs } from './use-server.ts'

/** Keeps looking at the server while its state may say why there is no output, and when there will be. */
export function useFollowServer(serverId: string, session: ConsoleSession): void {
  const client = useQueryClient()
  const status = useLineStatus(session)
  const { data } = useQuery({
    ...serverQuery(serverId),
    refetchInterval: ({ state }) => lookAgainMs(state.data ?? null, status) ?? false,
  })
  const matters = lookAgainMs(data ?? null, status) !== null
  useEffect(() => {
    if (matters) void client.prefetchQuery(serverQuery(serverId))
  }, [matters, client, serverId])
}
