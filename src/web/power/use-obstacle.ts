import { useTranslations } from 'use-intl'
import type { PowerAction, Server } from '../../shared/server.ts'
import { useUser } from '../api/queries.ts'
import { obstacleOf } from './plan.ts'

/** @returns why an action is not available, in words, or null when it is */
export function useObstacle(server: Server): (action: PowerAction) => string | null {
  const t = useTranslations('powering')
  const role = useUser()?.role ?? null
  return (action) => {
    const why = obstacleOf(server, action, role)
    if (why === null) return null
    return why === 'role-forbids' ? t('roleForbids') : t(`obstacles.${why}`)
  }
}
