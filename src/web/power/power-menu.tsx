import * as Menu from '@radix-ui/react-dropdown-menu'
import { useRef } from 'react'
import { useTranslations } from 'use-intl'
import type { PowerAction } from '../../shared/server.ts'
import { MenuContent } from '../ui/menu-content.tsx'
import type { OnDemand } from '../ui/on-demand.ts'
import { icons } from './icons.ts'
import styles from './power.module.css'
import { PowerButton, type PowerProps } from './power-button.tsx'
import { PowerDialog } from './power-dialog.tsx'
import { PowerWords } from './power-words.tsx'
import { useObstacle } from './use-obstacle.ts'
import { usePower } from './use-power.ts'
import { usePowerActions } from './use-power-traits.ts'

/** The power actions of a server; one that cannot be used says why. Destructive ones ask first. */
export default function PowerMenu(props: PowerProps & OnDemand) {
  return (
    <PowerWords>
      <Items {...props} />
    </PowerWords>
  )
}

function Items({ server, worded, announce, onFocus, byKeyboard }: PowerProps & OnDemand) {
  const t = useTranslations('power')
  const words = useTranslations('powering')
  const actions = usePowerActions()
  const obstacle = useObstacle(server)
  const button = useRef<HTMLButtonElement>(null)
  const { power, asked, setAsked } = usePower(server, announce)
  const choose = (action: PowerAction) => {
    power.reset()
    if (action === 'power-on') power.mutate(action)
    else setAsked(action)
  }
  return (
    <>
      <Menu.Root modal={false} defaultOpen>
        <Menu.Trigger asChild ref={button}>
          <PowerButton server={server} worded={worded} />
        </Menu.Trigger>
        <MenuContent byKeyboard={byKeyboard} onFocus={onFocus}>
          {actions.map((action) => {
            const Icon = icons[action]
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
                    : words('askFirst', { action: t(`actions.${action}`) })}
                  {why !== null && <small>{why}</small>}
                </span>
              </Menu.Item>
            )
          })}
        </MenuContent>
      </Menu.Root>
      <PowerDialog
        server={server}
        power={power}
        asked={asked}
        onCancel={() => setAsked(null)}
        onFocus={onFocus ?? (() => button.current?.focus())}
      />
    </>
  )
}
