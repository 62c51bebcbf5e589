import * as Menu from '@radix-ui/react-dropdown-menu'
import { type LucideIcon, Power as PowerIcon, PowerOff, RotateCw, Zap } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { type PowerAction, type Server, serverCan } from '../../shared/server.ts'
import { roleMay } from '../../shared/user.ts'
import { failureOf } from '../api/client.ts'
import { useUser } from '../api/queries.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import styles from './power.module.css'
import { PowerButton, type PowerProps } from './power.tsx'
import { usePower } from './use-power.ts'

const actions: readonly [PowerAction, LucideIcon][] = [
  ['power-on', PowerIcon],
  ['reboot', RotateCw],
  ['hard-reboot', Zap],
  ['power-off', PowerOff],
]

/** What can be done with the server's power now, and why not the rest. What loses something is asked for first. */
export default function PowerMenu({ server, onTold, onFocus }: PowerProps) {
  const t = useTranslations('power')
  const obstacle = useObstacle(server)
  const [asked, setAsked] = useState<PowerAction | null>(null)
  // The dialog keeps its words while it goes.
  const [shown, setShown] = useState<PowerAction>('reboot')
  const ask = (action: PowerAction) => {
    setShown(action)
    setAsked(action)
  }
  const power = usePower(server.id, {
    onAccepted: () => {
      setAsked(null)
      onTold(t('accepted'))
    },
    onFailed: ask,
  })
  const choose = (action: PowerAction) => {
    power.reset()
    if (action === 'power-on') power.mutate(action)
    else ask(action)
  }
  const { name } = server
  return (
    <>
      <Menu.Root modal={false} defaultOpen>
        <Menu.Trigger asChild>
          <PowerButton server={server} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Content
            className="menu"
            align="end"
            sideOffset={6}
            collisionPadding={8}
            onCloseAutoFocus={(event) => {
              if (!onFocus) return
              event.preventDefault()
              onFocus()
            }}
          >
            {actions.map(([action, Icon]) => {
              const why = obstacle(action)
              return (
                <Menu.Item
                  key={action}
                  className={`menuItem ${styles.item}`}
                  disabled={why !== null}
                  onSelect={() => choose(action)}
                >
                  <Icon size={16} aria-hidden />
                  <span>
                    {t(`actions.${action}`)}
                    {action !== 'power-on' && ' …'}
                    {why !== null && <small>{why}</small>}
                  </span>
                </Menu.Item>
              )
            })}
          </Menu.Content>
        </Menu.Portal>
      </Menu.Root>
      <ConfirmDialog
        open={asked !== null}
        title={t('ask', { action: t(`actions.${shown}`), name })}
        description={t(`lost.${shown}`, { name })}
        confirm={t(`actions.${shown}`)}
        pending={power.isPending}
        onConfirm={() => power.mutate(shown)}
        onCancel={() => setAsked(null)}
        onFocus={onFocus}
      >
        {power.error !== null && <NotAccepted error={power.error} />}
      </ConfirmDialog>
    </>
  )
}

/** Unlike elsewhere nothing is tried again by itself: it may have been done all the same. */
function NotAccepted({ error }: { error: unknown }) {
  const t = useTranslations('power')
  const causes = useTranslations('causes')
  const failure = failureOf(error)
  const why = failure.cause === 'no-permission' ? t('noPermission') : causes(`${failure.cause}.title`)
  return (
    <FailureNotice failure={failure} words={{ title: t('notAccepted'), next: `${why}. ${t('lookFirst')}` }} />
  )
}

/** Why an action cannot be asked for, in words; null where it can. */
function useObstacle(server: Server): (action: PowerAction) => string | null {
  const t = useTranslations('power')
  const user = useUser()
  return (action) => {
    if (!user || !roleMay(user.role, 'power')) return t('roleForbids')
    const availability = serverCan.power(server, action)
    return availability.offered ? null : t(`obstacles.${availability.why}`)
  }
}
