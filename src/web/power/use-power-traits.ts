import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import type { PowerTraits } from '../../shared/power.ts'
import type { PowerAction } from '../../shared/server.ts'
import { aboutQuery } from '../api/queries.ts'

const traitsOf = (about: { power: PowerTraits } | undefined) => about?.power ?? { forced: false, nmi: false }

/** The one first that does no harm, and the one last that few people need. */
const inOrder: readonly PowerAction[] = ['power-on', 'reboot', 'hard-reboot', 'power-off', 'nmi']

/** The actions that this cloud has */
export function usePowerActions(): PowerAction[] {
  const { nmi } = traitsOf(useQuery(aboutQuery()).data)
  return inOrder.filter((action) => action !== 'nmi' || nmi)
}

/** What an action means on this cloud, in words. */
export function useLoss(): (action: PowerAction) => string {
  const t = useTranslations('powering')
  const { forced } = traitsOf(useQuery(aboutQuery()).data)
  return (action) =>
    forced && (action === 'reboot' || action === 'power-off') ? t(`forced.${action}`) : t(`lost.${action}`)
}
