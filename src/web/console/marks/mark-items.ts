import { Bookmark } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { BarContext, BarItem } from '../bar/bar-item.ts'
import { useSession } from '../use-console.ts'

/** Marks a line, and leads to those that are marked. */
export function useMarkItems({ open, show }: BarContext): BarItem[] {
  const t = useTranslations('marks')
  const { transport, marks } = useSession(open.session)
  const why = transport === 'direct' ? 'direct' : marks === null ? 'notYet' : null
  return [
    {
      kind: 'action',
      label: t('open'),
      Icon: Bookmark,
      run: () => show(() => import('./marks-dialog.tsx')),
      disabled: why === null ? undefined : t(why),
    },
  ]
}
