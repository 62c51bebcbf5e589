import * as Menu from '@radix-ui/react-dropdown-menu'
import {
  AArrowDown,
  AArrowUp,
  ClipboardPaste,
  Copy,
  Download,
  Keyboard,
  Maximize,
  Plug,
  Unplug,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { settings, useSettings } from '../settings/settings.ts'
import { ThemeButton } from '../ui/theme-button.tsx'
import styles from './console.module.css'
import { controlKeys, functionKeys, navigationKeys, type SendableKey, sysrqKeys } from './keys/keys.ts'
import { type OpenConsole, useSession } from './use-console.ts'

interface ToolbarProps {
  open: OpenConsole
  name: string
  onPaste: (clipboard: string) => void
  /** One short sentence on what a tool did or could not do. */
  onTold: (message: string) => void
}

export function Toolbar({ open, name, onPaste, onTold }: ToolbarProps) {
  const t = useTranslations('console')
  const { session, terminal } = open
  const { state } = useSession(session)
  const { fontSize } = useSettings()
  const down = state.kind === 'ended' || state.kind === 'waiting' || state.kind === 'idle'
  return (
    <div className={styles.tools} role="toolbar" aria-label={t('toolbar')}>
      <SendKeys open={open} />
      <Tool
        label={t('paste')}
        onClick={() => {
          // Where the browser refuses, the paste key still works.
          void navigator.clipboard.readText().then(onPaste, () => onTold(t('pasteBlocked')))
        }}
      >
        <ClipboardPaste size={17} aria-hidden />
      </Tool>
      <Tool
        label={t('copy')}
        onClick={() => {
          if (terminal.selection === '') return onTold(t('nothingSelected'))
          void navigator.clipboard.writeText(terminal.selection).then(
            () => onTold(t('copied')),
            () => onTold(t('copyBlocked')),
          )
        }}
      >
        <Copy size={17} aria-hidden />
      </Tool>
      <Tool label={t('smaller')} onClick={() => settings.set({ fontSize: Math.max(9, fontSize - 1) })}>
        <AArrowDown size={18} aria-hidden />
      </Tool>
      <Tool label={t('larger')} onClick={() => settings.set({ fontSize: Math.min(28, fontSize + 1) })}>
        <AArrowUp size={18} aria-hidden />
      </Tool>
      <Tool label={t('download')} onClick={() => download(`${name}.txt`, terminal.transcript())}>
        <Download size={17} aria-hidden />
      </Tool>
      <Tool label={t('fullScreen')} onClick={() => void toggleFullScreen()}>
        <Maximize size={16} aria-hidden />
      </Tool>
      <ThemeButton />
      <Tool
        label={t(down ? 'retry' : 'disconnect')}
        onClick={() => (down ? session.connect() : session.disconnect())}
      >
        {down ? <Plug size={17} aria-hidden /> : <Unplug size={17} aria-hidden />}
      </Tool>
    </div>
  )
}

function Tool({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      className="icon"
      aria-label={label}
      title={label}
      // A mouse leaves the focus in the terminal, where the next key belongs; Tab still comes here.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onClick}
    >
      {children}
    </button>
  )
}

function SendKeys({ open: { session, terminal } }: { open: OpenConsole }) {
  const t = useTranslations('console')
  const { sysrq } = useSession(session)
  const send = (text: string) => session.sendText(text)
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="button">
        <Keyboard size={16} aria-hidden /> {t('sendKeys')}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content
          className="menu"
          align="end"
          sideOffset={6}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            terminal.focus()
          }}
        >
          <KeyItems keys={controlKeys} send={send} />
          <SubMenu label={t('functionKeys')}>
            <KeyItems keys={functionKeys} send={send} />
          </SubMenu>
          <SubMenu label={t('navigation')}>
            <KeyItems keys={navigationKeys} send={send} />
          </SubMenu>
          {sysrq ? (
            <SubMenu label={t('sysrq')}>
              {sysrqKeys.map((key) => (
                <Menu.Item key={key} className="menuItem" onSelect={() => send(sysrq.sequence + key)}>
                  {t(`sysrqKeys.${key}`)} <kbd>{key}</kbd>
                </Menu.Item>
              ))}
            </SubMenu>
          ) : (
            <Menu.Item className="menuItem" disabled>
              {t('sysrq')}: {t('sysrqNone')}
            </Menu.Item>
          )}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  )
}

function KeyItems({ keys, send }: { keys: readonly SendableKey[]; send: (text: string) => void }) {
  return keys.map(({ label, text }) => (
    <Menu.Item key={label} className="menuItem" onSelect={() => send(text)}>
      {label}
    </Menu.Item>
  ))
}

function SubMenu({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Menu.Sub>
      <Menu.SubTrigger className="menuItem">
        {label} <span aria-hidden>›</span>
      </Menu.SubTrigger>
      <Menu.Portal>
        <Menu.SubContent className="menu">{children}</Menu.SubContent>
      </Menu.Portal>
    </Menu.Sub>
  )
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  URL.revokeObjectURL(url)
}

const toggleFullScreen = () =>
  document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()
