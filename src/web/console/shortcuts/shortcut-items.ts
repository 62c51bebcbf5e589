import { CircleQuestionMark } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { BarContext, BarItem } from '../bar/bar-item.ts'
import { loadSheet } from './load-sheet.ts'
import { useShortcutKeys } from './use-shortcut-keys.ts'

/** Opens the sheet that names all shortcuts. */
export function useShortcutItems({ show }: BarContext): BarItem[] {
  const t = useTranslations('shortcuts')
  const keys = useShortcutKeys()('shortcuts')
  // Nobody here has keys for them.
  if (keys === undefined) return []
  return [
    {
      kind: 'action',
      label: t('title'),
      Icon: CircleQuestionMark,
      run: () => show(loadSheet),
      keys,
    },
  ]
}
