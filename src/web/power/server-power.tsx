import { useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { deskOf } from './desk-of.tsx'
import { icons } from './icons.ts'
import styles from './power.module.css'
import { PowerWords } from './power-words.tsx'
import { useObstacle } from './use-obstacle.ts'
import { usePowerActions } from './use-power-traits.ts'

/** The power actions of one server, on its page: each as a button. Below them: why some make no sense now. */
export function ServerPower({ server }: { server: Server }) {
  return (
    <PowerWords>
      <Actions server={server} />
    </PowerWords>
  )
}

function Actions({ server }: { server: Server }) {
  const t = useTranslations('powering')
  const format = useFormatter()
  const names = useTranslations('power.actions')
  const client = useQueryClient()
  const obstacle = useObstacle(server)
  const actions = usePowerActions().map((action) => ({ action, why: obstacle(action) }))
  const reasons = [...new Set(actions.flatMap(({ why }) => why ?? []))]
  const idOf = (why: string) => `power-why-${reasons.indexOf(why)}`
  return (
    <div className={styles.actions}>
      <ul>
        {actions.map(({ action, why }) => {
          const Icon = icons[action]
          return (
            <li key={action}>
              <button
                type="button"
                className={`button ${action === 'power-on' ? '' : 'asksDanger'}`}
                disabled={why !== null}
                aria-describedby={why === null ? undefined : idOf(why)}
                onClick={({ currentTarget }) => deskOf(client).ask(action, [server], currentTarget)}
              >
                <Icon size={16} aria-hidden />
                {t('askFirst', { action: names(action) })}
              </button>
            </li>
          )
        })}
      </ul>
      {reasons.map((reason) => {
        const about = actions.filter(({ why }) => why === reason).map(({ action }) => names(action))
        return (
          <small key={reason}>
            {about.length < actions.length && t('before', { what: format.list(about) })}
            <span id={idOf(reason)}>{reason}</span>
          </small>
        )
      })}
    </div>
  )
}
