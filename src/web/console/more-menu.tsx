import * as Menu from '@radix-ui/react-dropdown-menu'
import { Check } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { MenuContent } from '../ui/menu-content.tsx'
import type { OnDemand } from '../ui/on-demand.ts'
import { MoreButton, type Tool } from './more-button.tsx'

/** The tools that a small screen has no room for. */
export default function MoreMenu({ tools, byKeyboard }: { tools: Tool[] } & OnDemand) {
  const t = useTranslations('console')
  return (
    <Menu.Root modal={false} defaultOpen>
      <Menu.Trigger asChild>
        <MoreButton />
      </Menu.Trigger>
      <MenuContent byKeyboard={byKeyboard}>
        {tools.map(({ label, Icon, run, pressed, repeats, disabled }) => {
          const words = (
            <>
              <Icon size={17} aria-hidden />
              <span>
                {label}
                {disabled !== undefined && <small className="why">{disabled}</small>}
              </span>
            </>
          )
          return pressed === undefined ? (
            <Menu.Item
              key={label}
              className="menuItem"
              disabled={disabled !== undefined}
              onSelect={(event) => {
                if (repeats) event.preventDefault()
                run()
              }}
            >
              {words}
            </Menu.Item>
          ) : (
            <Menu.CheckboxItem key={label} className="menuItem" checked={pressed} onCheckedChange={run}>
              {words}
              <Menu.ItemIndicator className="end">
                <Check size={16} aria-hidden />
              </Menu.ItemIndicator>
            </Menu.CheckboxItem>
          )
        })}
        <Menu.Separator className="menuLine" />
        <Menu.Label className="menuLabel">{t('leaveHint')}</Menu.Label>
      </MenuContent>
    </Menu.Root>
  )
}
