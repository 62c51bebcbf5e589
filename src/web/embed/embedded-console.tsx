import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useLocale, useMessages, useTranslations } from 'use-intl'
import { systemClock } from '../../shared/clock.ts'
import type { Server } from '../../shared/server.ts'
import { getServer } from '../api/client.ts'
import { useAgain } from '../console/again.tsx'
import { ToBottom } from '../console/bottom/to-bottom.tsx'
import consoleStyles from '../console/console.module.css'
import { EncodingDoubt } from '../console/encoding/encoding-doubt.tsx'
import { FindPanel, useFind } from '../console/find/find.tsx'
import { InPlace } from '../console/in-place/in-place.tsx'
import { bindKeys } from '../console/keys/bind-keys.ts'
import { EscapeQuestion } from '../console/keys/escape-question.tsx'
import { useHasKeys } from '../console/keys/has-keys.ts'
import { KeyRow } from '../console/keys/key-row.tsx'
import { useKeyboardSettings } from '../console/keys/use-keyboard.ts'
import { LinkDialog } from '../console/link-dialog.tsx'
import { Over } from '../console/over.tsx'
import { PasteCard } from '../console/paste/paste-card.tsx'
import { PasteDialog } from '../console/paste/paste-dialog.tsx'
import { usePaste } from '../console/paste/use-paste.ts'
import { usePasteNews } from '../console/paste/use-paste-news.ts'
import { isFinal, type Machine } from '../console/session/line-status.ts'
import { useNews } from '../console/sharing/use-news.ts'
import { chooseSize, useTerminalSize } from '../console/size/use-size.ts'
import { type NextStepsProps, StateNotice } from '../console/state-notice.tsx'
import { Touch } from '../console/touch/touch.tsx'
import {
  type OpenConsole,
  useConsole,
  useConsoleCallbacks,
  useGround,
  useLineStatus,
  useTerminalSettings,
} from '../console/use-console.ts'
import { lookAgainMs, useConnectWhenReady, useMachine } from '../console/use-server.ts'
import { useUnreadable } from '../console/use-unreadable.ts'
import { useAnnouncement } from '../ui/announcement.ts'
import { Bar } from './bar.tsx'
import styles from './embed.module.css'
import { failureWords } from './failure-words.ts'
import type { HostLink } from './host-link.ts'
import { passKeys } from './pass-keys.ts'
import { eventsBetween } from './session-events.ts'
import { throttled } from './throttle.ts'
import { cleanTitle } from './title.ts'

const LEAVE_HINT = 'leave-hint'
const TITLE_MS = 250
const BELL_MS = 500

/** A server's console inside another page: the terminal with a thin bar above it. */
export function EmbeddedConsole({ hostLink }: { hostLink: HostLink }) {
  const t = useTranslations('console')
  const hasKeys = useHasKeys()
  const { isAnew } = useAgain()
  const host = useRef<HTMLDivElement>(null)
  const [link, setLink] = useState<string | null>(null)
  const [announcement, announce] = useAnnouncement()
  const callbacks = useConsoleCallbacks(setLink)
  const open = useConsole(hostLink.launch.server, host, callbacks, { takesFocus: isAnew || !hostLink.framed })
  const [server, setServer] = useState<Server | null>(null)
  const words = useFailureWords()
  const machine = useMachine(open?.session ?? null, server)
  const find = useFind()
  const { chrome } = useSyncExternalStore(hostLink.wishes.subscribe, hostLink.wishes.get)
  const focus = () => open?.terminal.focus()
  return (
    <div className={styles.page} data-chrome={chrome}>
      {open ? (
        <Open
          open={open}
          hostLink={hostLink}
          server={server}
          machine={machine}
          onServer={setServer}
          words={words}
          unseen={chrome === 'none'}
          onFind={find.show}
          announce={announce}
        />
      ) : (
        chrome === 'bar' && <div className={styles.bar} />
      )}
      <main className={consoleStyles.main}>
        <Over open={open}>
          {open && (
            <div className={styles.notices}>
              <StateNotice
                session={open.session}
                machine={machine}
                NextSteps={Reconnect}
                // The notice names the missing permission itself.
                wordsOf={(failure) => words({ ...failure, permission: undefined })}
                onFocus={focus}
              />
            </div>
          )}
          {open && <InPlace open={open} />}
          {open && <FindPanel open={open} historyOf={null} find={find} />}
          {open && <EncodingDoubt open={open} serverId={hostLink.launch.server} announce={announce} />}
          {open && <PasteCard open={open} />}
          <p role="status" className={consoleStyles.announcement}>
            {announcement}
          </p>
        </Over>
        <section
          className={`${consoleStyles.terminal} ${styles.terminal}`}
          ref={host}
          aria-label={t('terminal')}
        />
        {open && <ToBottom terminal={open.terminal} />}
        {open && <Touch terminal={open.terminal} announce={announce} />}
      </main>
      <footer className={styles.touch}>{open && <KeyRow open={open} />}</footer>
      <span id={LEAVE_HINT} hidden>
        {hasKeys && t('leaveHint')}
      </span>
      <LinkDialog url={link} onClose={() => setLink(null)} onFocus={focus} />
    </div>
  )
}

interface OpenProps {
  open: OpenConsole
  hostLink: HostLink
  /** Null until it is known. */
  server: Server | null
  machine: Machine
  onServer: (server: Server) => void
  words: Words
  /** The portal draws the bar. */
  unseen: boolean
  onFind: () => void
  announce: (sentence: string) => void
}

type Words = ReturnType<typeof failureWords>

/** The parts that need an open console: its bar, its keys, and the events for the host page. */
function Open(props: OpenProps) {
  const { open, hostLink, server, machine, onServer, words, unseen, onFind, announce } = props
  const t = useTranslations('console')
  const { session, terminal } = open
  const { receive, question } = usePaste(open)
  const name = server?.name ?? null
  const serverId = hostLink.launch.server

  useServer(serverId, open, server, onServer)
  useConnectWhenReady(session, server)
  useTerminalSettings(open)
  useGround()
  useTerminalSize(open, serverId)
  useKeyboardSettings(open, serverId, announce)
  useNews(session, announce)
  usePasteNews(session, announce)
  useUnreadable(session, announce)
  useEvents(open, hostLink, words)
  useEffect(() => terminal.describeBy(LEAVE_HINT), [terminal])
  useEffect(
    () => bindKeys(open, receive, () => announce(t('copyBlocked')), onFind),
    [open, receive, announce, onFind, t],
  )
  useEffect(
    () =>
      hostLink.attach({
        ...open,
        paste: receive,
        find: onFind,
        setSize: (size) => chooseSize(serverId, size),
      }),
    [hostLink, open, serverId, receive, onFind],
  )
  useEffect(() => {
    if (name !== null) document.title = name
  }, [name])

  const focus = () => terminal.focus()
  return (
    <>
      <Bar
        open={open}
        serverId={serverId}
        name={name}
        machine={machine}
        onPaste={receive}
        onFind={onFind}
        unseen={unseen}
        announce={announce}
      />
      <PasteDialog {...question} onFocus={focus} />
      <EscapeQuestion open={open} name={name ?? serverId} />
    </>
  )
}

/** Nobody signs in here, and there is no list to go back to: reconnecting is all that is left. */
const Reconnect = ({ failure, reconnect }: NextStepsProps) =>
  failure.cause === 'sign-in-needed' || isFinal(failure) ? null : reconnect

/** The server's name and power state. The line does not wait for them, and works without them. */
function useServer(
  id: string,
  { session }: OpenConsole,
  server: Server | null,
  onServer: (server: Server) => void,
): void {
  const known = useRef(false)
  const ask = useCallback(() => {
    const asking = new AbortController()
    getServer(id, asking.signal).then(
      (answer) => {
        known.current = true
        onServer(answer)
      },
      () => {},
    )
    return () => asking.abort()
  }, [id, onServer])
  useEffect(ask, [ask])
  const again = lookAgainMs(server, useLineStatus(session))
  useEffect(() => {
    if (again === null) return
    let giveUp = known.current ? ask() : () => {}
    const timer = setInterval(() => {
      if (document.hidden) return
      giveUp()
      giveUp = ask()
    }, again)
    return () => {
      clearInterval(timer)
      giveUp()
    }
  }, [again, ask])
}

function useFailureWords(): Words {
  const language = useLocale()
  const words = useMessages()
  return useMemo(() => failureWords({ language, words }), [language, words])
}

/** Sends the host page an event for each thing that happens here. */
function useEvents({ session, terminal }: OpenConsole, { host, wishes }: HostLink, words: Words) {
  const latest = useRef(words)
  useEffect(() => {
    latest.current = words
  }, [words])
  useEffect(
    () =>
      passKeys(
        () => wishes.get().passKeys,
        (keys) => host.send({ type: 'key', keys }),
      ),
    [wishes, host],
  )
  useEffect(() => {
    const tell = () => {
      const { shown, follows } = terminal.frame.state
      host.send({ type: 'size', ...shown, follows })
    }
    tell()
    const stop = terminal.frame.subscribe(tell)
    return () => void stop()
  }, [terminal, host])
  useEffect(() => {
    let before: ReturnType<typeof session.getSnapshot> | null = null
    const look = () => {
      const after = session.getSnapshot()
      for (const event of eventsBetween(before, after, (failure) => latest.current(failure))) host.send(event)
      before = after
    }
    look()
    const title = throttled(
      (text: string) => host.send({ type: 'title', title: cleanTitle(text) }),
      TITLE_MS,
      systemClock,
    )
    const bell = throttled(() => host.send({ type: 'bell' }), BELL_MS, systemClock)
    const ends = [session.subscribe(look), terminal.onTitle(title), terminal.onBell(() => bell(null))]
    return () => {
      for (const end of ends) end()
    }
  }, [session, terminal, host])
}
