import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { RecordingList } from '../../shared/recording.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import FailurePicture from '../ui/failure-picture.tsx'
import list from '../ui/list.module.css'
import { LoadFailure } from '../ui/load-failure.tsx'
import { LoadingRows } from '../ui/loading-rows.tsx'
import type { RecordingsView } from './queries.ts'
import { RecordingRow } from './recording-row.tsx'

interface RecordingTableProps {
  listed: UseQueryResult<RecordingList, unknown>
  shown: RecordingsView
  onShow: (change: { server: string; page: number }) => void
}

/** The list of recordings, or why there is none. */
export function RecordingTable({ listed, shown, onShow }: RecordingTableProps) {
  const t = useTranslations('recordings')
  const { data, error, isPending, isPlaceholderData, refetch } = listed
  const state = shown.page > 1 ? 'noOlder' : shown.server === '' ? 'none' : 'noMatch'
  return (
    <>
      {error !== null && <LoadFailure error={error} onRetry={refetch} />}
      {error !== null && !data && <FailurePicture error={error} />}
      {data?.away && (
        <p className="notice" data-tone="warn" role="status">
          {t('away')}
        </p>
      )}
      {isPending && <LoadingRows className={list.loading} row={list.loadingRow} label={t('loading')} />}
      {data && data.recordings.length > 0 && (
        <table className={list.table} aria-busy={isPlaceholderData}>
          <thead>
            <tr>
              {(['server', 'started', 'duration', 'size', 'state', 'who', 'actions'] as const).map(
                (column) => (
                  <th key={column} scope="col">
                    {t(column)}
                  </th>
                ),
              )}
            </tr>
          </thead>
          {data.recordings.map((recording) => (
            <RecordingRow key={recording.id} recording={recording} />
          ))}
        </table>
      )}
      {data && data.recordings.length === 0 && (
        <EmptyState
          picture={state === 'none' ? 'recordings' : 'no-match'}
          title={t(state)}
          next={t(`${state}Next`)}
        >
          {state === 'none' ? (
            <Link to="/" className="button">
              {t('toServers')}
            </Link>
          ) : (
            <button
              type="button"
              className="button"
              onClick={() => onShow({ server: state === 'noMatch' ? '' : shown.server, page: 1 })}
            >
              {t(state === 'noMatch' ? 'clear' : 'newest')}
            </button>
          )}
        </EmptyState>
      )}
      {data && (data.page > 1 || data.hasMore) && (
        <nav className={list.pages} aria-label={t('pages')}>
          <button
            type="button"
            className="button"
            disabled={data.page <= 1}
            onClick={() => onShow({ ...shown, page: data.page - 1 })}
          >
            <ChevronLeft size={15} aria-hidden /> {t('previous')}
          </button>
          <span>{t('page', { page: data.page })}</span>
          <button
            type="button"
            className="button"
            disabled={!data.hasMore}
            onClick={() => onShow({ ...shown, page: data.page + 1 })}
          >
            {t('next')} <ChevronRight size={15} aria-hidden />
          </button>
        </nav>
      )}
    </>
  )
}
