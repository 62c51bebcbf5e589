import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { PowerAction } from '../../shared/server.ts'
import { failureOf, powerServer } from '../api/client.ts'
import { listAnew, serverQuery, serversQuery } from '../api/queries.ts'
import { followPower, LOOK_EVERY_MS } from './follow.ts'

/**
 * Sends a power action to the cloud and, once accepted, follows the server's state.
 * @returns `asked`: the action that a dialog asks about, or that the cloud did not take
 */
export function usePower(serverId: string, announce: (sentence: string) => void) {
  const t = useTranslations('powering')
  const actions = useTranslations('power.actions')
  const client = useQueryClient()
  const [asked, setAsked] = useState<PowerAction | null>(null)
  const power = useMutation({
    mutationFn: (action: PowerAction) => powerServer(serverId, { action }),
    onSuccess: (_, action) => {
      setAsked(null)
      announce(t('accepted', { action: actions(action) }))
      void follow(client, serverId, action)
    },
    onError: (_, action) => setAsked(action),
  })
  return { power, asked, setAsked }
}

/** Continues after the user leaves the page, because the list shows the state too. */
async function follow(client: QueryClient, id: string, action: PowerAction): Promise<void> {
  await followPower({
    action,
    wait: () => new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS)),
    look: async () => {
      try {
        const server = await client.fetchQuery({ ...serverQuery(id), staleTime: 0 })
        client.setQueryData(
          serversQuery().queryKey,
          (list) =>
            list && { ...list, servers: list.servers.map((known) => (known.id === id ? server : known)) },
        )
        return server
      } catch (error) {
        return failureOf(error)
      }
    },
  })
  await listAnew(client)
}
