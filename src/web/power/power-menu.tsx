import * as Menu from '@radix-ui/react-dropdown-menu'
import { type LucideIcon, Power as PowerIcon, PowerOff, RotateCw, Zap } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { type PowerAction, type Server, serverCan } from '../../shared/server.ts'
import { roleMay } from '../../shared/user.ts'
import { failureOf } from '../api/client.ts'
import { useUser } from '../api/queries.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { MenuContent } from '../ui/menu-content.tsx'
import type { OnDemand } from '../ui/on-demand.ts'
import styles from './power.module.css'
import { PowerButton, type PowerProps } from './power-button.tsx'
import { usePower } from './use-power.ts'

const actions: readonly [PowerAction, LucideIcon][] = [
  ['power-on', PowerIcon],
  ['reboot', RotateCw],
  ['hard-reboot', Zap],
  ['power-off', PowerOff],
]

/** The power actions of a server; one that cannot be used says why. Destructive ones ask first. */
export default function PowerMenu({ server, announce, onFocus, byKeyboard }: PowerProps & OnDemand) {
  const t = useTranslations('power')
  const obstacle = useObstacle(server)
  const button = useRef<HTMLButtonElement>(null)
  const [asked, setAsked] = useState<PowerAction | null>(null)
  const power = usePower(server.id, {
    onAccepted: (action) => {
      setAsked(null)
      announce(t('accepted', { action: t(`actions.${action}`) }))
    },
    onFailed: setAsked,
  })
  const choose = (action: PowerAction) => {
    power.reset()
    if (action === 'power-on') power.mutate(action)
    else setAsked(action)
  }
  const { name } = server
  return (
    <>
      <Menu.Root modal={false} defaultOpen>
        <Menu.Trigger asChild ref={button}>
          <PowerButton server={server} />
        </Menu.Trigger>
        <MenuContent byKeyboard={byKeyboard} onFocus={onFocus}>
          {actions.map(([action, Icon]) => {
            const why = obstacle(action)
            return (
              <Menu.Item
                key={action}
                className={`menuItem ${action === 'power-on' ? '' : 'danger'} ${styles.item}`}
                disabled={why !== null}
                onSelect={() => choose(action)}
              >
                <Icon size={16} aria-hidden />
                <span>
                  {action === 'power-on'
                    ? t(`actions.${action}`)
                    : t('askFirst', { action: t(`actions.${action}`) })}
                  {why !== null && <small>{why}</small>}
                </span>
              </Menu.Item>
            )
          })}
        </MenuContent>
      </Menu.Root>
      {asked !== null && (
        <Dialog
          open
          title={t('ask', { action: t(`actions.${asked}`), name })}
          description={t(`lost.${asked}`, { name })}
          onCancel={() => setAsked(null)}
          onFocus={onFocus ?? (() => button.current?.focus())}
          actions={
            <button
              type="button"
              className="button danger"
              disabled={power.isPending}
              onClick={() => power.mutate(asked)}
            >
              {t(`actions.${asked}`)}
            </button>
          }
        >
          {power.error !== null && <NotAccepted error={power.error} action={asked} />}
        </Dialog>
      )}
    </>
  )
}

/** Power actions are never retried by themselves: the cloud may have done it all the same. */
function NotAccepted({ error, action }: { error: unknown; action: PowerAction }) {
  const t = useTranslations('power')
  const causes = useTranslations('causes')
  const failure = failureOf(error)
  const why = failure.cause === 'no-permission' ? t('noPermission') : causes(`${failure.cause}.title`)
  return (
    <FailureNotice
      failure={failure}
      words={{
        title: t('notAccepted', { action: t(`actions.${action}`) }),
        next: `${why}. ${t('lookFirst')}`,
      }}
    />
  )
}

/** @returns why an action is not available, in words, or null when it is */
function useObstacle(server: Server): (action: PowerAction) => string | null {
  const t = useTranslations('power')
  const user = useUser()
  return (action) => {
    if (!user || !roleMay(server.role ?? user.role, 'power')) return t('roleForbids')
    const availability = serverCan.power(server, action)
    return availability.offered ? null : t(`obstacles.${availability.why}`)
  }
}
