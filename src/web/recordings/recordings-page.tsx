import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import list from '../ui/list.module.css'
import { LoadFailure } from '../ui/load-failure.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { PageHeader } from '../user/page-header.tsx'
import { type RecordingsView, recordingsQuery } from './queries.ts'
import { RecordingRow } from './recording-row.tsx'

interface RecordingsPageProps {
  shown: RecordingsView
  onShow: (shown: RecordingsView) => void
}

/** Lists the recordings, which can be searched, played and downloaded. */
export default function RecordingsPage({ shown, onShow }: RecordingsPageProps) {
  const t = useTranslations('recordings')
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(recordingsQuery(shown))
  useEffect(() => {
    document.title = `${t('title')} · BMS Console`
  }, [t])
  const narrowed = shown.q !== '' || shown.server !== ''
  return (
    <>
      <PageHeader>
        <Link to="/">{t('toServers')}</Link>
      </PageHeader>
      <main className={list.main} id="content">
        <h1>{t('title')}</h1>
        <div className={list.filters}>
          <SearchField
            label={t('search')}
            query={shown.q}
            onQuery={(q) => onShow({ ...shown, q, page: 1 })}
          />
          <label className={list.choice}>
            {t('server')}
            <select
              value={shown.server}
              onChange={(event) => onShow({ ...shown, server: event.target.value, page: 1 })}
            >
              <option value="">{t('allServers')}</option>
              {data?.servers.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <span role="status" className={list.dim}>
            {isPlaceholderData && shown.q && `${t('searching')}…`}
          </span>
        </div>
        {error !== null && <LoadFailure error={error} onRetry={refetch} />}
        {isPending && <p role="status">{t('loading')}…</p>}
        {data && !data.complete && <p className="notice">{t('incomplete')}</p>}
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
              <RecordingRow key={recording.id} recording={recording} query={shown.q} />
            ))}
          </table>
        )}
        {data && data.recordings.length === 0 && (
          <div className="empty">
            <p>{t(narrowed || shown.page > 1 ? 'noMatch' : 'none')}</p>
            {narrowed || shown.page > 1 ? (
              <button type="button" className="button" onClick={() => onShow({ q: '', server: '', page: 1 })}>
                {t('clear')}
              </button>
            ) : (
              <p>{t('noneNext')}</p>
            )}
          </div>
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
      </main>
    </>
  )
}
