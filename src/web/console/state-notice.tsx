import { Link } from '@tanstack/react-router'
import { Info, Unplug } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useNow, useTranslations } from 'use-intl'
import type { Failure } from '../../shared/cause.ts'
import { FailureNotice } from '../ui/failure-notice.tsx'
import styles from './console.module.css'
import type { ConsoleSession } from './session/session.ts'
import type { SessionState } from './session/state.ts'
import { useSession } from './use-console.ts'

/** A quiet second or two before silence gets words: most lines speak sooner. */
const QUIET_MS = 1_500
/** As long a word about keys that went nowhere stays. */
const NOT_SENT_MS = 4_000

/** Between the bar and the terminal, covering neither, when the line needs words: silence, a failure, an end. */
export function StateNotice({ session, onFocus }: { session: ConsoleSession; onFocus: () => void }) {
  const t = useTranslations('console')
  const { state, notSent: lastNotSent } = useSession(session)
  const now = useNow({ updateInterval: 500 }).getTime()
  const retried = useRetriedFailure(state)
  useLeaveWarning(state.kind === 'live')

  const quiet = state.kind === 'silent' && now - state.since >= QUIET_MS
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
  if (quiet) {
    notice = (
      <Words tone="info" title={t('silentTitle')} next={t('silentNext')}>
        <button type="button" className="button primary" onClick={act(() => session.sendText('\r'))}>
          {t('pressEnter')}
        </button>
      </Words>
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
  } else if (state.kind === 'live' && lately && lastNotSent.why === 'not-writer') {
    notice = (
      <Words tone="info" title={t('notWriter')} next={t('notWriterNext')}>
        <button type="button" className="button primary" onClick={act(() => session.takeKeyboard())}>
          {t('takeKeyboard')}
        </button>
      </Words>
    )
  } else if (state.kind === 'ended') {
    notice = state.failure ? (
      <FailureNotice
        failure={state.failure}
        actions={
          <>
            {notSent}
            {isFinal(state.failure) ? (
              <Link to="/" className="button">
                {t('back')}
              </Link>
            ) : (
              reconnect
            )}
          </>
        }
      />
    ) : (
      <Words tone="plain" title={t('userEnded')} next={t('userEndedNext')}>
        {notSent}
        {reconnect}
      </Words>
    )
  }
  return (
    <div className={styles.notice}>
      <p role="status" className="unseen">
        {useAnnouncement(state, quiet, retried !== null)}
      </p>
      {notice}
    </div>
  )
}

/** No reconnecting makes another server of this one. */
const isFinal = ({ cause }: Failure) => cause === 'unsupported-os' || cause === 'server-not-found'

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
function useAnnouncement(state: SessionState, quiet: boolean, retrying: boolean): string {
  const t = useTranslations('console')
  if (quiet) return `${t('silentTitle')}. ${t('silentNext')}`
  switch (state.kind) {
    case 'idle':
    case 'issuing':
    case 'opening':
    case 'silent':
      return retrying ? '' : t('connecting')
    case 'live':
      return t('live')
    case 'waiting':
    case 'recovering':
      return ''
    case 'ended':
      return state.failure ? '' : `${t('userEnded')}. ${t('userEndedNext')}`
  }
}

/** Ctrl+W belongs to the shell; where the browser takes it, it asks first. */
function useLeaveWarning(live: boolean): void {
  useEffect(() => {
    if (!live) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [live])
}

interface WordsProps {
  tone: 'info' | 'plain'
  title: string
  next: string
  children: ReactNode
}

function Words({ tone, title, next, children }: WordsProps) {
  const Icon = tone === 'info' ? Info : Unplug
  return (
    <div className="notice" data-tone={tone}>
      <Icon size={18} aria-hidden />
      <div>
        <h2>{title}</h2>
        <p>{next}</p>
      </div>
      <div className="actions">{children}</div>
    </div>
  )
}
