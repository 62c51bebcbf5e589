import { BrushCleaning, RotateCcw } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { BarContext, BarItem } from '../bar/bar-item.ts'

/** Clears the view. What was printed stays in the scrollback, and so in the search and the download. */
export function useClearItems({ open: { terminal }, announce }: BarContext): BarItem[] {
  const t = useTranslations('bar')
  return [
    {
      kind: 'action',
      label: t('clear'),
      Icon: BrushCleaning,
      run: () => {
        if (terminal.fullScreen) announce(t('clearLater'))
        else {
          terminal.clear()
          announce(t('cleared'))
        }
      },
    },
    {
      kind: 'action',
      label: t('reset'),
      Icon: RotateCcw,
      run: () => {
        terminal.reset()
        announce(t('resetDone'))
      },
    },
  ]
}
