import { CopyPlus, Palette } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { copyHtml, copyText } from '../../ui/clipboard.ts'
import type { BarContext, BarItem } from '../bar/bar-item.ts'
import { selectedOf } from './selected.ts'

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
        const { selection, theme } = terminal
        if (selection === '') return announce(t('nothingSelected'))
        // What is printed from now on is not in it.
        const selected = terminal.inspect(selectedOf)
        // Its colours are made on demand: most people never ask for them.
        const html = import('./html.ts').then(({ htmlOf }) => htmlOf(selected, theme))
        void copyHtml(html, selection).then(async (coloured) => {
          if (coloured) tell(true)
          // There was too much of it, its code did not load, or the browser refuses.
          else if (await copyText(selection)) announce(t('copiedPlain'))
          else tell(false)
        })
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
