import { useQueryClient } from '@tanstack/react-query'
import { Power } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { failureOf } from '../../api/client.ts'
import { summaryQuery } from '../../history/queries.ts'
import type { BarContext, BarItem } from '../bar/bar-item.ts'
import { useMayReadLog } from './use-may-read-log.ts'

/** Shows all that the server has said since it booted: in the terminal, or in the log where that no longer has it. */
export function useBootItems({ open: { older, terminal }, serverId, announce }: BarContext): BarItem[] {
  const t = useTranslations('older')
  const causes = useTranslations('causes')
  const client = useQueryClient()
  const show = async () => {
    try {
      // It may have booted since it was asked last.
      const { boots } = await client.fetchQuery({ ...summaryQuery(serverId), staleTime: 0 })
      const [newest] = boots
      if (!newest) return announce(t('noBoot'))
      const place = older.showFrom(newest.offset)
      switch (place.kind) {
        case 'terminal':
          return terminal.screen.scrollTo(place.row)
        case 'unknown':
          return announce(t('noPlace'))
        case 'log':
      }
    } catch (error) {
      announce(t('failed', { cause: causes(`${failureOf(error).cause}.title`) }))
    }
  }
  if (!useMayReadLog()) return []
  return [{ kind: 'action', label: t('sinceBoot'), Icon: Power, run: () => void show() }]
}
