import { Scaling, SquareTerminal } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useServerSettings } from '../../settings/server-settings.ts'
import type { BarContext, BarItem, Choice } from '../bar/bar-item.ts'
import { useWatchingWhy } from '../sharing/watching-why.ts'
import { matchSize } from './match-size.ts'
import { choiceOf, fixedSizes, menuValueOf, sizeText } from './size-choice.ts'
import { chooseSize, useFrame } from './use-size.ts'

const OWN = 'own'

/** How large the terminal is, and whether the machine knows. */
export function useSizeItems(bar: Pick<BarContext, 'open' | 'serverId' | 'show'>): [Choice, BarItem] {
  const t = useTranslations('size')
  const { open, serverId, show } = bar
  const { follows } = useFrame(open.terminal)
  const watchingWhy = useWatchingWhy(open.session)
  const { size } = useServerSettings(serverId)
  const sizes = fixedSizes.map(sizeText)
  const value = menuValueOf(size)
  return [
    {
      kind: 'choice',
      label: t('title'),
      Icon: Scaling,
      disabled: follows ? t('follows') : undefined,
      options: [
        { value: 'fit', label: t('fit') },
        ...[...sizes, ...(value === 'fit' || sizes.includes(value) ? [] : [value])].map((each) => ({
          value: each,
          label: each,
        })),
        { value: OWN, label: t('own') },
      ],
      value,
      choose(chosen) {
        if (chosen === OWN) show(() => import('./own-size-dialog.tsx'))
        else if (chosen !== value) chooseSize(serverId, choiceOf(chosen))
      },
    },
    {
      kind: 'action',
      label: t('match'),
      Icon: SquareTerminal,
      disabled: watchingWhy,
      run: () => matchSize(open, show),
    },
  ]
}
