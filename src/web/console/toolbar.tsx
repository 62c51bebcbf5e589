import * as Menu from '@radix-ui/react-dropdown-menu'
import {
  AArrowDown,
  AArrowUp,
  Accessibility,
  Check,
  CircleDot,
  CircleStop,
  ClipboardPaste,
  Copy,
  Download,
  Ellipsis,
  type LucideIcon,
  Maximize,
  Minimize,
  Plug,
  Unplug,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { settings, useSettings } from '../settings/settings.ts'
import { copyText, readClipboard } from '../ui/clipboard.ts'
import { useThemeChoice } from '../ui/theme-button.tsx'
import styles from './console.module.css'
import { fullScreenOffered, toggleFullScreen, useFullScreen } from './full-screen.ts'
import { useKeyName } from './keys/key-name.ts'
import { SendKeys } from './keys/send-keys.tsx'
import { chordNames } from './platform.ts'
import { lineAction } from './session/line-status.ts'
import { hasKeyboard } from './session/viewers.ts'
import { useWatchingWhy } from './sharing/watching-why.ts'
import { type OpenConsole, useLineStatus, useSession } from './use-console.ts'

interface ToolbarProps {
  open: OpenConsole
  name: string
  /** The power menu. It works without a line. */
  power: ReactNode
  onPaste: (clipboard: string) => void
  /** Shows one short sentence about what a tool did or could not do. */
  announce: (message: string) => void
  onDisconnect: () => void
}

/** A tool. It is a button where there is room, and an item of the menu where there is not. */
interface Tool {
  label: string
  Icon: LucideIcon
  run: () => void
  /** Set only for a switch. */
  pressed?: boolean
  /** People use it several times in a row, so its menu stays open. */
  repeats?: boolean
  /** Why it cannot be used now. */
  disabled?: string | undefined
}

export function Toolbar({ open, name, power, onPaste, announce, onDisconnect }: ToolbarProps) {
  const t = useTranslations('console')
  const { session, terminal } = open
  const action = lineAction(useLineStatus(session))
  const watching = useWatchingWhy(session)
  const groups = useTools(open, name)
  const keyName = useKeyName()
  const paste = async () => {
    const text = await readClipboard()
    // The browser refuses, but the paste key still works.
    if (text === null) announce(t('pasteBlocked', { key: keyName(chordNames.paste) }))
    else onPaste(text)
  }
  const copy = async () => {
    if (terminal.selection === '') announce(t('nothingSelected'))
    else announce(t((await copyText(terminal.selection)) ? 'copied' : 'copyBlocked'))
  }
  const copyTool: Tool = { label: t('copy'), Icon: Copy, run: () => void copy() }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
    <div className={styles.tools} role="group" aria-label={t('toolbar')}>
      <SendKeys open={open} disabled={watching} />
      <ToolButton label={t('paste')} Icon={ClipboardPaste} run={() => void paste()} disabled={watching} />
      <span className={styles.roomy}>
        <ToolButton {...copyTool} />
      </span>
      {power}
      {groups.map((tools) => (
        <span key={tools[0]?.label} className={styles.group}>
          {tools.map((tool) => (
            <ToolButton key={tool.label} {...tool} />
          ))}
        </span>
      ))}
      <MoreTools tools={[copyTool, ...groups.flat()]} />
      <button
        type="button"
        className={`button ${styles.line}`}
        onMouseDown={keepFocus}
        onClick={() => (action === 'connect' ? session.connect() : onDisconnect())}
      >
        {action === 'connect' ? <Plug size={16} aria-hidden /> : <Unplug size={16} aria-hidden />}
        {t(action === 'connect' ? 'retry' : 'disconnect')}
      </button>
    </div>
  )
}

/** Two groups: how the terminal looks, and what can be done with its output. */
function useTools({ session, terminal }: OpenConsole, name: string): Tool[][] {
  const t = useTranslations('console')
  const { recording, viewers, may } = useSession(session)
  const { screenReader } = useSettings()
  const full = useFullScreen()
  const theme = useThemeChoice()
  return [
    [
      { label: t('smaller'), Icon: AArrowDown, run: () => settings.resizeText(-1), repeats: true },
      { label: t('larger'), Icon: AArrowUp, run: () => settings.resizeText(1), repeats: true },
      { label: theme.label, Icon: theme.Icon, run: theme.choose },
      {
        label: t('screenReader'),
        Icon: Accessibility,
        run: () => settings.set({ screenReader: !screenReader }),
        pressed: screenReader,
      },
    ],
    [
      ...(recording?.mayChange && (hasKeyboard(viewers) || may?.record === false)
        ? [
            {
              label: t(recording.on ? 'stopRecording' : 'record'),
              Icon: recording.on ? CircleStop : CircleDot,
              run: () => session.record(!recording.on),
              disabled: may?.record === false ? t('recordForbidden') : undefined,
            },
          ]
        : []),
      {
        label: t('download'),
        Icon: Download,
        run: () => download(`${name}.txt`, terminal.transcript()),
      },
      ...(fullScreenOffered()
        ? [
            {
              label: t(full ? 'leaveFullScreen' : 'fullScreen'),
              Icon: full ? Minimize : Maximize,
              run: () => void toggleFullScreen(),
            },
          ]
        : []),
    ],
  ]
}

/** Clicking keeps the focus in the terminal, where the next key belongs. Tab still reaches the button. */
const keepFocus = (event: { preventDefault(): void }) => event.preventDefault()

function ToolButton({ label, Icon, run, pressed, disabled }: Tool) {
  return (
    <button
      type="button"
      className="icon"
      aria-label={label}
      aria-pressed={pressed}
      title={disabled ?? label}
      disabled={disabled !== undefined}
      onMouseDown={keepFocus}
      onClick={run}
    >
      <Icon size={17} aria-hidden />
    </button>
  )
}

function MoreTools({ tools }: { tools: Tool[] }) {
  const t = useTranslations('console')
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className={`icon ${styles.more}`} aria-label={t('more')} title={t('more')}>
        <Ellipsis size={18} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className="menu" align="end" sideOffset={6} collisionPadding={8}>
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
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
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
