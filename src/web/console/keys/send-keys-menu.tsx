import * as Menu from '@radix-ui/react-dropdown-menu'
import { Check, Keyboard, LayoutGrid } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { settings, useSettings } from '../../settings/settings.ts'
import { MenuContent } from '../../ui/menu-content.tsx'
import type { OnDemand } from '../../ui/on-demand.ts'
import { SubMenu } from '../../ui/sub-menu.tsx'
import { functionNames, type KeyName, navigationNames } from './encode.ts'
import { useKeyName } from './key-name.ts'
import { type ControlKey, controlKeys, isGrave, keyLabel, rareControlKeys, sysrqKeys } from './keys.ts'
import { SendKeysButton, type SendKeysProps } from './send-keys-button.tsx'
import { useSysrq, withKeyWords } from './sysrq-dialog.tsx'

/** There the keypad's first row is always open. */
const touch = () => window.matchMedia('(pointer: coarse), (max-width: 760px)').matches

/**
 * Keys that a keyboard lacks, or that the browser would take for itself. On a touch screen they are on the keypad alone:
 * a menu closes after each.
 */
function SendKeysMenu({ open, disabled, chooseSettings, byKeyboard }: SendKeysProps & OnDemand) {
  const { terminal } = open
  const t = useTranslations('console')
  const own = useTranslations('sendKeys')
  const words = useTranslations('keyboardSettings')
  const { keypad } = useSettings()
  const sysrq = useSysrq(open)
  const controls = (keys: readonly ControlKey[]) => (
    <ControlItems keys={keys} send={(text) => terminal.typeText(text)} />
  )
  const named = (names: readonly KeyName[]) => (
    <NamedItems names={names} press={(name) => terminal.keyboard.press(name)} />
  )
  return (
    <>
      <Menu.Root modal={false} defaultOpen>
        <Menu.Trigger asChild>
          <SendKeysButton why={disabled} />
        </Menu.Trigger>
        <MenuContent byKeyboard={byKeyboard} onFocus={() => terminal.focus()}>
          {!touch() && (
            <>
              {controls(controlKeys)}
              <Menu.Separator className="menuLine" />
              <SubMenu label={t('keyboard.controlCodes')}>{controls(rareControlKeys)}</SubMenu>
              <SubMenu label={t('functionKeys')}>{named(functionNames)}</SubMenu>
              <SubMenu label={t('navigation')}>{named(navigationNames)}</SubMenu>
              {sysrq.choose ? (
                <SubMenu label={t('sysrq')}>
                  {sysrqKeys.map((key) => (
                    <Menu.Item
                      key={key}
                      className={isGrave(key) ? 'menuItem danger' : 'menuItem'}
                      onSelect={() => sysrq.choose?.(key)}
                    >
                      {own(`sysrq.${key}`)} <kbd>{key}</kbd>
                    </Menu.Item>
                  ))}
                </SubMenu>
              ) : (
                <Menu.Item className="menuItem" disabled>
                  {t('sysrq')}: {own('noSysrq')}
                </Menu.Item>
              )}
              <Menu.Separator className="menuLine" />
            </>
          )}
          <Menu.CheckboxItem
            className="menuItem"
            checked={keypad}
            onCheckedChange={() => settings.set({ keypad: !keypad })}
          >
            <LayoutGrid size={16} aria-hidden /> {t('keyboard.keypad')}
            <Menu.ItemIndicator className="end">
              <Check size={16} aria-hidden />
            </Menu.ItemIndicator>
          </Menu.CheckboxItem>
          <Menu.Item className="menuItem" onSelect={chooseSettings}>
            <Keyboard size={16} aria-hidden /> {words('open')}
          </Menu.Item>
        </MenuContent>
      </Menu.Root>
      {sysrq.dialog}
    </>
  )
}

interface NamedItemsProps {
  names: readonly KeyName[]
  press: (name: KeyName) => void
}

function NamedItems({ names, press }: NamedItemsProps) {
  const keyName = useKeyName()
  return names.map((name) => (
    <Menu.Item key={name} className="menuItem" onSelect={() => press(name)}>
      {keyName(keyLabel(name))}
    </Menu.Item>
  ))
}

function ControlItems({ keys, send }: { keys: readonly ControlKey[]; send: (text: string) => void }) {
  const t = useTranslations('sendKeys.names')
  const keyName = useKeyName()
  return keys.map(({ label, text, name }) => (
    <Menu.Item key={label} className="menuItem" aria-label={keyName(label)} onSelect={() => send(text)}>
      {keyName(label)} {name && <small>{t(name)}</small>}
    </Menu.Item>
  ))
}

export default withKeyWords(SendKeysMenu)
