import { useFormatter, useTranslations } from 'use-intl'
import type { LogSummary } from '../../../shared/line-log.ts'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Size } from '../../ui/size.tsx'
import type { LogHit, LogSearching, SearchState } from './log-searching.ts'
import styles from './search.module.css'

interface SearchResultsProps {
  state: SearchState
  searching: LogSearching
  boots: LogSummary['boots']
  /** The offset that the log shows */
  chosen: number | undefined
  onChoose: (offset: number) => void
}

/** What a search has found, and how it goes on. */
export function SearchResults({ state, searching, boots, chosen, onChoose }: SearchResultsProps) {
  const t = useTranslations('history.search')
  if (state.kind === 'idle') return null
  return (
    <section className={styles.results} aria-label={t('results')}>
      <Status state={state} searching={searching} />
      {'hits' in state && state.hits.length > 0 && (
        <ol>
          {state.hits.map((hit) => (
            <li key={hit.offset}>
              <button type="button" aria-current={hit.offset === chosen} onClick={() => onChoose(hit.offset)}>
                <Hit hit={hit} boots={boots} />
              </button>
            </li>
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

function Status({ state, searching }: Pick<SearchResultsProps, 'searching'> & { state: Shown }) {
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
          {t(`ended.${state.reason}`, { count: state.hits.length })}
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

/** When the line came, in which boot, and the line with the match marked. */
function Hit({ hit, boots }: { hit: LogHit; boots: LogSummary['boots'] }) {
  const t = useTranslations('history.search')
  const format = useFormatter()
  const moment = (time: string) =>
    format.dateTime(new Date(time), {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
  // The newest boot that began before it
  const boot = boots.find(({ offset }) => offset <= hit.offset)
  return (
    <>
      <span className={styles.when}>
        <time dateTime={hit.time}>{moment(hit.time)}</time>
        {boot && <small>{t('boot', { time: moment(boot.time) })}</small>}
      </span>
      <code>
        {hit.before}
        <mark>{hit.match}</mark>
        {hit.after}
      </code>
    </>
  )
}
