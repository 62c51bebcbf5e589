import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight, Download, RefreshCw } from 'lucide-react'
import { useEffect } from 'react'
import { useTimeZone, useTranslations } from 'use-intl'
import type { AuditList } from '../../shared/audit.ts'
import { paths } from '../api/paths.ts'
import { enLogPages } from '../locales/en-logs.ts'
import { withWords } from '../locales/more-words.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import FailurePicture from '../ui/failure-picture.tsx'
import list from '../ui/list.module.css'
import { LoadFailure } from '../ui/load-failure.tsx'
import { LoadingRows } from '../ui/loading-rows.tsx'
import { PageHeader } from '../user/page-header.tsx'
import styles from './audit.module.css'
import { AuditFilters, type AuditFiltersProps } from './audit-filters.tsx'
import { AuditRow } from './audit-row.tsx'
import { auditQuery, isNarrowed } from './queries.ts'

interface AuditPageProps extends AuditFiltersProps {
  onClear: () => void
  /** The cursor of the page. Undefined is the newest page. */
  before: string | undefined
  onOlder: (cursor: string) => void
  onNewer: () => void
}

/** The audit log: who did what, when and from where. */
function AuditPage({ filter, before, onNarrow, onClear, onOlder, onNewer }: AuditPageProps) {
  const t = useTranslations('audit')
  const { data, error, isPending, isFetching, isPlaceholderData, refetch } = useQuery(
    auditQuery(filter, before),
  )
  const zone = useTimeZone()
  useEffect(() => {
    document.title = `${t('title')} · BMS Console`
  }, [t])
  const empty = before ? 'noOlder' : isNarrowed(filter) ? 'noMatch' : 'none'
  // A user who may not read the log has nothing to filter either.
  const readable = data !== undefined || error === null
  return (
    <>
      <PageHeader />
      <main className={list.main} id="content">
        <div className={styles.head}>
          <h1>{t('title')}</h1>
          <span className={list.dim}>{zone && t('zone', { zone })}</span>
          <span className={list.gap} />
          {isNarrowed(filter) && (
            <button type="button" className="button" onClick={onClear}>
              {t('clear')}
            </button>
          )}
          {readable && (
            <a className="button" href={paths.auditCsv(filter)} download>
              <Download size={15} aria-hidden /> {t('csv')}
            </a>
          )}
          <button type="button" className="button" onClick={() => void refetch()} disabled={isFetching}>
            <RefreshCw size={15} aria-hidden /> {t('refresh')}
          </button>
        </div>
        {readable && <AuditFilters filter={filter} onNarrow={onNarrow} />}
        {error !== null && <LoadFailure error={error} onRetry={refetch} />}
        {error !== null && !data && <FailurePicture error={error} />}
        {isPending && <LoadingRows className={list.loading} row={list.loadingRow} label={t('loading')} />}
        {data && <Remarks data={data} />}
        {data && data.events.length > 0 && <Events events={data.events} busy={isPlaceholderData} />}
        {data && data.events.length === 0 && data.complete && (
          <EmptyState
            picture={empty === 'none' ? 'audit' : 'no-match'}
            title={t(empty)}
            next={t(`${empty}Next`)}
          />
        )}
        {data && (before || data.older) && (
          <nav className={list.pages} aria-label={t('pages')}>
            <button type="button" className="button" disabled={!before} onClick={onNewer}>
              <ChevronLeft size={15} aria-hidden /> {t('newer')}
            </button>
            <button
              type="button"
              className="button"
              disabled={data.older === null || isPlaceholderData}
              onClick={() => data.older !== null && onOlder(data.older)}
            >
              {t('older')} <ChevronRight size={15} aria-hidden />
            </button>
          </nav>
        )}
      </main>
    </>
  )
}

/** Says what the list lacks. */
function Remarks({ data }: { data: AuditList }) {
  const t = useTranslations('audit')
  return (
    <>
      {data.unwritten > 0 && (
        <p className="notice" data-tone="bad" role="alert">
          {t('unwritten', { count: data.unwritten })}
        </p>
      )}
      {data.away && (
        <p className="notice" data-tone="warn" role="status">
          {t('away')}
        </p>
      )}
      {!data.complete && <p className="notice">{t('incomplete')}</p>}
      {data.kept === 'memory' && <p className={list.dim}>{t('memory')}</p>}
    </>
  )
}

const columns = ['time', 'user', 'action', 'outcome', 'server', 'duration', 'bytes'] as const

function Events({ events, busy }: { events: AuditList['events']; busy: boolean }) {
  const t = useTranslations('audit')
  return (
    <table className={`${list.table} ${styles.events}`} aria-busy={busy}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {events.map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no identity but their order
          <AuditRow key={index} event={event} />
        ))}
      </tbody>
    </table>
  )
}

export default withWords(enLogPages, AuditPage)
