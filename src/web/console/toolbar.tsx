import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import {
  AArrowDown,
  AArrowUp,
  Accessibility,
  CircleDot,
  CircleStop,
  ClipboardPaste,
  Copy,
  Download,
  History,
  Maximize,
  Minimize,
  Plug,
  Unplug,
} from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { useTranslations } from 'use-intl'
import { userMay } from '../../shared/user.ts'
import { aboutQuery, useUser } from '../api/queries.ts'
import { settings, useSettings } from '../settings/settings.ts'
import { copyText, readClipboard } from '../ui/clipboard.ts'
import { useOnDemand } from '../ui/on-demand.ts'
import { useThemeChoice } from '../ui/theme-button.tsx'
import styles from './console.module.css'
import { fullScreenOffered, toggleFullScreen, useFullScreen } from './full-screen.ts'
import { useKeyName } from './keys/key-name.ts'
import { SendKeys } from './keys/send-keys.tsx'
import { MoreButton, type Tool } from './more-button.tsx'
import { chordNames } from './platform.ts'
import { lineAction } from './session/line-status.ts'
import { hasKeyboard } from './session/viewers.ts'
import { useWatchingWhy } from './sharing/watching-why.ts'
import { type OpenConsole, useLineStatus, useSession } from './use-console.ts'

const MENUS_MS = 2_000

/** The menus load when they are opened. Here they are needed while the network is down, too, so they come before that. */
function fetchMenus(): void {
  const menus = [
    import('./more-menu.tsx'),
    import('./keys/send-keys-menu.tsx'),
    import('./sharing/viewers-menu.tsx'),
  ]
  for (const menu of menus) menu.catch(() => {})
}

interface ToolbarProps {
  open: OpenConsole
  serverId: string
  name: string
  /** The power menu. It works without a line. */
  power: ReactNode
  /** Has the line watched, or no more. null: lines cannot be watched here */
  watch: Tool | null
  onPaste: (clipboard: string) => void
  /** Shows one short sentence about what a tool did or could not do. */
  announce: (message: string) => void
  onDisconnect: () => void
}

export function Toolbar({
  open,
  serverId,
  name,
  power,
  watch,
  onPaste,
  announce,
  onDisconnect,
}: ToolbarProps) {
  const t = useTranslations('console')
  const { session, terminal } = open
  const action = lineAction(useLineStatus(session))
  const watching = useWatchingWhy(session)
  const groups = useTools(open, serverId, name, watch)
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
  useEffect(() => {
    const timer = setTimeout(fetchMenus, MENUS_MS)
    return () => clearTimeout(timer)
  }, [])
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
function useTools(
  { session, terminal }: OpenConsole,
  serverId: string,
  name: string,
  watch: Tool | null,
): Tool[][] {
  const t = useTranslations('console')
  const { recording, viewers, may } = useSession(session)
  const { screenReader } = useSettings()
  const full = useFullScreen()
  const theme = useThemeChoice()
  const history = useHistoryTool(serverId)
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
      ...(watch ? [watch] : []),
      ...history,
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

/** The history opens beside the console, so the line stays open. Absent where nothing is kept or may be read. */
function useHistoryTool(serverId: string): Tool[] {
  const t = useTranslations('history')
  const { data: about } = useQuery(aboutQuery())
  const user = useUser()
  const router = useRouter()
  if (about?.log !== true || !user || !userMay(user, 'read-log')) return []
  const { href } = router.buildLocation({ to: '/servers/$serverId/history', params: { serverId } })
  return [{ label: t('open'), Icon: History, run: () => void window.open(href, '_blank', 'noopener') }]
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

/** The tools that a small screen has no room for: a button with a menu. */
function MoreTools({ tools }: { tools: Tool[] }) {
  const { Menu, byKeyboard, button } = useOnDemand(() => import('./more-menu.tsx'))
  return Menu ? <Menu tools={tools} byKeyboard={byKeyboard} /> : <MoreButton {...button} />
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  URL.revokeObjectURL(url)
}
