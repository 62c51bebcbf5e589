import { Info, PowerOff, Unplug } from 'lucide-react'
import type { ComponentType, ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { Cause, Failure } from '../../shared/cause.ts'
import { ageBetween, type Moment } from '../../shared/clock.ts'
import { FailureNotice, NextTry } from '../ui/failure-notice.tsx'
import { Notice } from '../ui/notice.tsx'
import { sentences } from '../ui/sentences.ts'
import { useMoment } from '../ui/use-moment.ts'
import { useRoundDuration } from '../ui/use-round-duration.ts'
import styles from './console.module.css'
import { LostKeysNotice } from './lost-keys-notice.tsx'
import { type NoticeWords, usePlainWords } from './plain-notice-words.ts'
import {
  type FailureOnLine,
  isFailure,
  keysWereLost,
  type LineNotice,
  lineNotice,
  noticeChanges,
  type PlainNotice,
} from './session/line-notice.ts'
import { lineStatus, type Machine, spokenStatus } from './session/line-status.ts'
import type { ConsoleSession } from './session/session.ts'
import { LimitNotice } from './sharing/limit-notice.tsx'
import { useSession } from './use-console.ts'

interface StateNoticeProps {
  session: ConsoleSession
  machine: Machine
  /** The button that powers the server on. Absent where nobody may. */
  powerOn?: ReactNode
  /** Draws the buttons of a failure that is not retried. */
  NextSteps: ComponentType<NextStepsProps>
  /** Gives a failure other words than its cause's, where those do not fit the page. */
  wordsOf?: (failure: Failure) => NoticeWords
  onFocus: () => void
}

export interface NextStepsProps {
  failure: Failure
  reconnect: ReactNode
}

/** If the server is off or still being created, that is the reason for these. */
const machineExplains: ReadonlySet<Cause> = new Set<Cause>([
  'server-not-running',
  'server-not-ready',
  'gateway-hung-up',
  'gateway-closed',
  'origin-doubtful',
  'origin-refused',
])

const machineCauses = { off: 'server-not-running', building: 'server-not-ready' } as const

/** Says what needs words: silence, a failure, an end. It stands between the bar and the terminal and covers neither. */
export function StateNotice(props: StateNoticeProps) {
  const { session, machine, powerOn, onFocus } = props
  const t = useTranslations('console')
  const snapshot = useSession(session)
  const status = lineStatus(snapshot, machine)
  const now = useMoment((now) => noticeChanges(status, snapshot.notSent, now))
  const notice = lineNotice(status, snapshot.notSent, now)
  const wordsOf = usePlainWords(snapshot.viewers, session.fullScreen)
  const powerOnHere = machine === 'off' ? powerOn : null
  const shown = { ...props, now, powerOn: powerOnHere, keysLost: keysWereLost(snapshot.notSent, now) }
  const plain = notice && !isFailure(notice) ? { notice, words: wordsOf(notice) } : null
  const spoken = spokenStatus(status)
  return (
    <div className={styles.notice}>
      <p role="status" className="unseen">
        {plain ? `${plain.words.title}. ${plain.words.next}` : spoken && t(spoken)}
      </p>
      {/* It is always there, so that a screen reader reads its words when they come. */}
      <p role="status" className="unseen">
        {shown.keysLost && notice !== null && tellsLostKeys(notice) && t('notSent')}
      </p>
      {plain && <PlainLineNotice {...shown} {...plain} />}
      {notice && isFailure(notice) && <FailureLineNotice {...shown} notice={notice} />}
      <LostKeysNotice session={session} onFocus={onFocus} />
      <LimitNotice session={session} onFocus={onFocus} />
    </div>
  )
}

interface ShownProps extends StateNoticeProps {
  now: Moment
  /** Keys were typed just now and did not reach the line. */
  keysLost: boolean
}

function PlainLineNotice(props: ShownProps & { notice: PlainNotice; words: NoticeWords }) {
  const { notice, words, session, now, powerOn, keysLost, onFocus } = props
  const t = useTranslations('console')
  const primary = (label: string, action: () => void) => (
    <button
      type="button"
      className="button primary"
      onClick={() => {
        action()
        onFocus()
      }}
    >
      {label}
    </button>
  )
  const pressEnter = () => primary(t('pressEnter'), session.pressEnter)
  const takeKeyboard = () => primary(t('takeKeyboard'), session.takeKeyboard)
  switch (notice.kind) {
    case 'not-writer':
      return (
        <Notice Icon={Info} tone="info" {...words}>
          {notice.mayTake && takeKeyboard()}
        </Notice>
      )
    case 'unanswered':
      return (
        <Notice Icon={Unplug} tone="info" {...words}>
          {notice.doubt.by !== 'offline' && (
            <span className={styles.countdown}>
              {t('unansweredFor', { seconds: Math.floor(ageBetween(notice.doubt.since, now) / 1000) })}
            </span>
          )}
        </Notice>
      )
    case 'silent':
      return (
        <Notice Icon={Info} tone="info" {...words}>
          {notice.keyboard === 'ours' && pressEnter()}
          {notice.keyboard === 'theirs' && takeKeyboard()}
        </Notice>
      )
    case 'quiet':
      // A full-screen program may be waiting for another key than Enter.
      return (
        <Notice Icon={Info} tone="info" {...words}>
          {notice.keyboard === 'ours' && !session.fullScreen && pressEnter()}
          {notice.keyboard === 'theirs' && takeKeyboard()}
        </Notice>
      )
    case 'building':
      return <Notice Icon={Info} tone="info" {...words} />
    case 'off':
      return (
        <Notice Icon={PowerOff} tone="info" {...words}>
          {powerOn}
        </Notice>
      )
    case 'ended':
      return (
        <Notice Icon={Unplug} tone="plain" {...words}>
          {keysLost && <KeysLost />}
          <Reconnect session={session} onFocus={onFocus} />
        </Notice>
      )
  }
}

function FailureLineNotice(props: ShownProps & { notice: FailureOnLine }) {
  const { notice, session, machine, keysLost, NextSteps, wordsOf, onFocus } = props
  const t = useTranslations('console')
  const inUseWords = useInUseWords()
  const explained = machine !== null && machineExplains.has(notice.failure.cause)
  const powerOn = explained && props.powerOn
  const failure: Failure = explained ? { ...notice.failure, cause: machineCauses[machine] } : notice.failure
  switch (notice.kind) {
    case 'retrying': {
      const { leftMs, mayHurry } = notice
      const seconds = leftMs === null ? null : Math.ceil(leftMs / 1000)
      return (
        <FailureNotice
          failure={failure}
          actions={
            <>
              {keysLost && <KeysLost />}
              {powerOn}
              <span className={styles.countdown}>
                {seconds === null ? t('trying') : t('again', { seconds })}
              </span>
              <Reconnect session={session} onFocus={onFocus} label={t('now')} disabled={!mayHurry} />
            </>
          }
        />
      )
    }
    case 'reopened':
      return (
        <FailureNotice
          failure={failure}
          actions={<span className={styles.countdown}>{t('reopened')}</span>}
        />
      )
    case 'failed':
      return (
        <FailureNotice
          failure={notice.failure}
          words={wordsOf?.(notice.failure) ?? inUseWords(notice.failure)}
          actions={
            <>
              {keysLost && <KeysLost />}
              <NextTry failure={notice.failure} />
              {powerOn}
              <NextSteps
                failure={notice.failure}
                reconnect={
                  notice.failure.cause === 'page-outdated' ? (
                    <button type="button" className="button primary" onClick={() => location.reload()}>
                      {t('reload')}
                    </button>
                  ) : notice.failure.cause === 'in-use' ? (
                    <OpenAnyway session={session} onFocus={onFocus} />
                  ) : (
                    <Reconnect session={session} onFocus={onFocus} />
                  )
                }
              />
            </>
          }
        />
      )
  }
}

/** Says who was given a link to the same line. */
function useInUseWords(): (failure: Failure) => NoticeWords | undefined {
  const t = useTranslations('console.mayBeInUse')
  const causes = useTranslations('causes')
  const rounded = useRoundDuration()
  return ({ inUseBy }) => {
    if (!inUseBy) return undefined
    const { name, yours, agoMs } = inUseBy
    const time = rounded(agoMs)
    const who = yours ? t('yours', { time }) : t('theirs', { name, time })
    return { title: causes('in-use.title'), next: sentences(who, t('next')) }
  }
}

/** The answer to the question: whatever it does to the other line. */
function OpenAnyway({ session, onFocus }: { session: ConsoleSession; onFocus: () => void }) {
  const t = useTranslations('console.mayBeInUse')
  return (
    <button
      type="button"
      className="button danger"
      onClick={() => {
        session.openAnyway()
        onFocus()
      }}
    >
      {t('anyway')}
    </button>
  )
}

/** Which notices say beside their buttons that keys were not sent. */
const tellsLostKeys = ({ kind }: LineNotice) => kind === 'ended' || kind === 'retrying' || kind === 'failed'

/** What is heard when it comes is not here, but in a status that is always there. */
function KeysLost() {
  const t = useTranslations('console')
  return <strong aria-hidden>{t('notSent')}</strong>
}

interface ReconnectProps extends Pick<StateNoticeProps, 'session' | 'onFocus'> {
  label?: string
  disabled?: boolean
}

function Reconnect({ session, onFocus, label, disabled = false }: ReconnectProps) {
  const t = useTranslations('console')
  return (
    <button
      type="button"
      className="button"
      disabled={disabled}
      onClick={() => {
        session.connect()
        onFocus()
      }}
    >
      {label ?? t('reconnect')}
    </button>
  )
}
