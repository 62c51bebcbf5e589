import * as Menu from '@radix-ui/react-dropdown-menu'
import { useTranslations } from 'use-intl'
import { MenuContent } from '../../ui/menu-content.tsx'
import type { OnDemand } from '../../ui/on-demand.ts'
import { SubMenu } from '../../ui/sub-menu.tsx'
import { useKeyName } from './key-name.ts'
import { controlKeys, functionKeys, isGrave, navigationKeys, type SendableKey, sysrqKeys } from './keys.ts'
import { SendKeysButton, type SendKeysProps } from './send-keys-button.tsx'
import { useSysrq } from './sysrq-dialog.tsx'

/** Keys that a keyboard lacks, or that the browser would take for itself. */
export default function SendKeysMenu({ open, disabled, byKeyboard }: SendKeysProps & OnDemand) {
  const { session, terminal } = open
  const t = useTranslations('console')
  const sysrq = useSysrq(open)
  const send = (text: string) => session.sendText(text)
  return (
    <>
      <Menu.Root modal={false} defaultOpen>
        <Menu.Trigger asChild>
          <SendKeysButton why={disabled} />
        </Menu.Trigger>
        <MenuContent byKeyboard={byKeyboard} onFocus={() => terminal.focus()}>
          <KeyItems keys={controlKeys} send={send} />
          <Menu.Separator className="menuLine" />
          <SubMenu label={t('functionKeys')}>
            <KeyItems keys={functionKeys} send={send} />
          </SubMenu>
          <SubMenu label={t('navigation')}>
            <KeyItems keys={navigationKeys} send={send} />
          </SubMenu>
          {sysrq.choose ? (
            <SubMenu label={t('sysrq')}>
              {sysrqKeys.map((key) => (
                <Menu.Item
                  key={key}
                  className={isGrave(key) ? 'menuItem danger' : 'menuItem'}
                  onSelect={() => sysrq.choose?.(key)}
                >
                  {t(`sysrqKeys.${key}`)}
                  {isGrave(key) && '…'} <kbd>{key}</kbd>
                </Menu.Item>
              ))}
            </SubMenu>
          ) : (
            <Menu.Item className="menuItem" disabled>
              {t('sysrq')}: {t('sysrqNone')}
            </Menu.Item>
          )}
        </MenuContent>
      </Menu.Root>
      {sysrq.dialog}
    </>
  )
}

function KeyItems({ keys, send }: { keys: readonly SendableKey[]; send: (text: string) => void }) {
  const t = useTranslations('console.keyNames')
  const keyName = useKeyName()
  return keys.map(({ label, text, name }) => (
    <Menu.Item key={label} className="menuItem" aria-label={keyName(label)} onSelect={() => send(text)}>
      {keyName(label)} {name && <small>{t(name)}</small>}
    </Menu.Item>
  ))
}
