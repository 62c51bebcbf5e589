import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowDownToLine, Download } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { LogSearchEvent } from '../../shared/log-search.ts'
import { paths } from '../api/paths.ts'
import { serverQuery } from '../api/queries.ts'
import { enLogPages } from '../locales/en-logs.ts'
import { withWords } from '../locales/more-words.tsx'
import { SearchBar } from '../search/search-bar.tsx'
import { SearchResults } from '../search/search-results.tsx'
import type { SearchTerms } from '../search/terms.ts'
import { useSearch } from '../search/use-search.ts'
import { encodingNames } from '../settings/line-encoding.ts'
import { useServerSettings } from '../settings/server-settings.ts'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { useSearchKey } from '../ui/use-search-key.ts'
import { PageHeader } from '../user/page-header.tsx'
import { BootList, BootSelect } from './boots.tsx'
import styles from './history.module.css'
import { Log } from './log.tsx'
import { summaryQuery } from './queries.ts'
import { keyOf, type LogHit, LogHitContent } from './search/log-hit.tsx'
import { type Place, useLog } from './use-log.ts'

interface HistoryPageProps extends Place {
  serverId: string
  /** What the address asks to search for */
  terms: SearchTerms
  onTerms: (terms: SearchTerms) => void
  /** Opens the log at an offset; null: at its end. */
  onPlace: (offset: number | null) => void
}

/** What a server has printed, also before anybody came. */
function HistoryPage({ serverId, from, boot, terms, onTerms, onPlace }: HistoryPageProps) {
  const t = useTranslations('history')
  const { data: server } = useQuery(serverQuery(serverId))
  const { data: summary } = useQuery(summaryQuery(serverId))
  const { reading, state, again } = useLog(serverId, { from, boot })
  const { bar, ...search } = useSearch<LogHit>({
    pathOf: (query) => paths.lineLogSearch(serverId, query),
    events: LogSearchEvent,
    terms,
    onTerms,
  })
  const searchInput = useRef<HTMLInputElement>(null)
  useSearchKey(searchInput, true)
  const box = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const name = server?.name ?? serverId
  useEffect(() => {
    document.title = `${t('titleOf', { name })} · BMS Console`
  }, [t, name])
  const jump = () => {
    if (state.kind === 'read' && state.window.atEnd && box.current) {
      box.current.scrollTop = box.current.scrollHeight
      box.current.focus()
    } else if (from === undefined && boot === undefined) again()
    else onPlace(null)
  }
  const goTo = (offset: number) => (offset === from ? again() : onPlace(offset))
  const boots = summary && { summary, chosen: from, onChoose: goTo }
  const failed = state.kind === 'failed'
  const { encoding } = useServerSettings(serverId)
  return (
    <div className={styles.page}>
      <PageHeader
        back={
          <Link to="/servers/$serverId/console" params={{ serverId }}>
            {t('toConsole')}
          </Link>
        }
      />
      <main className={styles.main} id="content">
        <div className={styles.toolbar}>
          <h1 title={name}>{t('titleOf', { name })}</h1>
          {!failed && (
            <>
              {boots && <BootSelect {...boots} />}
              <SearchBar {...bar} key={bar.key} label={t('search')} input={searchInput} />
              <span className={styles.gap} />
              <a className="button" href={paths.lineLogRaw(serverId)} download>
                <Download size={15} aria-hidden /> {t('download')}
              </a>
              <button type="button" className="button" onClick={jump} disabled={atEnd}>
                <ArrowDownToLine size={15} aria-hidden /> {t('toEnd')}
              </button>
            </>
          )}
        </div>
        {encoding !== null && encoding !== 'utf-8' && (
          <p className={styles.encoding}>{t('encoding', { encoding: encodingNames[encoding] })}</p>
        )}
        {summary?.away && (
          <p className={styles.encoding} role="status">
            {t('away')}
          </p>
        )}
        {failed ? (
          <FailureNotice
            failure={state.failure}
            actions={
              <button type="button" className="button" onClick={again}>
                {t('tryAgain')}
              </button>
            }
          />
        ) : (
          <>
            <SearchResults {...search} of="one" keyOf={keyOf}>
              {(hit) => (
                <button type="button" aria-current={hit.offset === from} onClick={() => goTo(hit.offset)}>
                  {/* The page may know a boot that the search had no time to look for. */}
                  <LogHitContent hit={hit} boot={summary?.boots.find(({ offset }) => offset <= hit.offset)} />
                </button>
              )}
            </SearchResults>
            <div className={styles.body}>
              {boots && <BootList {...boots} />}
              <Log
                serverId={serverId}
                reading={reading}
                state={state}
                boots={summary?.boots ?? []}
                marked={from !== undefined}
                box={box}
                onAtEnd={setAtEnd}
              />
            </div>
          </>
        )}
      </main>
    </div>
  )
}

export default withWords(enLogPages, HistoryPage)
