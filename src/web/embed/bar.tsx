import { ClipboardPaste, Keyboard, Plug, Search, Unplug, UsersRound } from 'lucide-react'
import { useTranslations } from 'use-intl'
import consoleStyles from '../console/console.module.css'
import { LineBadge } from '../console/line-badge.tsx'
import { badgeOf, lineAction, type Machine, mayTakeKeyboard } from '../console/session/line-status.ts'
import { hasKeyboard } from '../console/session/viewers.ts'
import { useWatchingWhy } from '../console/sharing/watching-why.ts'
import { useShortcutKeys } from '../console/shortcuts/use-shortcut-keys.ts'
import { type OpenConsole, useLineStatus, useSession } from '../console/use-console.ts'
import { readClipboard } from '../ui/clipboard.ts'
import styles from './embed.module.css'
import { KeysMenu } from './keys-menu.tsx'
import { SizeMenu } from './size-menu.tsx'

interface BarProps {
  open: OpenConsole
  /** The server's name. Null until it is known. */
  name: string | null
  machine: Machine
  serverId: string
  onPaste: (clipboard: string) => void
  onFind: () => void
  /** Nobody sees it: the portal has its own. It still has the focus for who leaves the terminal. */
  unseen: boolean
  announce: (sentence: string) => void
}

/** Clicking keeps the focus in the terminal, where the next key belongs. Tab still reaches the button. */
const keepFocus = (event: { preventDefault(): void }) => event.preventDefault()

/** Names the server, shows how the line is, and has the few tools that no key can replace. */
export function Bar({ open, serverId, name, machine, onPaste, onFind, unseen, announce }: BarProps) {
  const t = useTranslations('console')
  const find = useTranslations('find')
  const keysOf = useShortcutKeys()
  const { session, terminal } = open
  const { viewers, recording } = useSession(session)
  const status = useLineStatus(session, machine)
  const action = lineAction(status)
  const watchingWhy = useWatchingWhy(session)
  const count = viewers?.all.length ?? 1
  const others = t('viewers', { count })
  const pasteFromClipboard = async () => {
    const text = await readClipboard()
    // The browser refuses, but the paste key still works.
    if (text === null) return announce(t('pasteBlocked', { key: keysOf('paste') ?? 'none' }))
    terminal.focus()
    onPaste(text)
  }
  if (unseen)
    return (
      <header className="unseen" id="leave-terminal" tabIndex={-1}>
        <h1>{name ?? t('terminal')}</h1>
        <LineBadge status={status} />
      </header>
    )
  return (
    <header className={styles.bar} id="leave-terminal" tabIndex={-1}>
      <h1 title={name ?? undefined}>{name ?? <span className="unseen">{t('terminal')}</span>}</h1>
      <LineBadge status={status} title={badgeOf(status) === 'watching' ? watchingWhy : undefined} />
      {recording?.on && (
        <span
          className={consoleStyles.recording}
          role="img"
          aria-label={t('recordingTitle')}
          title={t('recordingTitle')}
        >
          <span className={styles.roomy}>{t('recording')}</span>
        </span>
      )}
      {count > 1 && (
        <span className={styles.mark} title={others}>
          <UsersRound size={14} aria-hidden />
          <span aria-hidden>{count}</span>
          <span className="unseen">{others}</span>
          {hasKeyboard(viewers) && (
            <>
              <Keyboard size={14} aria-hidden />
              <span className="unseen">{t('hasKeyboard')}</span>
            </>
          )}
        </span>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields */}
      <div className={styles.tools} role="group" aria-label={t('toolbar')}>
        {mayTakeKeyboard(status) && (
          <button
            type="button"
            className="button primary"
            aria-label={t('takeKeyboard')}
            title={t('takeKeyboard')}
            onClick={() => {
              session.takeKeyboard()
              terminal.focus()
            }}
          >
            <Keyboard size={16} aria-hidden />
            <span className={styles.roomy}>{t('takeKeyboard')}</span>
          </button>
        )}
        <SizeMenu open={open} serverId={serverId} announce={announce} />
        <button
          type="button"
          className="icon"
          aria-label={find('label')}
          title={find('title')}
          onMouseDown={keepFocus}
          onClick={onFind}
        >
          <Search size={16} aria-hidden />
        </button>
        <KeysMenu open={open} disabled={watchingWhy} />
        <button
          type="button"
          className="icon"
          aria-label={t('paste')}
          title={watchingWhy ?? t('paste')}
          disabled={watchingWhy !== undefined}
          onMouseDown={keepFocus}
          onClick={() => void pasteFromClipboard()}
        >
          <ClipboardPaste size={16} aria-hidden />
        </button>
        <button
          type="button"
          className="icon"
          aria-label={t(action)}
          title={t(action)}
          onMouseDown={keepFocus}
          onClick={() => (action === 'disconnect' ? session.disconnect() : session.connect())}
        >
          {action === 'disconnect' ? <Unplug size={16} aria-hidden /> : <Plug size={16} aria-hidden />}
        </button>
      </div>
    </header>
  )
}
