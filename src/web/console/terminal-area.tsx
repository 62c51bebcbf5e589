import type { ComponentType, RefObject } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { LatePowerOn } from '../power/late-power-on.tsx'
import { ToBottom } from './bottom/to-bottom.tsx'
import styles from './console.module.css'
import { EncodingDoubt } from './encoding/encoding-doubt.tsx'
import { type Find, FindPanel } from './find/find.tsx'
import { useHistoryOf } from './find/use-history-of.ts'
import { InPlace } from './in-place/in-place.tsx'
import { RowMarks } from './marks/row-marks.tsx'
import { SignInOrBack } from './next-steps.tsx'
import { OlderLines } from './older/older-lines.tsx'
import { Over } from './over.tsx'
import { PasteCard } from './paste/paste-card.tsx'
import type { Machine } from './session/line-status.ts'
import { MatchOffer } from './size/match-offer.tsx'
import { type NextStepsProps, StateNotice } from './state-notice.tsx'
import { TimesGutter } from './times/times-gutter.tsx'
import { Touch } from './touch/touch.tsx'
import type { OpenConsole } from './use-console.ts'

interface TerminalAreaProps {
  /** Where the terminal opens. */
  host: RefObject<HTMLDivElement | null>
  /** What a screen reader calls it. */
  label?: string
  /** Null until it is open. */
  open: OpenConsole | null
  serverId: string
  server: Server | undefined
  machine: Machine
  find: Find
  announcement: string | null
  announce: (sentence: string) => void
  /** Nobody sees it: then it draws nothing, and only takes in what the line says. */
  hidden?: boolean
  /** It may offer to match the size. */
  offers?: boolean
  /** Draws the buttons of a failure that is not retried. */
  NextSteps?: ComponentType<NextStepsProps>
}

/** The terminal, and what lies over it: notices, cards, the search. Its parent has the class `main`. */
export function TerminalArea(props: TerminalAreaProps) {
  const { host, label, open, serverId, server, machine, find, announcement, announce } = props
  const { hidden = false, offers = true, NextSteps = SignInOrBack } = props
  const t = useTranslations('console')
  const shown = hidden ? null : open
  const historyOf = useHistoryOf(serverId)
  return (
    <>
      <Over open={shown}>
        {shown && (
          <StateNotice
            session={shown.session}
            machine={machine}
            powerOn={
              server && (
                <LatePowerOn server={server} announce={announce} onFocus={() => shown.terminal.focus()} />
              )
            }
            NextSteps={NextSteps}
            onFocus={() => shown.terminal.focus()}
          />
        )}
        {shown && <InPlace open={shown} />}
        {shown && <FindPanel open={shown} historyOf={historyOf} find={find} />}
        {shown && offers && <MatchOffer open={shown} serverId={serverId} />}
        {shown && offers && <EncodingDoubt open={shown} serverId={serverId} announce={announce} />}
        {shown && <PasteCard open={shown} />}
        <p role="status" className={styles.announcement}>
          {announcement}
        </p>
      </Over>
      {shown && <TimesGutter open={shown} />}
      <section className={styles.terminal} ref={host} aria-label={label ?? t('terminal')} />
      {shown && <RowMarks open={shown} serverId={serverId} />}
      {shown && <ToBottom terminal={shown.terminal} />}
      {open && <Touch terminal={open.terminal} announce={announce} />}
      {shown && <OlderLines open={shown} serverId={serverId} host={host} announce={announce} />}
    </>
  )
}
