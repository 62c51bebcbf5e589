import { useQueryClient } from '@tanstack/react-query'
import { ListRestart, Power } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { failureOf } from '../../api/client.ts'
import { summaryQuery } from '../../history/queries.ts'
import type { BarContext, BarItem } from '../bar/bar-item.ts'
import { showPlace } from './show-place.ts'
import { useMayReadLog } from './use-may-read-log.ts'

/** Shows what the server has said since it booted, or since one of its boots before. */
export function useBootItems({ open, serverId, announce, show }: BarContext): BarItem[] {
  const t = useTranslations('older')
  const causes = useTranslations('causes')
  const client = useQueryClient()
  const showNewest = async () => {
    try {
      // It may have booted since it was asked last.
      const { boots } = await client.fetchQuery({ ...summaryQuery(serverId), staleTime: 0 })
      const [newest] = boots
      if (!newest) announce(t('noBoot'))
      else if (!showPlace(open, newest.offset)) announce(t('noPlace'))
    } catch (error) {
      announce(t('failed', { cause: causes(`${failureOf(error).cause}.title`) }))
    }
  }
  if (!useMayReadLog()) return []
  return [
    { kind: 'action', label: t('sinceBoot'), Icon: Power, run: () => void showNewest() },
    {
      kind: 'action',
      label: t('boots'),
      Icon: ListRestart,
      run: () => show(() => import('./boots-dialog.tsx')),
    },
  ]
}
