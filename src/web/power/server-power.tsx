import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { deskOf } from './desk-of.tsx'
import { icons } from './icons.ts'
import styles from './power.module.css'
import { PowerWords } from './power-words.tsx'
import { useObstacle } from './use-obstacle.ts'
import { usePowerActions } from './use-power-traits.ts'

/** The power actions of one server, on its page: each as a button, with the reason where it makes no sense now. */
export function ServerPower({ server }: { server: Server }) {
  return (
    <PowerWords>
      <Actions server={server} />
    </PowerWords>
  )
}

function Actions({ server }: { server: Server }) {
  const t = useTranslations('powering')
  const names = useTranslations('power.actions')
  const client = useQueryClient()
  const obstacle = useObstacle(server)
  return (
    <ul className={styles.actions}>
      {usePowerActions().map((action) => {
        const why = obstacle(action)
        const Icon = icons[action]
        const reason = `power-${action}`
        return (
          <li key={action} className={styles.action}>
            <button
              type="button"
              className={`button ${action === 'power-on' ? '' : 'asksDanger'}`}
              disabled={why !== null}
              aria-describedby={reason}
              onClick={({ currentTarget }) => deskOf(client).ask(action, [server], currentTarget)}
            >
              <Icon size={16} aria-hidden />
              {t('askFirst', { action: names(action) })}
            </button>
            <small id={reason}>{why}</small>
          </li>
        )
      })}
    </ul>
  )
}
