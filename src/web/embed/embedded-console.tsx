import { useEffect, useMemo, useRef, useState } from 'react'
import { useLocale, useMessages, useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { getServer } from '../api/client.ts'
import consoleStyles from '../console/console.module.css'
import { LinkDialog, PasteDialog } from '../console/dialogs.tsx'
import { bindKeys } from '../console/keys/bind-keys.ts'
import { KeyRow } from '../console/keys/key-row.tsx'
import { usePaste } from '../console/paste/use-paste.ts'
import { useNews } from '../console/sharing/use-news.ts'
import { isFinal, StateNotice, type WaysOnProps } from '../console/state-notice.tsx'
import {
  type OpenConsole,
  useConsole,
  useConsoleCallbacks,
  useLooks,
  useSession,
} from '../console/use-console.ts'
import { useTold } from '../ui/told.tsx'
import { Bar } from './bar.tsx'
import type { Desk } from './desk.ts'
import styles from './embed.module.css'
import { failureWords } from './failure-words.ts'
import { eventsBetween } from './session-events.ts'
import { pageClock, throttled } from './throttle.ts'
import { cleanTitle } from './title.ts'

const LEAVE_HINT = 'leave-hint'
const TITLE_MS = 250
const BELL_MS = 500

/** A server's console within another page: the terminal, and a thin bar above it. */
export function EmbeddedConsole({ desk }: { desk: Desk }) {
  const t = useTranslations('console')
  const host = useRef<HTMLDivElement>(null)
  const [link, setLink] = useState<string | null>(null)
  const [told, tell] = useTold()
  const callbacks = useConsoleCallbacks(setLink)
  const open = useConsole(desk.launch.server, host, callbacks, !desk.framed)
  const [server, setServer] = useState<Server | null>(null)
  const words = useFailureWords()
  const focus = () => open?.terminal.focus()
  return (
    <div className={styles.page}>
      {open ? (
        <Open open={open} desk={desk} server={server} onServer={setServer} words={words} onTold={tell} />
      ) : (
        <div className={styles.bar} />
      )}
      <main className={consoleStyles.main}>
        {open && (
          <div className={styles.notices}>
            <StateNotice
              session={open.session}
              poweredOff={server?.power === 'off'}
              WaysOn={Reconnect}
              wordsOf={words}
              onFocus={focus}
            />
          </div>
        )}
        <section
          className={`${consoleStyles.terminal} ${styles.terminal}`}
          ref={host}
          aria-label={t('terminal')}
        />
        <p role="status" className={consoleStyles.told}>
          {told}
        </p>
      </main>
      <footer className={styles.touch}>{open && <KeyRow open={open} />}</footer>
      <span id={LEAVE_HINT} hidden>
        {t('leaveHint')}
      </span>
      <LinkDialog url={link} onClose={() => setLink(null)} onFocus={focus} />
    </div>
  )
}

interface OpenProps {
  open: OpenConsole
  desk: Desk
  /** null until it is known */
  server: Server | null
  onServer: (server: Server) => void
  words: Words
  onTold: (sentence: string) => void
}

type Words = ReturnType<typeof failureWords>

/** What needs an open console: its bar, its keys, and what the page around is told. */
function Open({ open, desk, server, onServer, words, onTold }: OpenProps) {
  const t = useTranslations('console')
  const { session, terminal } = open
  const { receive, question } = usePaste(session)
  const name = server?.name ?? null

  useServer(desk.launch.server, open, onServer)
  useLooks(open)
  useNews(session, onTold)
  useEvents(open, desk, words)
  useEffect(() => terminal.describeBy(LEAVE_HINT), [terminal])
  useEffect(() => bindKeys(open, receive, () => onTold(t('copyBlocked'))), [open, receive, onTold, t])
  useEffect(() => desk.stand({ session, terminal, paste: receive }), [desk, session, terminal, receive])
  useEffect(() => {
    if (name !== null) document.title = name
  }, [name])

  const focus = () => terminal.focus()
  return (
    <>
      <Bar open={open} name={name} onPaste={receive} onTold={onTold} />
      <PasteDialog {...question} onFocus={focus} />
    </>
  )
}

/** Nobody signs in here, and there is no list to go back to. */
const Reconnect = ({ failure, reconnect }: WaysOnProps) =>
  failure.cause === 'sign-in-needed' || isFinal(failure) ? null : reconnect

/** Its name, and whether it is on: asked for beside the line, which does not wait for it. */
function useServer(id: string, { session }: OpenConsole, onServer: (server: Server) => void): void {
  const known = useRef(false)
  // Silence may have a reason that is not as old as the page.
  const silent = useSession(session).state.kind === 'silent'
  useEffect(() => {
    if (known.current && !silent) return
    const asking = new AbortController()
    getServer(id, asking.signal).then(
      (server) => {
        known.current = true
        onServer(server)
      },
      // Without it there is the line all the same.
      () => {},
    )
    return () => asking.abort()
  }, [id, silent, onServer])
}

function useFailureWords(): Words {
  const language = useLocale()
  const words = useMessages()
  return useMemo(() => failureWords({ language, words }), [language, words])
}

/** Tells the page around what happens here. */
function useEvents({ session, terminal }: OpenConsole, { host }: Desk, words: Words) {
  const latest = useRef(words)
  useEffect(() => {
    latest.current = words
  }, [words])
  useEffect(() => {
    let before: ReturnType<typeof session.getSnapshot> | null = null
    const look = () => {
      const after = session.getSnapshot()
      for (const event of eventsBetween(before, after, (failure) => latest.current(failure))) host.tell(event)
      before = after
    }
    look()
    const title = throttled(
      (text: string) => host.tell({ type: 'title', title: cleanTitle(text) }),
      TITLE_MS,
      pageClock,
    )
    const bell = throttled(() => host.tell({ type: 'bell' }), BELL_MS, pageClock)
    const ends = [session.subscribe(look), terminal.onTitle(title), terminal.onBell(() => bell(null))]
    return () => {
      for (const end of ends) end()
    }
  }, [session, terminal, host])
}
