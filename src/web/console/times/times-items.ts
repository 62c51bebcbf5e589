import { Clock3 } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { settings, timesChoices, useSettings } from '../../settings/settings.ts'
import type { BarItem } from '../bar/bar-item.ts'

/** The times beside the rows. */
export function useTimesItems(): BarItem[] {
  const t = useTranslations('rowTimes')
  const { times } = useSettings()
  return [
    {
      kind: 'choice',
      label: t('label'),
      Icon: Clock3,
      options: timesChoices.map((value) => ({ value, label: t(value) })),
      value: times,
      choose: (value) => settings.set({ times: timesChoices.find((one) => one === value) ?? 'off' }),
    },
  ]
}
