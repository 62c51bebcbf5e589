import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { serverQuery } from '../api/queries.ts'
import { LatePowerOn } from '../power/late-power-on.tsx'
import { Power } from '../power/power.tsx'
import { useAnnouncement } from '../ui/announcement.ts'
import { User } from '../user/user.tsx'
import { WatchedMark } from '../watch/watched-mark.tsx'
import { Bar } from './bar/bar.tsx'
import { ToBottom } from './bottom/to-bottom.tsx'
import styles from './console.module.css'
import { FindPanel, useFind } from './find/find.tsx'
import { useLeaveGuard } from './guard/leave-guard.tsx'
import { useLeaveWarning } from './guard/leave-warning.ts'
import { bindKeys } from './keys/bind-keys.ts'
import { EscapeQuestion } from './keys/escape-question.tsx'
import { useKeyName } from './keys/key-name.ts'
import { KeyRow } from './keys/key-row.tsx'
import { useKeyboardSettings } from './keys/use-keyboard.ts'
import { LineBadge } from './line-badge.tsx'
import { LinkDialog } from './link-dialog.tsx'
import { SignInOrBack } from './next-steps.tsx'
import { Over } from './over.tsx'
import { PasteCard } from './paste/paste-card.tsx'
import { PasteDialog } from './paste/paste-dialog.tsx'
import { usePaste } from './paste/use-paste.ts'
import { usePasteNews } from './paste/use-paste-news.ts'
import { badgeOf, type Machine, mayType } from './session/line-status.ts'
import { Sharing } from './sharing/sharing.tsx'
import { useNews } from './sharing/use-news.ts'
import { keysOf } from './shortcuts/shortcuts.ts'
import { useSignInAgain } from './sign-in-again.ts'
import { MatchOffer } from './size/match-offer.tsx'
import { SizeChip } from './size/size-chip.tsx'
import { StateNotice } from './state-notice.tsx'
import { TimesGutter } from './times/times-gutter.tsx'
import {
  type OpenConsole,
  useConsole,
  useConsoleCallbacks,
  useLineStatus,
  useSession,
  useTerminalSettings,
} from './use-console.ts'
import { useFollowServer } from './use-follow-server.ts'
import { useConnectWhenReady, useMachine } from './use-server.ts'
import { useUnreadable } from './use-unreadable.ts'

/** The id of the hint that names the key for leaving the terminal. The terminal takes every other key. */
const LEAVE_HINT = 'leave-hint'

/** A server's serial console: the terminal, the state of the line, and the tools for both. */
export function ConsolePage({ serverId }: { serverId: string }) {
  const t = useTranslations('console')
  const keyName = useKeyName()
  const { data: server, isPending } = useQuery(serverQuery(serverId))
  const host = useRef<HTMLDivElement>(null)
  const [link, setLink] = useState<string | null>(null)
  const [announcement, announce] = useAnnouncement()
  const callbacks = useConsoleCallbacks(setLink)
  const open = useConsole(serverId, host, callbacks)
  const guard = useLeaveGuard(open)
  const find = useFind()
  const machine = useMachine(open?.session ?? null, server)
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
            <About server={server} off={open ? machine === 'off' : server?.power === 'off'} />
          </p>
        </div>
        {open && (
          <OpenBar
            open={open}
            serverId={serverId}
            name={name}
            server={server}
            machine={machine}
            announce={announce}
            onFind={find.show}
            onDisconnect={() => guard.leave(() => open.session.disconnect())}
          />
        )}
        <User
          compact
          leave={(then) =>
            guard.leave(() => {
              // Signing out ends the line anyway. Disconnecting first avoids a second question about leaving.
              open?.session.disconnect()
              then()
            })
          }
          onFocus={() => open?.terminal.focus()}
        />
      </header>
      <main className={styles.main} id="content">
        <Over open={open}>
          {open && (
            <StateNotice
              session={open.session}
              machine={machine}
              powerOn={
                server && (
                  <LatePowerOn server={server} announce={announce} onFocus={() => open.terminal.focus()} />
                )
              }
              NextSteps={SignInOrBack}
              onFocus={() => open.terminal.focus()}
            />
          )}
          {open && <FindPanel open={open} serverId={serverId} find={find} />}
          {open && <MatchOffer open={open} serverId={serverId} />}
          {open && <PasteCard open={open} />}
          <p role="status" className={styles.announcement}>
            {announcement}
          </p>
        </Over>
        {open && <TimesGutter open={open} />}
        <section className={styles.terminal} ref={host} aria-label={t('terminal')} />
        {open && <ToBottom terminal={open.terminal} />}
      </main>
      <footer>
        {open && <KeyRow open={open} />}
        <div className={styles.foot}>
          <span id={LEAVE_HINT}>{t('leaveHint')}</span>
          <span>
            {t('copyPasteHint', { copy: keyName(keysOf('copy')), paste: keyName(keysOf('paste')) })}
          </span>
          <span className={styles.facts}>
            {open && <SizeChip open={open} serverId={serverId} />}
            {open && <TransportName session={open.session} />}
          </span>
        </div>
      </footer>
      {guard.dialog}
      <LinkDialog url={link} onClose={() => setLink(null)} onFocus={() => open?.terminal.focus()} />
    </div>
  )
}

/**
 * What the server is, and its power state where that explains a silent line: off, or being switched. The state is first,
 * because a narrow page cuts the rest.
 */
function About({ server, off }: { server: Server | undefined; off: boolean }) {
  const t = useTranslations('power.states')
  const state = server?.task ?? (off ? 'off' : null)
  const facts = [server?.os.image, server?.zone].filter(Boolean).join(' · ')
  return (
    <>
      <strong role="status">{state && t(state)}</strong>
      {state && facts && ' · '}
      {facts}
      {server?.watched && (state || facts) && ' · '}
      <WatchedMark server={server} />
    </>
  )
}

/** Names the way that the bytes take: it is the first thing a support desk asks for. */
function TransportName({ session }: Pick<OpenConsole, 'session'>) {
  const t = useTranslations('console.via')
  const { transport } = useSession(session)
  return transport && <span>{t(transport)}</span>
}

interface OpenBarProps {
  open: OpenConsole
  serverId: string
  name: string
  server: Server | undefined
  machine: Machine
  /** Shows one short sentence about what just happened. */
  announce: (sentence: string) => void
  /** Opens the search. */
  onFind: () => void
  onDisconnect: () => void
}

/** The parts of the bar that need an open console: its state, its tools and its keys. */
function OpenBar({ open, serverId, name, server, machine, announce, onFind, onDisconnect }: OpenBarProps) {
  const t = useTranslations('console')
  const { session, terminal } = open
  const status = useLineStatus(session, machine)
  const badge = t(badgeOf(status))
  const { receive, question } = usePaste(open)

  useSignInAgain(session)
  useFollowServer(serverId, session)
  useConnectWhenReady(session, server)
  useTerminalSettings(open)
  useKeyboardSettings(open, serverId, announce)
  useLeaveWarning(status.kind !== 'silent' && mayType(status))
  useNews(session, announce)
  usePasteNews(session, announce)
  useUnreadable(session, announce)
  useEffect(() => {
    document.title = `${name} · ${badge} · BMS Console`
  }, [name, badge])
  useEffect(() => terminal.describeBy(LEAVE_HINT), [terminal])
  useEffect(
    () => bindKeys(open, receive, () => announce(t('copyBlocked')), onFind),
    [open, receive, announce, onFind, t],
  )

  return (
    <>
      <Sharing open={open} name={name} />
      <LineBadge status={status} />
      <Bar
        open={open}
        serverId={serverId}
        name={name}
        server={server}
        onPaste={(text) => {
          receive(text)
          terminal.focus()
        }}
        power={
          server && <Power worded server={server} announce={announce} onFocus={() => terminal.focus()} />
        }
        announce={announce}
        onFind={onFind}
        onDisconnect={onDisconnect}
      />
      <PasteDialog {...question} onFocus={() => terminal.focus()} />
      <EscapeQuestion open={open} />
    </>
  )
}
