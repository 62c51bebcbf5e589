import { Palette } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { BarContext, BarItem } from '../bar/bar-item.ts'

/** Opens the choice of the terminal's colours. */
export function useColourItems({ show }: BarContext): BarItem[] {
  const t = useTranslations('colours')
  return [
    {
      kind: 'action',
      label: t('open'),
      Icon: Palette,
      run: () => show(() => import('./colours-dialog.tsx')),
    },
  ]
}
