import { useEffect } from 'react'
import { useNow, useTranslations } from 'use-intl'
import { FailureNotice } from '../ui/failure-notice.tsx'
import styles from './console.module.css'
import type { ConsoleSession } from './session/session.ts'
import { useSession } from './use-console.ts'

/** A quiet second or two before silence gets words: most lines speak sooner. */
const QUIET_MS = 1_500

/** Below the terminal's text, when the line needs words: silence, a failure, an end. */
export function StateNotice({ session, onFocus }: { session: ConsoleSession; onFocus: () => void }) {
  const t = useTranslations('console')
  const { state, notSent: lastNotSent } = useSession(session)
  const now = useNow({ updateInterval: 500 }).getTime()
  const notSent = lastNotSent !== null && now - lastNotSent.at < 4_000
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    // Ctrl+W belongs to the shell; where the browser takes it, it asks first.
    if (state.kind !== 'live') return
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [state.kind])
  const act = (then: () => void) => () => {
    then()
    onFocus()
  }
  switch (state.kind) {
    case 'idle':
    case 'issuing':
    case 'opening':
      return null
    case 'live':
      // Keys that go nowhere say why, and what would send them.
      return notSent && lastNotSent.why === 'not-writer' ? (
        <div className={styles.notice}>
          <div className="notice" role="status">
            <p>{t('notWriter')}</p>
            <div>
              <button type="button" className="button primary" onClick={act(() => session.takeKeyboard())}>
                {t('takeKeyboard')}
              </button>
            </div>
          </div>
        </div>
      ) : null
    case 'silent':
      if (now - state.since < QUIET_MS) return null
      return (
        <div className={styles.notice}>
          <div className="notice" role="status">
            <h2>{t('silentTitle')}</h2>
            <p>{t('silentNext')}</p>
            <div>
              <button type="button" className="button primary" onClick={act(() => session.sendText('\r'))}>
                {t('pressEnter')}
              </button>
            </div>
          </div>
        </div>
      )
    case 'recovering':
      return (
        <div className={styles.notice}>
          <FailureNotice failure={state.failure}>
            <p>
              {notSent && <strong>{t('notSent')} </strong>}
              {t('relayRetries', { seconds: Math.max(1, Math.ceil((state.until - now) / 1000)) })}
            </p>
          </FailureNotice>
        </div>
      )
    case 'waiting':
      return (
        <div className={styles.notice}>
          <FailureNotice failure={state.failure}>
            <p>
              {notSent && <strong>{t('notSent')} </strong>}
              {t('again', { seconds: Math.max(1, Math.ceil((state.until - now) / 1000)) })}
            </p>
            <div>
              <button type="button" className="button" onClick={act(() => session.connect())}>
                {t('now')}
              </button>
            </div>
          </FailureNotice>
        </div>
      )
    case 'ended': {
      const retry = (
        <div>
          {notSent && <strong>{t('notSent')} </strong>}
          <button type="button" className="button" onClick={act(() => session.connect())}>
            {t('retry')}
          </button>
        </div>
      )
      return (
        <div className={styles.notice}>
          {state.failure ? (
            <FailureNotice failure={state.failure}>{retry}</FailureNotice>
          ) : (
            <div className="notice" role="status">
              <h2>{t('userEnded')}</h2>
              <p>{t('userEndedNext')}</p>
              {retry}
            </div>
          )}
        </div>
      )
    }
  }
}
