import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { RecordingSearchEvent } from '../../shared/recording.ts'
import { paths } from '../api/paths.ts'
import { enLogPages } from '../locales/en-logs.ts'
import { withWords } from '../locales/more-words.tsx'
import searchStyles from '../search/search.module.css'
import { SearchBar } from '../search/search-bar.tsx'
import { SearchResults } from '../search/search-results.tsx'
import type { SearchTerms } from '../search/terms.ts'
import { addressOf } from '../search/terms-in-address.ts'
import { useSearch } from '../search/use-search.ts'
import list from '../ui/list.module.css'
import { useSearchKey } from '../ui/use-search-key.ts'
import { PageHeader } from '../user/page-header.tsx'
import { type RecordingsView, recordingsQuery } from './queries.ts'
import { keyOf, type RecordingHit, RecordingHitContent } from './recording-hit.tsx'
import { RecordingTable } from './recording-table.tsx'
import styles from './recordings.module.css'

/** What the address asks for */
interface Shown extends RecordingsView {
  terms: SearchTerms
}

interface RecordingsPageProps {
  shown: Shown
  onShow: (shown: Shown) => void
}

/** Lists the recordings, which can be searched, played and downloaded. */
function RecordingsPage({ shown, onShow }: RecordingsPageProps) {
  const t = useTranslations('recordings')
  const { server, page, terms } = shown
  const listed = useQuery(recordingsQuery({ server, page }))
  const { data } = listed
  const input = useRef<HTMLInputElement>(null)
  useSearchKey(input)
  const { bar, ...search } = useSearch<RecordingHit>({
    pathOf: (query) => paths.recordingsSearch(query, server),
    events: RecordingSearchEvent,
    key: server,
    terms,
    onTerms: (next) => onShow({ ...shown, terms: next, page: 1 }),
  })
  useEffect(() => {
    document.title = `${t('title')} · BMS Console`
  }, [t])
  return (
    <>
      <PageHeader />
      <main className={`${list.main} ${searchStyles.page}`} id="content">
        <h1>{t('title')}</h1>
        {/* Who may not read them, or where none are made, has nothing to search either. */}
        {(data || !listed.isError) && (
          <div className={list.filters}>
            <SearchBar {...bar} key={bar.key} label={t('search')} input={input} />
            <label className={`${list.choice} ${styles.of}`}>
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
          </div>
        )}
        <SearchResults {...search} of="several" keyOf={keyOf}>
          {(hit) => (
            <Link
              to="/recordings/$recordingId"
              params={{ recordingId: hit.recording.id }}
              search={{ ...addressOf(shown.terms), t: hit.second }}
            >
              <RecordingHitContent hit={hit} server={hit.recording.serverName} />
            </Link>
          )}
        </SearchResults>
        {terms.text === '' && (
          <RecordingTable
            listed={listed}
            shown={shown}
            onShow={(change) => onShow({ ...shown, ...change })}
          />
        )}
      </main>
    </>
  )
}

export default withWords(enLogPages, RecordingsPage)
