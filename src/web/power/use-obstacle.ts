import { useTranslations } from 'use-intl'
import { type PowerAction, type Server, serverCan } from '../../shared/server.ts'
import { roleMay } from '../../shared/user.ts'
import { useUser } from '../api/queries.ts'

/** @returns why an action is not available, in words, or null when it is */
export function useObstacle(server: Server): (action: PowerAction) => string | null {
  const t = useTranslations('powering')
  const user = useUser()
  return (action) => {
    if (!user || !roleMay(server.role ?? user.role, 'power')) return t('roleForbids')
    const availability = serverCan.power(server, action)
    return availability.offered ? null : t(`obstacles.${availability.why}`)
  }
}
