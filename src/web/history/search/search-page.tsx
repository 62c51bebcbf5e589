import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { LogSearchEvent } from '../../../shared/log-search.ts'
import { userMay } from '../../../shared/user.ts'
import { paths } from '../../api/paths.ts'
import { aboutQuery, useUser } from '../../api/queries.ts'
import { enLogPages } from '../../locales/en-logs.ts'
import { withWords } from '../../locales/more-words.tsx'
import styles from '../../search/search.module.css'
import { SearchBar } from '../../search/search-bar.tsx'
import { SearchResults } from '../../search/search-results.tsx'
import type { SearchTerms } from '../../search/terms.ts'
import { useSearch } from '../../search/use-search.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import list from '../../ui/list.module.css'
import { useSearchKey } from '../../ui/use-search-key.ts'
import { PageHeader } from '../../user/page-header.tsx'
import { keyOf, type LogHit, LogHitContent } from './log-hit.tsx'

interface SearchPageProps {
  /** What the address asks for */
  terms: SearchTerms
  onTerms: (terms: SearchTerms) => void
}

/** Searches the logs of all servers that the user may read. */
function SearchPage(props: SearchPageProps) {
  const t = useTranslations('search')
  const { data: about } = useQuery(aboutQuery())
  const user = useUser()
  useEffect(() => {
    document.title = `${t('all.title')} · BMS Console`
  }, [t])
  const refusal =
    about?.log === false ? 'log-off' : user && !userMay(user, 'read-log') ? 'role-forbids' : null
  return (
    <>
      <PageHeader />
      <main className={`${list.main} ${styles.page}`} id="content">
        <h1>{t('all.title')}</h1>
        {refusal ? <Refused cause={refusal} /> : <SearchAll {...props} />}
      </main>
    </>
  )
}

/** There is nothing to search for this person, so nothing is offered. */
function Refused({ cause }: { cause: 'log-off' | 'role-forbids' }) {
  const causes = useTranslations('causes')
  return (
    <EmptyState
      picture={cause === 'log-off' ? 'off' : 'locked'}
      title={causes(`${cause}.title`)}
      next={causes(`${cause}.next`)}
      alert
    />
  )
}

function SearchAll({ terms, onTerms }: SearchPageProps) {
  const t = useTranslations('search')
  const { bar, ...search } = useSearch<LogHit>({
    pathOf: paths.logSearch,
    events: LogSearchEvent,
    terms,
    onTerms,
  })
  const input = useRef<HTMLInputElement>(null)
  useSearchKey(input)
  return (
    <>
      <SearchBar {...bar} key={bar.key} label={t('all.title')} input={input} />
      {search.state.kind === 'idle' && (
        <EmptyState picture="search" title={t('all.begin')} next={t('all.beginNext')} />
      )}
      <SearchResults {...search} of="several" keyOf={keyOf}>
        {(hit) => (
          <Link
            to="/servers/$serverId/history"
            params={{ serverId: hit.server.id }}
            search={{ from: hit.offset }}
          >
            <LogHitContent hit={hit} server={hit.server.name} />
          </Link>
        )}
      </SearchResults>
    </>
  )
}

export default withWords(enLogPages, SearchPage)
