import * as Menu from '@radix-ui/react-dropdown-menu'
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslations } from 'use-intl'
import { useUser } from '../api/queries.ts'
import { MenuContent } from '../ui/menu-content.tsx'
import type { OnDemand } from '../ui/on-demand.ts'
import { deskOf } from './desk-of.tsx'
import { icons } from './icons.ts'
import { ManyButton, type ManyProps } from './many-button.tsx'
import { planOf } from './plan.ts'
import { PowerWords } from './power-words.tsx'
import { usePowerActions } from './use-power-traits.ts'

/** The power actions for several servers, each with how many of them it can be done for. Each of them asks first. */
export default function ManyMenu(props: ManyProps & OnDemand) {
  return (
    <PowerWords>
      <Items {...props} />
    </PowerWords>
  )
}

function Items({ servers, byKeyboard }: ManyProps & OnDemand) {
  const t = useTranslations('powering')
  const names = useTranslations('power.actions')
  const client = useQueryClient()
  const role = useUser()?.role ?? null
  const button = useRef<HTMLButtonElement>(null)
  return (
    <Menu.Root modal={false} defaultOpen>
      <Menu.Trigger asChild ref={button}>
        <ManyButton servers={servers} />
      </Menu.Trigger>
      <MenuContent byKeyboard={byKeyboard}>
        {usePowerActions().map((action) => {
          const { able } = planOf(servers, action, role)
          const Icon = icons[action]
          return (
            <Menu.Item
              key={action}
              className={`menuItem ${action === 'power-on' ? '' : 'danger'}`}
              disabled={servers.length === 0}
              onSelect={() => deskOf(client).ask(action, servers, button.current)}
            >
              <Icon size={16} aria-hidden />
              {t('askFirst', { action: names(action) })}
              <small className="end">{t('ableOf', { able: able.length, count: servers.length })}</small>
            </Menu.Item>
          )
        })}
      </MenuContent>
    </Menu.Root>
  )
}
