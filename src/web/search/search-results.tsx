import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { LogSearch } from '../../shared/log-search.ts'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { Picture } from '../ui/picture.tsx'
import { Size } from '../ui/size.tsx'
import styles from './search.module.css'
import type { HitEvent, Searching, SearchState } from './searching.ts'

interface SearchResultsProps<H extends HitEvent> {
  state: SearchState<H>
  searching: Searching<H>
  /** One log's hits come newest first; those of several, one log after another. */
  of: 'one' | 'several'
  keyOf: (hit: H) => string
  /** Draws a hit, and leads to its place. */
  children: (hit: H) => ReactNode
}

/** What a search has found, and how it goes on. */
export function SearchResults<H extends HitEvent>({
  state,
  searching,
  of,
  keyOf,
  children,
}: SearchResultsProps<H>) {
  const t = useTranslations('search')
  if (state.kind === 'idle') return null
  return (
    <section className={styles.results} aria-label={t('results')}>
      <Status state={state} searching={searching} of={of} />
      {state.kind === 'ended' && state.away && (
        <p className={styles.status} role="status">
          {t('away')}
        </p>
      )}
      {'hits' in state && state.hits.length > 0 && (
        <ol>
          {state.hits.map((hit) => (
            <li key={keyOf(hit)}>{children(hit)}</li>
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

function Status<H extends HitEvent>({
  state,
  searching,
  of,
}: Pick<SearchResultsProps<H>, 'searching' | 'of'> & { state: Shown<H> }) {
  const t = useTranslations('search')
  switch (state.kind) {
    case 'wrong-regex':
      return (
        <p className={styles.wrong} role="alert">
          {t('wrongRegex', { reason: state.reason })}
        </p>
      )
    case 'wrong-range':
      return (
        <p className={styles.wrong} role="alert">
          {t('wrongRange')}
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
      if (state.reason === 'all' && state.hits.length === 0) return <Nothing {...state} />
      return (
        <p className={styles.status} role="status">
          {t(state.reason === 'page' && of === 'several' ? 'ended.pageOfSeveral' : `ended.${state.reason}`, {
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

/** Nothing was found, and what may help */
function Nothing({ query, totalBytes }: { query: LogSearch; totalBytes: number }) {
  const t = useTranslations('search')
  return (
    <div className={styles.nothing}>
      <Picture name="no-match" />
      <div>
        <p role="status">{t('ended.all', { count: 0 })}</p>
        <Hints query={query} totalBytes={totalBytes} />
      </div>
    </div>
  )
}

function Hints({ query, totalBytes }: { query: LogSearch; totalBytes: number }) {
  const t = useTranslations('search.hints')
  const narrowed = query.from !== undefined || query.to !== undefined
  if (totalBytes === 0) return <p className={styles.hints}>{t(narrowed ? 'nothingThen' : 'nothingKept')}</p>
  const hints = [narrowed && 'time', query.matchCase && 'case', query.regex ? 'regex' : 'phrase'] as const
  return <ul className={styles.hints}>{hints.map((hint) => hint && <li key={hint}>{t(hint)}</li>)}</ul>
}

type Shown<H extends HitEvent> = Exclude<SearchState<H>, { kind: 'idle' }>
