import { Bookmark } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { BarContext, BarItem } from '../bar/bar-item.ts'
import { useShortcutKeys } from '../shortcuts/use-shortcut-keys.ts'
import { useSession } from '../use-console.ts'

type MarkContext = Pick<BarContext, 'open' | 'show'>

function useMarks({ open, show }: MarkContext) {
  const t = useTranslations('marks')
  const { transport, marks } = useSession(open.session)
  const why = transport === 'direct' ? 'direct' : marks === null ? 'notYet' : null
  return {
    run: () => show(() => import('./marks-dialog.tsx')),
    why: why === null ? undefined : t(why),
  }
}

/** Marks a line, and leads to those that are marked. */
export function useMarkItems(bar: MarkContext): BarItem[] {
  const t = useTranslations('marks')
  const { run, why } = useMarks(bar)
  const keys = useShortcutKeys()('mark')
  return [{ kind: 'action', label: t('open'), Icon: Bookmark, run, disabled: why, keys }]
}

/** The same for a key, which is there all the time. */
export function useMarkKey(bar: MarkContext & Pick<BarContext, 'announce'>): () => void {
  const { run, why } = useMarks(bar)
  return () => (why === undefined ? run() : bar.announce(why))
}
