import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Eye, EyeOff, type LucideIcon } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { roleMay } from '../../shared/user.ts'
import { failureOf, watchLine } from '../api/client.ts'
import { aboutQuery, serverQuery, serversQuery, useUser } from '../api/queries.ts'

interface WatchSwitch {
  label: string
  Icon: LucideIcon
  run: () => void
  /** Why it cannot be used, in words */
  disabled?: string | undefined
}

/**
 * Has the server's line held open with nobody there, or no more.
 * @returns null: lines cannot be watched here
 */
export function useWatch(
  server: Server | undefined,
  announce: (sentence: string) => void,
): WatchSwitch | null {
  const t = useTranslations('watch')
  const causes = useTranslations('causes')
  const client = useQueryClient()
  const { data: about } = useQuery(aboutQuery())
  const user = useUser()
  const { mutate, isPending } = useMutation({
    mutationFn: ({ id, watched }: { id: string; watched: boolean }) => watchLine(id, watched),
    onSuccess: (_, { id, watched }) => {
      const changed = (each: Server) => (each.id === id ? { ...each, watched } : each)
      client.setQueryData(serverQuery(id).queryKey, (known) => known && changed(known))
      client.setQueryData(
        serversQuery().queryKey,
        (list) => list && { ...list, servers: list.servers.map(changed) },
      )
      announce(t(watched ? 'started' : 'stopped'))
    },
    onError: (error) => announce(`${t('failed')}: ${causes(`${failureOf(error).cause}.title`)}`),
  })
  if (!about?.watch || !server || !user) return null
  const { id, watched = false } = server
  return {
    label: t(watched ? 'stop' : 'start'),
    Icon: watched ? EyeOff : Eye,
    run: () => {
      if (!isPending) mutate({ id, watched: !watched })
    },
    ...(roleMay(server.role ?? user.role, 'watch') ? {} : { disabled: t('forbidden') }),
  }
}
