import { CopyPlus, Palette } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { copyHtml, copyText } from '../../ui/clipboard.ts'
import type { BarContext, BarItem } from '../bar/bar-item.ts'

/** Copies more than the selection's text. */
export function useCopyItems({ open: { terminal }, announce }: BarContext): BarItem[] {
  const t = useTranslations('bar')
  const console = useTranslations('console')
  const tell = (copied: boolean) => announce(console(copied ? 'copied' : 'copyBlocked'))
  return [
    {
      kind: 'action',
      label: t('copyColours'),
      Icon: Palette,
      run: () => {
        const { selection } = terminal
        // Its colours are made on demand: most people never ask for them.
        const html = async () => {
          const { htmlOf } = await import('./html.ts')
          return terminal.selectedAs(htmlOf) ?? ''
        }
        if (selection === '') announce(t('nothingSelected'))
        else void copyHtml(html(), selection).then(tell)
      },
    },
    {
      kind: 'action',
      label: t('copyAll'),
      Icon: CopyPlus,
      run: () => void copyText(terminal.transcript()).then(tell),
    },
  ]
}
