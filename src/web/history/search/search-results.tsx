import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Size } from '../../ui/size.tsx'
import type { LogHit, LogSearching, SearchState } from './log-searching.ts'
import styles from './search.module.css'

interface SearchResultsProps {
  state: SearchState
  searching: LogSearching
  /** One log's hits come newest first; those of several, one log after another. */
  of: 'one-log' | 'all-logs'
  /** Draws a hit, and leads to its place. */
  children: (hit: LogHit) => ReactNode
}

/** What a search has found, and how it goes on. */
export function SearchResults({ state, searching, of, children }: SearchResultsProps) {
  const t = useTranslations('history.search')
  if (state.kind === 'idle') return null
  return (
    <section className={styles.results} aria-label={t('results')}>
      <Status state={state} searching={searching} of={of} />
      {'hits' in state && state.hits.length > 0 && (
        <ol>
          {state.hits.map((hit) => (
            <li key={`${hit.server.id} ${hit.offset}`}>{children(hit)}</li>
          ))}
        </ol>
      )}
      {state.kind === 'ended' && state.cursor !== null && (
        <button type="button" className="button" onClick={() => searching.more()}>
          {t(state.reason === 'page' ? 'more' : 'goOn')}
        </button>
      )}
    </section>
  )
}

function Status({ state, searching, of }: Pick<SearchResultsProps, 'searching' | 'of'> & { state: Shown }) {
  const t = useTranslations('history.search')
  switch (state.kind) {
    case 'wrong':
      return (
        <p className={styles.wrong} role="alert">
          {t('wrong', { reason: state.reason })}
        </p>
      )
    case 'searching':
      return (
        <div className={styles.status}>
          <progress
            aria-label={t('searching')}
            max={Math.max(1, state.totalBytes)}
            value={state.scannedBytes}
          />
          <span>
            {t.rich('progress', {
              count: state.hits.length,
              scanned: () => <Size bytes={state.scannedBytes} />,
              total: () => <Size bytes={state.totalBytes} />,
            })}
          </span>
          <button type="button" className="button" onClick={() => searching.stop()}>
            {t('stop')}
          </button>
        </div>
      )
    case 'ended':
      return (
        <p className={styles.status} role="status">
          {t(state.reason === 'page' && of === 'all-logs' ? 'all.page' : `ended.${state.reason}`, {
            count: state.hits.length,
          })}
        </p>
      )
    case 'stopped':
      return (
        <p className={styles.status} role="status">
          {t('stopped', { count: state.hits.length })}
        </p>
      )
    case 'failed':
      return (
        <FailureNotice
          failure={state.failure}
          actions={
            <button type="button" className="button" onClick={() => searching.search(state.query)}>
              {t('again')}
            </button>
          }
        />
      )
  }
}

type Shown = Exclude<SearchState, { kind: 'idle' }>
