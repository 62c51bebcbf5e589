import { useQuery } from '@tanstack/react-query'
import { Maximize2, X } from 'lucide-react'
import { type ReactNode, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { serverQuery } from '../api/queries.ts'
import { useDialog } from '../console/bar/use-dialog.tsx'
import consoles from '../console/console.module.css'
import { ConsoleBar } from '../console/console-bar.tsx'
import { useFind } from '../console/find/find.tsx'
import { useLeaveGuard } from '../console/guard/leave-guard.tsx'
import { bindKeys } from '../console/keys/bind-keys.ts'
import { EscapeQuestion } from '../console/keys/escape-question.tsx'
import { KeyRow } from '../console/keys/key-row.tsx'
import { LineBadge } from '../console/line-badge.tsx'
import { LinkDialog } from '../console/link-dialog.tsx'
import { useMarkKey } from '../console/marks/mark-items.ts'
import { SignInOrBack } from '../console/next-steps.tsx'
import { PasteDialog } from '../console/paste/paste-dialog.tsx'
import { usePaste } from '../console/paste/use-paste.ts'
import {
  isFinal,
  keyObstacle,
  type LineStatus,
  lineStatus,
  type Machine,
} from '../console/session/line-status.ts'
import { Sharing } from '../console/sharing/sharing.tsx'
import { SizeChip } from '../console/size/size-chip.tsx'
import type { NextStepsProps } from '../console/state-notice.tsx'
import { TerminalArea } from '../console/terminal-area.tsx'
import { type OpenConsole, useConsole, useConsoleCallbacks } from '../console/use-console.ts'
import { useLine } from '../console/use-line.ts'
import { useMachine } from '../console/use-server.ts'
import { useOpened } from '../preferences/use-opened.ts'
import { useAnnouncement } from '../ui/announcement.ts'
import styles from './grid.module.css'
import type { Several } from './several.ts'
import { TakesKeys, useSeveral } from './takes-keys.tsx'

/** The id of the hint that names the key for leaving a terminal. */
export const LEAVE_HINT = 'leave-hint'

/** What the page may do with a pane. */
export interface PaneHandle {
  open: OpenConsole
  /** Runs what it is given, and asks first where it must. */
  leave: (proceed: () => void) => void
}

/** Places of the page that show what the pane in front has. */
interface Slots {
  bar: HTMLElement | null
  foot: HTMLElement | null
}

interface ConsolePaneProps {
  serverId: string
  /** It has the focus, and the bar's tools. */
  front: boolean
  /** Another tab is in front of it. */
  hidden: boolean
  /** A GPU may draw it. */
  gpu: boolean
  slots: Slots
  several: Several<OpenConsole>
  /** It can be shown alone. */
  onAlone: (() => void) | null
  onFront: () => void
  onClose: () => void
  /** The key that leaves the terminal */
  onLeave: () => void
  onHandle: (handle: PaneHandle | null) => void
  onStatus: (status: LineStatus | null) => void
}

/** One of several consoles on a page: its name, its state, its terminal, and what it has to say. */
export function ConsolePane(props: ConsolePaneProps) {
  const { serverId, front, hidden, gpu, several, onAlone, onFront, onClose } = props
  const t = useTranslations('consoles')
  const { data: server } = useQuery(serverQuery(serverId))
  useOpened(server?.id)
  const host = useRef<HTMLDivElement>(null)
  const [link, setLink] = useState<string | null>(null)
  const [announcement, announce] = useAnnouncement()
  const callbacks = useConsoleCallbacks(setLink)
  const [takesFocus] = useState(front)
  const open = useConsole(serverId, host, callbacks, { takesFocus, gpu: false })
  const guard = useLeaveGuard(open, serverId, onFront)
  const find = useFind()
  const machine = useMachine(open?.session ?? null, server)
  const [status, setStatus] = useState<LineStatus | null>(null)
  const name = server?.name ?? serverId
  const { takes } = useSeveral(several, serverId, status)
  useEffect(() => {
    if (open) open.terminal.gpu = gpu
  }, [open, gpu])
  return (
    <section
      className={styles.pane}
      aria-label={name}
      data-pane={serverId}
      data-front={front}
      data-takes={takes}
      hidden={hidden}
      onFocus={onFront}
      onPointerDown={onFront}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keyboard's way into the terminal is Tab */}
      <header
        className={styles.head}
        onMouseDown={(event) => {
          if (event.target instanceof Element && event.target.closest('button, label')) return
          event.preventDefault()
          open?.terminal.focus()
        }}
      >
        <h2 title={name}>{name}</h2>
        {open && <Sharing open={open} name={name} />}
        <TakesKeys several={several} serverId={serverId} name={name} status={status} />
        {status && <LineBadge status={status} />}
        {onAlone && (
          <button
            type="button"
            className="icon"
            aria-label={t('alone', { name })}
            title={t('aloneTitle')}
            onClick={onAlone}
          >
            <Maximize2 size={14} aria-hidden />
          </button>
        )}
        <button
          type="button"
          className="icon"
          aria-label={t('close', { name })}
          title={t('closeTitle')}
          onClick={onClose}
        >
          <X size={16} aria-hidden />
        </button>
      </header>
      <div className={`${consoles.main} ${styles.body}`}>
        <TerminalArea
          host={host}
          label={t('terminal', { name })}
          open={open}
          serverId={serverId}
          server={server}
          machine={machine}
          find={find}
          announcement={announcement}
          announce={announce}
          hidden={hidden}
          offers={front}
          NextSteps={SignInOrNothing}
        />
      </div>
      {open && (
        <OpenPane
          {...props}
          open={open}
          name={name}
          server={server}
          machine={machine}
          announce={announce}
          onFind={find.show}
          leave={guard.leave}
          onLine={setStatus}
        />
      )}
      {guard.dialog}
      <LinkDialog url={link} onClose={() => setLink(null)} onFocus={() => open?.terminal.focus()} />
    </section>
  )
}

/** A pane that has no console is closed by its own button. The list is one for all. */
const SignInOrNothing = (props: NextStepsProps) =>
  isFinal(props.failure) ? null : <SignInOrBack {...props} />

interface OpenPaneProps extends ConsolePaneProps {
  open: OpenConsole
  name: string
  server: Server | undefined
  machine: Machine
  announce: (sentence: string) => void
  onFind: () => void
  leave: PaneHandle['leave']
  onLine: (status: LineStatus) => void
}

/** What needs an open console: its keys, and its tools in the page's bar while it is in front. */
function OpenPane(props: OpenPaneProps) {
  const { open, serverId, name, server, machine, announce, front, slots, onFind, leave } = props
  const t = useTranslations('console')
  const { session, terminal } = open
  const status = useLine({ open, serverId, server, machine, announce })
  const { several } = props
  const also = useMemo(
    () => ({ wouldReach: () => several.wouldReach(serverId), reached: () => several.pastedTo(serverId) }),
    [several, serverId],
  )
  const { receive, question } = usePaste(open, also)
  useEffect(() => {
    const { keyboard } = terminal
    keyboard.onTyped = (stroke) => several.typed(serverId, stroke)
    return several.join(serverId, {
      console: open,
      repeat: (stroke) => keyboard.repeat(stroke),
      obstacle: () => keyObstacle(lineStatus(session.getSnapshot())),
    })
  }, [several, serverId, open, session, terminal])
  const said = JSON.stringify(status)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a status is a new object each time; its text tells whether it is another one
  useEffect(() => {
    props.onLine(status)
    latest.current.onStatus(status)
  }, [said])
  useEffect(() => {
    latest.current.onHandle({ open, leave: (proceed) => latest.current.leave(proceed) })
    return () => {
      latest.current.onHandle(null)
      latest.current.onStatus(null)
    }
  }, [open])
  useEffect(() => terminal.describeBy(LEAVE_HINT), [terminal])
  const { dialog, show } = useDialog(open, serverId)
  const onMark = useEffectEvent(useMarkKey({ open, announce, show }))
  useEffect(() => {
    const leaveTerminal = () => {
      const again = document.querySelector<HTMLElement>(`[data-pane="${serverId}"] #send-again`)
      if (again) again.focus()
      else latest.current.onLeave()
    }
    const copyBlocked = () => announce(t('copyBlocked'))
    return bindKeys(open, receive, copyBlocked, onFind, leaveTerminal, () => onMark())
  }, [open, serverId, receive, announce, onFind, t])
  return (
    <>
      {front && (
        <At place={slots.bar}>
          <ConsoleBar
            open={open}
            serverId={serverId}
            name={name}
            server={server}
            receive={receive}
            announce={announce}
            onFind={onFind}
            onDisconnect={() => leave(() => session.disconnect())}
          />
        </At>
      )}
      {front && (
        <At place={slots.foot}>
          <KeyRow open={open} />
          <span className={styles.size}>
            <SizeChip open={open} serverId={serverId} />
          </span>
        </At>
      )}
      <PasteDialog {...question} onFocus={() => terminal.focus()} />
      {dialog}
      <EscapeQuestion open={open} name={name} />
    </>
  )
}

const At = ({ place, children }: { place: HTMLElement | null; children: ReactNode }) =>
  place && createPortal(children, place)
