import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { serverQuery } from '../api/queries.ts'
import { useOpened } from '../preferences/use-opened.ts'
import { useAnnouncement } from '../ui/announcement.ts'
import { ListLink } from '../user/list-link.tsx'
import { User } from '../user/user.tsx'
import { WatchedMark } from '../watch/watched-mark.tsx'
import { useDialog } from './bar/use-dialog.tsx'
import styles from './console.module.css'
import { ConsoleBar } from './console-bar.tsx'
import { useFind } from './find/find.tsx'
import { useLeaveGuard } from './guard/leave-guard.tsx'
import { bindKeys } from './keys/bind-keys.ts'
import { EscapeQuestion } from './keys/escape-question.tsx'
import { useHasKeys } from './keys/has-keys.ts'
import { KeyRow } from './keys/key-row.tsx'
import { LineBadge } from './line-badge.tsx'
import { LinkDialog } from './link-dialog.tsx'
import type { LineLink } from './links/line-link.ts'
import { useLinkedLine } from './links/use-linked-line.ts'
import { useMarkKey } from './marks/mark-items.ts'
import { PasteDialog } from './paste/paste-dialog.tsx'
import { usePaste } from './paste/use-paste.ts'
import { badgeOf, type Machine } from './session/line-status.ts'
import { Sharing } from './sharing/sharing.tsx'
import { useShortcutKeys } from './shortcuts/use-shortcut-keys.ts'
import { SizeChip } from './size/size-chip.tsx'
import { TerminalArea } from './terminal-area.tsx'
import { type OpenConsole, useConsole, useConsoleCallbacks, useGround, useSession } from './use-console.ts'
import { useLine } from './use-line.ts'
import { useMachine } from './use-server.ts'

/** The id of the hint that names the key for leaving the terminal. The terminal takes every other key. */
const LEAVE_HINT = 'leave-hint'

/** A server's serial console: the terminal, the state of the line, and the tools for both. */
export function ConsolePage({ serverId, link: linked }: { serverId: string; link: LineLink | null }) {
  const t = useTranslations('console')
  const hasKeys = useHasKeys()
  const keysOf = useShortcutKeys()
  const { data: server, isPending } = useQuery(serverQuery(serverId))
  useOpened(server?.id)
  const host = useRef<HTMLDivElement>(null)
  const [link, setLink] = useState<string | null>(null)
  const [announcement, announce] = useAnnouncement()
  const callbacks = useConsoleCallbacks(setLink)
  const open = useConsole(serverId, host, callbacks)
  const guard = useLeaveGuard(open, serverId)
  const find = useFind()
  const machine = useMachine(open?.session ?? null, server)
  const name = server?.name ?? serverId
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <ListLink className="icon" title={t('back')} id="leave-terminal">
          <ArrowLeft size={18} aria-hidden />
        </ListLink>
        <div className={styles.identity}>
          <h1 title={name}>
            {isPending && <span className="skeleton" />}
            <Link
              to="/servers/$serverId"
              params={{ serverId }}
              className={isPending ? 'unseen' : styles.name}
            >
              {name}
            </Link>
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
            link={linked}
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
        <TerminalArea
          host={host}
          open={open}
          serverId={serverId}
          server={server}
          machine={machine}
          find={find}
          announcement={announcement}
          announce={announce}
        />
      </main>
      <footer>
        {open && <KeyRow open={open} />}
        <div className={styles.foot}>
          <span id={LEAVE_HINT}>{hasKeys && t('leaveHint')}</span>
          <span>
            {hasKeys && t('copyPasteHint', { copy: keysOf('copy') ?? '', paste: keysOf('paste') ?? '' })}
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
  /** The line that the page's address names */
  link: LineLink | null
  /** Shows one short sentence about what just happened. */
  announce: (sentence: string) => void
  /** Opens the search. */
  onFind: () => void
  onDisconnect: () => void
}

/** The parts of the bar that need an open console: its state, its tools and its keys. */
function OpenBar(props: OpenBarProps) {
  const { open, serverId, name, server, machine, link, announce, onFind, onDisconnect } = props
  const t = useTranslations('console')
  const { terminal } = open
  const status = useLine({ open, serverId, server, machine, announce })
  const badge = t(badgeOf(status))
  const { receive, question } = usePaste(open)
  useGround()
  useLinkedLine(open, link, announce)
  useEffect(() => {
    document.title = `${name} · ${badge} · BMS Console`
  }, [name, badge])
  useEffect(() => terminal.describeBy(LEAVE_HINT), [terminal])
  const { dialog, show } = useDialog(open, serverId)
  const onMark = useEffectEvent(useMarkKey({ open, announce, show }))
  useEffect(
    () =>
      bindKeys(
        open,
        receive,
        () => announce(t('copyBlocked')),
        onFind,
        undefined,
        () => onMark(),
      ),
    [open, receive, announce, onFind, t],
  )

  return (
    <>
      <Sharing open={open} name={name} />
      <LineBadge status={status} />
      <ConsoleBar
        open={open}
        serverId={serverId}
        name={name}
        server={server}
        receive={receive}
        announce={announce}
        onFind={onFind}
        onDisconnect={onDisconnect}
      />
      <PasteDialog {...question} onFocus={() => terminal.focus()} />
      {dialog}
      <EscapeQuestion open={open} name={name} />
    </>
  )
}
