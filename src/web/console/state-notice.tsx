import { Info, Unplug } from 'lucide-react'
import { type ComponentType, type ReactNode, useState } from 'react'
import { useNow, useTranslations } from 'use-intl'
import type { Failure } from '../../shared/cause.ts'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { Notice } from '../ui/notice.tsx'
import styles from './console.module.css'
import type { ConsoleSession } from './session/session.ts'
import type { SessionState } from './session/state.ts'
import { hasKeyboard, nameOf, writerOf } from './session/viewers.ts'
import { LimitNotice } from './sharing/limit-notice.tsx'
import { useViewerName } from './sharing/viewer-name.ts'
import { useSession } from './use-console.ts'

/** A quiet second or two before silence gets words: most lines speak sooner. */
const QUIET_MS = 1_500
/** As long a word about keys that went nowhere stays. */
const NOT_SENT_MS = 4_000
/** Longer, since it has a button to reach. */
const NOT_WRITER_MS = 10_000

interface StateNoticeProps {
  session: ConsoleSession
  /** The cloud says so of the server. */
  poweredOff: boolean
  /** The buttons of a failure that is not retried. */
  NextSteps: ComponentType<NextStepsProps>
  /** A failure's words, where the cause's own do not fit this page. */
  wordsOf?: (failure: Failure) => { title: string; next: string } | undefined
  onFocus: () => void
}

export interface NextStepsProps {
  failure: Failure
  reconnect: ReactNode
}

/** Between the bar and the terminal, covering neither, when the line needs words: silence, a failure, an end. */
export function StateNotice(props: StateNoticeProps) {
  const { session, poweredOff, NextSteps, wordsOf, onFocus } = props
  const t = useTranslations('console')
  const { state, notSent: lastNotSent, viewers } = useSession(session)
  const now = useNow({ updateInterval: 500 }).getTime()
  const retried = useRetriedFailure(state)
  const words = useLineWords(session, now, poweredOff)

  const act = (then: () => void) => () => {
    then()
    onFocus()
  }
  const lately = lastNotSent !== null && now - lastNotSent.at < NOT_SENT_MS
  const notSent = <strong role="status">{lately ? t('notSent') : ''}</strong>
  const reconnect = (
    <button type="button" className="button" onClick={act(() => session.connect())}>
      {t('retry')}
    </button>
  )

  let notice: ReactNode = null
  if (words) {
    const { title, next, button } = words
    notice = (
      <Notice
        Icon={button === 'reconnect' ? Unplug : Info}
        tone={button === 'reconnect' ? 'plain' : 'info'}
        title={title}
        next={next}
      >
        {button === 'reconnect' && (
          <>
            {notSent}
            {reconnect}
          </>
        )}
        {button !== null && button !== 'reconnect' && (
          <button type="button" className="button primary" onClick={act(button.press)}>
            {button.label}
          </button>
        )}
      </Notice>
    )
  } else if (retried) {
    notice = (
      <FailureNotice
        failure={retried}
        actions={
          <>
            {notSent}
            <span className={styles.countdown}>
              {state.kind === 'waiting' || state.kind === 'recovering'
                ? t('again', { seconds: Math.max(1, Math.ceil((state.until - now) / 1000)) })
                : t('trying')}
            </span>
            <button
              type="button"
              className="button"
              disabled={state.kind !== 'waiting'}
              onClick={act(() => session.connect())}
            >
              {t('now')}
            </button>
          </>
        }
      />
    )
  } else if (state.kind === 'ended' && state.failure) {
    notice = (
      <FailureNotice
        failure={state.failure}
        words={wordsOf?.(state.failure)}
        actions={
          <>
            {notSent}
            <NextSteps failure={state.failure} reconnect={reconnect} />
          </>
        }
      />
    )
  }
  const stateWords = useStateWords(state, retried !== null, !hasKeyboard(viewers))
  return (
    <div className={styles.notice}>
      <p role="status" className="unseen">
        {words ? `${words.title}. ${words.next}` : stateWords}
      </p>
      {notice}
      <LimitNotice session={session} onFocus={onFocus} />
    </div>
  )
}

interface LineWords {
  title: string
  next: string
  /** `reconnect`: the line has ended, and only a new one helps. Null: there is nothing to press. */
  button: { label: string; press: () => void } | 'reconnect' | null
}

/** What is to say of a line that did not fail: keys of one who watches, silence, our own end of it. */
function useLineWords(session: ConsoleSession, now: number, poweredOff: boolean): LineWords | null {
  const t = useTranslations('console')
  const { state, notSent, viewers, may, endedForAll } = useSession(session)
  const viewerName = useViewerName()
  const watching = !hasKeyboard(viewers)
  const take = may?.write === false ? null : { label: t('takeKeyboard'), press: () => session.takeKeyboard() }
  const up = state.kind === 'live' || state.kind === 'silent'
  const watcherTyped = notSent?.why === 'not-writer' || notSent?.why === 'may-not-write'
  if (up && viewers && watching && watcherTyped && now - notSent.at < NOT_WRITER_MS) {
    if (!take) return { title: t('mayNotWrite'), next: t('mayNotWriteNext'), button: null }
    const writer = writerOf(viewers)
    const name = writer ? viewerName(nameOf(writer, viewers.all)) : t('nobody')
    return { title: t('notWriter'), next: t('notWriterNext', { name }), button: take }
  }
  if (state.kind === 'silent' && now - state.since >= QUIET_MS) {
    const enter = { label: t('pressEnter'), press: () => session.sendText('\r') }
    return {
      title: t(poweredOff ? 'silentOffTitle' : 'silentTitle'),
      next: t(poweredOff ? 'silentOffNext' : watching ? 'silentWatching' : 'silentNext'),
      button: watching ? take : enter,
    }
  }
  if (state.kind !== 'ended') return null
  if (state.failure === null) return { title: t('userEnded'), next: t('userEndedNext'), button: 'reconnect' }
  if (state.failure.cause === 'operator-ended' && endedForAll)
    return { title: t('youEnded'), next: t('youEndedNext'), button: 'reconnect' }
  return null
}

/** No reconnecting makes another server of this one. */
export const isFinal = ({ cause }: Failure) => cause === 'unsupported-os' || cause === 'server-not-found'

/** The failure that is being retried, through each try: words that come and go with every try are not read. */
function useRetriedFailure(state: SessionState): Failure | null {
  const [failure, setFailure] = useState<Failure | null>(null)
  switch (state.kind) {
    case 'waiting':
    case 'recovering':
      if (failure !== state.failure) setFailure(state.failure)
      return state.failure
    case 'issuing':
    case 'opening':
    case 'silent':
      return failure
    case 'idle':
    case 'live':
    case 'ended':
      if (failure) setFailure(null)
      return null
  }
}

/**
 * What a screen reader is told of the line: where it stands, not each step there, nor each of the tries that follow
 * a failure. Failures are alerts of their own.
 */
function useStateWords(state: SessionState, retrying: boolean, watching: boolean): string {
  const t = useTranslations('console')
  switch (state.kind) {
    case 'idle':
    case 'issuing':
    case 'opening':
    case 'silent':
      return retrying ? '' : t('connecting')
    case 'live':
      return t(watching ? 'watching' : 'live')
    case 'waiting':
    case 'recovering':
    case 'ended':
      return ''
  }
}
