import { ClipboardPaste, Copy, Ellipsis, Plug, Search, Unplug } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../../shared/server.ts'
import { copyText, readClipboard } from '../../ui/clipboard.ts'
import { useOnDemand } from '../../ui/on-demand.ts'
import { useHasKeys } from '../keys/has-keys.ts'
import { SendKeys } from '../keys/send-keys.tsx'
import { lineAction } from '../session/line-status.ts'
import { useWatchingWhy } from '../sharing/watching-why.ts'
import { usePageKeys } from '../shortcuts/use-page-keys.ts'
import { useShortcutKeys } from '../shortcuts/use-shortcut-keys.ts'
import { type OpenConsole, useLineStatus } from '../use-console.ts'
import styles from './bar.module.css'
import { BarButton, keepFocus, MenuButton } from './bar-button.tsx'
import type { BarContext, BarItem } from './bar-item.ts'
import type { BarMenuProps } from './bar-menu.tsx'
import { useSessionItems } from './session-items.ts'
import { useDialog } from './use-dialog.tsx'
import { useViewItems } from './view-items.ts'

const MENUS_MS = 2_000

/** The menus load when they are opened. Here they are needed while the network is down, too, so they come before that. */
function fetchMenus(): void {
  const menus = [
    import('./bar-menu.tsx'),
    import('../keys/send-keys-menu.tsx'),
    import('../keys/keypad.tsx'),
    import('../keys/keyboard-dialog.tsx'),
    import('../sharing/viewers-menu.tsx'),
    import('../find/find-bar.tsx'),
  ]
  for (const menu of menus) menu.catch(() => {})
}

interface BarProps {
  open: OpenConsole
  serverId: string
  name: string
  server: Server | undefined
  /** The power menu. It works without a line. */
  power: ReactNode
  onPaste: (clipboard: string) => void
  /** Shows one short sentence about what a tool did or could not do. */
  announce: (sentence: string) => void
  /** Opens the search of the scrollback. */
  onFind: () => void
  onDisconnect: () => void
}

/**
 * The console's tools in groups: keys and the clipboard, the menus, and the power, which no slip of the hand on another
 * tool may reach. A narrow page has fewer words and one menu.
 */
export function Bar({
  open,
  serverId,
  name,
  server,
  power,
  onPaste,
  announce,
  onFind,
  onDisconnect,
}: BarProps) {
  const t = useTranslations('console')
  const words = useTranslations('bar')
  const { session, terminal } = open
  const action = lineAction(useLineStatus(session))
  const watching = useWatchingWhy(session)
  const { dialog, show } = useDialog(open, serverId)
  usePageKeys(show)
  const bar: BarContext = { open, serverId, name, announce, show }
  const view = useViewItems(bar)
  const sessions = useSessionItems(bar, server)
  const focus = () => terminal.focus()
  const hasKeys = useHasKeys()
  const keysOf = useShortcutKeys()
  const keys = { copy: keysOf('copy'), paste: keysOf('paste'), find: keysOf('find') }
  const paste = async () => {
    const text = await readClipboard()
    // The browser refuses, but the paste key still works.
    if (text === null) announce(t('pasteBlocked', { key: keys.paste ?? 'none' }))
    else onPaste(text)
  }
  const copy = async () => {
    if (terminal.selection === '') announce(words('nothingSelected'))
    else announce(t((await copyText(terminal.selection)) ? 'copied' : 'copyBlocked'))
  }
  useEffect(() => {
    const timer = setTimeout(fetchMenus, MENUS_MS)
    return () => clearTimeout(timer)
  }, [])
  const lineWord = t(action)
  const copyItem: BarItem = {
    kind: 'action',
    label: words('copy'),
    Icon: Copy,
    run: () => void copy(),
    keys: keys.copy,
  }
  const findItem: BarItem = {
    kind: 'action',
    label: words('find'),
    Icon: Search,
    run: onFind,
    keys: keys.find,
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
    <div className={styles.tools} role="group" aria-label={t('toolbar')}>
      <div className={styles.group}>
        <SendKeys
          open={open}
          disabled={watching}
          chooseSettings={() => show(() => import('../keys/keyboard-dialog.tsx'))}
        />
        <BarButton
          label={t('paste')}
          Icon={ClipboardPaste}
          keys={keys.paste}
          why={watching}
          onClick={() => void paste()}
        />
        <span className={styles.roomy}>
          <BarButton label={words('copy')} Icon={Copy} keys={keys.copy} onClick={() => void copy()} />
          <BarButton label={words('find')} Icon={Search} keys={keys.find} onClick={onFind} />
        </span>
      </div>
      <div className={`${styles.group} ${styles.menus}`}>
        <ItemMenu label={words('view')} groups={view} onFocus={focus} />
        <ItemMenu label={words('session')} groups={sessions} onFocus={focus} />
      </div>
      <div className={`${styles.group} ${styles.more}`}>
        <ItemMenu
          label={words('more')}
          Icon={Ellipsis}
          groups={[[copyItem, findItem], ...view, ...sessions]}
          onFocus={focus}
          hint={hasKeys ? t('leaveHint') : undefined}
        />
      </div>
      {power && <div className={styles.group}>{power}</div>}
      <button
        type="button"
        className={`button ${styles.line}`}
        aria-label={lineWord}
        title={lineWord}
        onMouseDown={keepFocus}
        onClick={() => (action === 'disconnect' ? onDisconnect() : session.connect())}
      >
        {action === 'disconnect' ? <Unplug size={16} aria-hidden /> : <Plug size={16} aria-hidden />}
        <span>{lineWord}</span>
      </button>
      {dialog}
    </div>
  )
}

function ItemMenu(props: BarMenuProps) {
  const { Menu, byKeyboard, button } = useOnDemand(() => import('./bar-menu.tsx'))
  return Menu ? (
    <Menu {...props} byKeyboard={byKeyboard} />
  ) : (
    <MenuButton label={props.label} Icon={props.Icon} {...button} />
  )
}
