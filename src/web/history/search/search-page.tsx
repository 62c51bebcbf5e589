import { Link } from '@tanstack/react-router'
import { TextSearch } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { paths } from '../../../shared/api.ts'
import list from '../../ui/list.module.css'
import { useSearchKey } from '../../ui/use-search-key.ts'
import { PageHeader } from '../../user/page-header.tsx'
import { Hit } from './hit.tsx'
import styles from './search.module.css'
import { SearchBar } from './search-bar.tsx'
import { SearchResults } from './search-results.tsx'
import { type SearchTerms, sameTerms, searchOf } from './terms.ts'
import { useLogSearch } from './use-log-search.ts'

interface SearchPageProps {
  /** What the address asks for */
  terms: SearchTerms
  onTerms: (terms: SearchTerms) => void
}

/** Searches the logs of all servers that the user may read. */
export default function SearchPage({ terms, onTerms }: SearchPageProps) {
  const t = useTranslations('history.search')
  const { searching, state } = useLogSearch(paths.logSearch)
  const input = useRef<HTMLInputElement>(null)
  useSearchKey(input)
  const typed = useRef(terms)
  const [drawn, setDrawn] = useState(0)
  useEffect(() => {
    document.title = `${t('all.title')} · BMS Console`
  }, [t])
  const { text, regex, matchCase, span } = terms
  useEffect(() => {
    const asked = { text, regex, matchCase, span }
    searching.search(searchOf(asked))
    if (sameTerms(asked, typed.current)) return
    // The address changed by itself, so the bar begins anew with it.
    typed.current = asked
    setDrawn((count) => count + 1)
  }, [searching, text, regex, matchCase, span])
  const search = (next: SearchTerms) => {
    typed.current = next
    if (sameTerms(next, terms)) searching.search(searchOf(next))
    else onTerms(next)
  }
  return (
    <>
      <PageHeader>
        <Link to="/">{t('all.toServers')}</Link>
      </PageHeader>
      <main className={`${list.main} ${styles.page}`} id="content">
        <h1>{t('all.title')}</h1>
        <SearchBar key={drawn} label={t('all.title')} first={terms} input={input} onSearch={search} />
        {state.kind === 'idle' && (
          <div className="empty">
            <TextSearch size={28} strokeWidth={1.5} aria-hidden />
            <h2>{t('all.begin')}</h2>
            <p>{t('all.beginNext')}</p>
          </div>
        )}
        <SearchResults state={state} searching={searching} of="all-logs">
          {(hit) => (
            <Link
              to="/servers/$serverId/history"
              params={{ serverId: hit.server.id }}
              search={{ from: hit.offset }}
            >
              <Hit hit={hit} server={hit.server.name} />
            </Link>
          )}
        </SearchResults>
      </main>
    </>
  )
}
