import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { serverQuery } from '../api/queries.ts'
import { Power } from '../power/power.tsx'
import { settings, useSettings, useTheme } from '../settings/settings.ts'
import { copyText } from '../ui/clipboard.ts'
import { useTold } from '../ui/told.tsx'
import { User } from '../user/user.tsx'
import styles from './console.module.css'
import { LinkDialog, PasteDialog } from './dialogs.tsx'
import { useLeaveGuard } from './guard/leave-guard.tsx'
import { useKeyName } from './keys/key-name.ts'
import { KeyRow } from './keys/key-row.tsx'
import { chordOf } from './keys/keys.ts'
import { type PreparedPaste, preparePaste } from './paste/paste.ts'
import { chordNames, onMac } from './platform.ts'
import { hasKeyboard } from './session/viewers.ts'
import { Sharing } from './sharing/sharing.tsx'
import { useViewerName } from './sharing/viewer-name.ts'
import { useSignInAgain } from './sign-in-again.ts'
import { StateNotice } from './state-notice.tsx'
import { themes } from './terminal/themes.ts'
import { Toolbar } from './toolbar.tsx'
import { type ConsoleCallbacks, type OpenConsole, useConsole, useSession } from './use-console.ts'

/** The element that tells which key leaves the terminal, which takes every other. */
const LEAVE_HINT = 'leave-hint'

/** A server's serial console: the terminal, what the line is doing, and what can be done about it. */
export default function ConsolePage({ serverId }: { serverId: string }) {
  const t = useTranslations('console')
  const keyName = useKeyName()
  const { data: server, isPending } = useQuery(serverQuery(serverId))
  const host = useRef<HTMLDivElement>(null)
  const [link, setLink] = useState<string | null>(null)
  const [told, setTold] = useTold()
  const callbacks = useRef<ConsoleCallbacks>({ onLink: setLink, seamText: () => '' })
  useEffect(() => {
    callbacks.current.seamText = (seam) =>
      seam.kind === 'away'
        ? t('seam', { seconds: Math.max(1, Math.round(seam.ms / 1000)) })
        : t('gap', { bytes: seam.bytes })
  }, [t])
  const open = useConsole(serverId, host, callbacks)
  const guard = useLeaveGuard(open)
  const name = server?.name ?? serverId
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <Link to="/" className="icon" aria-label={t('back')} title={t('back')} id="leave-terminal">
          <ArrowLeft size={18} aria-hidden />
        </Link>
        <div className={styles.identity}>
          <h1 title={name}>
            {isPending && <span className="skeleton" />}
            <span className={isPending ? 'unseen' : undefined}>{name}</span>
          </h1>
          <p>
            {isPending && <span className="skeleton" />}
            {[server?.os.image, server?.zone].filter(Boolean).join(' · ')}
            <PowerState server={server} />
          </p>
        </div>
        {open && (
          <OpenBar
            open={open}
            name={name}
            server={server}
            onTold={setTold}
            onDisconnect={() => guard.leave(() => open.session.disconnect())}
          />
        )}
        <User
          compact
          leave={(then) =>
            guard.leave(() => {
              // It would end with the sign-in, and leaving is asked for once.
              open?.session.disconnect()
              then()
            })
          }
          onFocus={() => open?.terminal.focus()}
        />
      </header>
      <main className={styles.main} id="content">
        {open && (
          <StateNotice
            session={open.session}
            poweredOff={server?.power === 'off'}
            onFocus={() => open.terminal.focus()}
          />
        )}
        <section className={styles.terminal} ref={host} aria-label={t('terminal')} />
        <p role="status" className={styles.told}>
          {told}
        </p>
      </main>
      <footer>
        {open && <KeyRow open={open} />}
        <div className={styles.foot}>
          <span id={LEAVE_HINT}>{t('leaveHint')}</span>
          <span>
            {t('copyPasteHint', { copy: keyName(chordNames.copy), paste: keyName(chordNames.paste) })}
          </span>
          {open && <Via session={open.session} />}
        </div>
      </footer>
      {guard.dialog}
      <LinkDialog url={link} onClose={() => setLink(null)} onFocus={() => open?.terminal.focus()} />
    </div>
  )
}

/** What explains a line that is silent: that the server is off, or on the way. */
function PowerState({ server }: { server: Server | undefined }) {
  const t = useTranslations('power.states')
  const state = server?.task ?? (server?.power === 'off' ? server.power : null)
  return <strong role="status">{state && t(state)}</strong>
}

/** The way that the bytes take, which an operator asks for first. */
function Via({ session }: Pick<OpenConsole, 'session'>) {
  const t = useTranslations('console.via')
  const { transport } = useSession(session)
  return transport && <span className={styles.via}>{t(transport)}</span>
}

interface OpenBarProps {
  open: OpenConsole
  name: string
  server: Server | undefined
  /** One short sentence on what just happened. */
  onTold: (sentence: string) => void
  onDisconnect: () => void
}

/** What needs an open console: its state, its tools and its keys. */
function OpenBar({ open, name, server, onTold, onDisconnect }: OpenBarProps) {
  const t = useTranslations('console')
  const { session, terminal } = open
  const { state, paste, viewers, news } = useSession(session)
  const viewerName = useViewerName()
  const { fontSize, screenReader } = useSettings()
  const theme = useTheme()
  const watching = !hasKeyboard(viewers)
  // Of a line that is up; of one that is not, that it is not is what matters.
  const shown = watching && (state.kind === 'live' || state.kind === 'silent') ? 'watching' : state.kind
  const stateName = t(shown)
  const [asked, setAsked] = useState<PreparedPaste | null>(null)
  const receive = useCallback(
    (text: string) => {
      const prepared = preparePaste(text)
      if (prepared.text === '') return
      if (prepared.needsConfirmation && session.mayWrite) setAsked(prepared)
      else session.paste(prepared.text)
    },
    [session],
  )

  useSignInAgain(session)
  useEffect(() => {
    terminal.theme = themes[theme]
  }, [terminal, theme])
  useEffect(() => {
    terminal.fontSize = fontSize
  }, [terminal, fontSize])
  useEffect(() => {
    terminal.screenReader = screenReader
  }, [terminal, screenReader])
  useEffect(() => {
    terminal.watching = watching
  }, [terminal, watching])
  useEffect(() => {
    if (!news) return
    if ('viewer' in news) onTold(t(`news.${news.kind}`, { viewer: viewerName(news.viewer) }))
    else onTold(t(`news.${news.kind}`))
  }, [news, onTold, t, viewerName])
  useEffect(() => {
    document.title = `${name} · ${stateName} · BMS Console`
  }, [name, stateName])
  useEffect(() => terminal.describeBy(LEAVE_HINT), [terminal])
  useEffect(() => bindKeys(open, receive, () => onTold(t('copyBlocked'))), [open, receive, onTold, t])

  return (
    <>
      <Sharing open={open} name={name} />
      <span
        className={styles.state}
        data-state={shown}
        data-failed={state.kind === 'ended' && state.failure !== null}
      >
        {stateName}
      </span>
      {paste && (
        <button type="button" className="button" onClick={() => session.cancelPaste()}>
          {t('pasting', { percent: Math.floor((paste.sent / paste.total) * 100) })} · {t('cancel')}
        </button>
      )}
      <Toolbar
        open={open}
        name={name}
        onPaste={(text) => {
          receive(text)
          terminal.focus()
        }}
        power={server && <Power server={server} onTold={onTold} onFocus={() => terminal.focus()} />}
        onTold={onTold}
        onDisconnect={onDisconnect}
      />
      <PasteDialog
        prepared={asked}
        onCancel={() => setAsked(null)}
        onConfirm={(text) => {
          setAsked(null)
          session.paste(text)
        }}
        onFocus={() => terminal.focus()}
      />
    </>
  )
}

/** The keys that are ours and not the line's; every paste of the browser goes through `receive`. */
function bindKeys(
  { terminal }: OpenConsole,
  receive: (text: string) => void,
  onCopyBlocked: () => void,
): () => void {
  const onPaste = (event: ClipboardEvent) => {
    if (!(event.target instanceof Element) || !event.target.closest('.xterm')) return
    // Before xterm's own handler, which lets control characters of the clipboard through.
    event.preventDefault()
    event.stopPropagation()
    receive(event.clipboardData?.getData('text/plain') ?? '')
  }
  document.addEventListener('paste', onPaste, true)
  terminal.onKey((event) => {
    const chord = chordOf(event, onMac)
    if (chord === null) return true
    if (event.type !== 'keydown') return false
    switch (chord) {
      case 'copy':
        event.preventDefault()
        if (terminal.selection) {
          void copyText(terminal.selection).then((copied) => {
            if (!copied) onCopyBlocked()
          })
        }
        return false
      case 'paste':
        // The browser's own paste event follows.
        return false
      case 'leave':
        event.preventDefault()
        document.getElementById('leave-terminal')?.focus()
        return false
      case 'font-larger':
        event.preventDefault()
        settings.resizeText(1)
        return false
      case 'font-smaller':
        event.preventDefault()
        settings.resizeText(-1)
        return false
      case 'font-reset':
        event.preventDefault()
        settings.resizeText(null)
        return false
    }
  })
  return () => document.removeEventListener('paste', onPaste, true)
}
