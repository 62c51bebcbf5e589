import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import type { PowerTraits } from '../../shared/power.ts'
import { PowerAction } from '../../shared/server.ts'
import { aboutQuery } from '../api/queries.ts'

const traitsOf = (about: { power: PowerTraits } | undefined) => about?.power ?? { forced: false, nmi: false }

/** The actions that this cloud has, the one first that does no harm. */
export function usePowerActions(): PowerAction[] {
  const { nmi } = traitsOf(useQuery(aboutQuery()).data)
  return PowerAction.options.filter((action) => action !== 'nmi' || nmi)
}

/** What an action means on this cloud, in words. */
export function useLoss(): (action: PowerAction) => string {
  const t = useTranslations('powering')
  const { forced } = traitsOf(useQuery(aboutQuery()).data)
  return (action) =>
    forced && (action === 'reboot' || action === 'power-off') ? t(`forced.${action}`) : t(`lost.${action}`)
}
