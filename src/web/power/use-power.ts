import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { PowerAction, Server } from '../../shared/server.ts'
import { powerServer } from '../api/client.ts'
import { deskOf } from './desk-of.tsx'

/**
 * Sends a power action to the cloud. Once it is accepted, the desk follows it to its end, also after the person has left
 * the page, and says so if it fails.
 * @returns `asked`: the action that a dialog asks about, or that the cloud did not take
 */
export function usePower(server: Server, announce: (sentence: string) => void) {
  const t = useTranslations('powering')
  const actions = useTranslations('power.actions')
  const client = useQueryClient()
  const [asked, setAsked] = useState<PowerAction | null>(null)
  const power = useMutation({
    mutationFn: (action: PowerAction) => powerServer(server.id, { action }),
    onSuccess: (accepted, action) => {
      setAsked(null)
      announce(t('accepted', { action: actions(action) }))
      deskOf(client).follow(action, server, accepted)
    },
    onError: (_, action) => setAsked(action),
  })
  return { power, asked, setAsked }
}
