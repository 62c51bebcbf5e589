import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RefreshCw, Search, SearchX } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useFormatter, useNow, useTranslations } from 'use-intl'
import type { ServerList } from '../../shared/api.ts'
import { userMay } from '../../shared/user.ts'
import { aboutQuery, listAnew, serversQuery, useUser } from '../api/queries.ts'
import { useAnnouncement } from '../ui/announcement.ts'
import { FailureNotice, NextTry } from '../ui/failure-notice.tsx'
import list from '../ui/list.module.css'
import { LoadFailure } from '../ui/load-failure.tsx'
import { ThemeButton } from '../ui/theme-button.tsx'
import { useSearchKey } from '../ui/use-search-key.ts'
import { User } from '../user/user.tsx'
import { filterServers } from './filter.ts'
import { type Place, type PlaceKind, type Places, placeKinds, placesOf } from './places.ts'
import { LoadingTable, ServerTable } from './server-table.tsx'
import styles from './servers.module.css'
import { type Sort, sortServers } from './sort.ts'

interface ServersPageProps {
  query: string
  onQuery: (query: string) => void
  /** Null keeps the cloud's order. */
  sort: Sort | null
  onSort: (sort: Sort | null) => void
  places: Places
  onPlaces: (change: Places) => void
  /** Clears the search and shows every place. */
  onAll: () => void
}

/** Lists all servers of the chosen projects. A click on one opens its console. */
export function ServersPage(props: ServersPageProps) {
  const { query, onQuery, sort, onSort, places, onPlaces, onAll } = props
  const t = useTranslations('servers')
  const { data: about } = useQuery(aboutQuery())
  const { data: listed, error, isPending, isFetching, dataUpdatedAt } = useQuery(serversQuery())
  const client = useQueryClient()
  const refetch = () => listAnew(client)
  const user = useUser()
  const mayReadLogs = about?.log === true && user !== undefined && userMay(user, 'read-log')
  const [announcement, announce] = useAnnouncement()
  const data = listed?.servers
  const known = placesOf(data ?? [])
  const matching = filterServers(data ?? [], query, places)
  const found = sort ? sortServers(matching, sort) : matching
  const narrowed = query !== '' || placeKinds.some((kind) => places[kind] !== undefined)
  const search = useRef<HTMLInputElement>(null)
  useSearchKey(search)
  useEffect(() => {
    document.title = `${t('title')} · BMS Console`
  }, [t])
  return (
    <>
      <header className={list.top}>
        <img src="/icon.svg" alt="" width={26} height={26} />
        <strong>BMS Console</strong>
        {about && <span className={styles.cloud}>{about.cloud}</span>}
        <span className={list.gap} />
        <Link to="/consoles" className={`button ${styles.shortcut}`}>
          {t('consoles')}
        </Link>
        {mayReadLogs && (
          <Link to="/search" className={`tool ${styles.shortcut}`}>
            {t('searchLogs')}
          </Link>
        )}
        {about && about.recordings !== 'off' && user && userMay(user, 'read-recordings') && (
          <Link to="/recordings" className={`tool ${styles.shortcut}`}>
            {t('recordings')}
          </Link>
        )}
        <span className={styles.shortcut}>
          <ThemeButton />
        </span>
        <User />
      </header>
      <main className={list.main} id="content">
        <div className={styles.head}>
          <h1>{t('title')}</h1>
          <span className={list.dim} role="status">
            {data &&
              (narrowed
                ? t('countOf', { found: found.length, count: data.length })
                : t('count', { count: data.length }))}
            {isPending && <span className="unseen">{t('loading')}</span>}
          </span>
          <span className={list.gap} />
          {dataUpdatedAt > 0 && <Updated at={dataUpdatedAt} />}
          <button type="button" className="button" onClick={() => void refetch()} disabled={isFetching}>
            <RefreshCw size={15} aria-hidden /> {t('refresh')}
          </button>
        </div>
        <div className={styles.filters}>
          <label className={`${list.search} ${styles.search}`}>
            <Search size={16} aria-hidden />
            <input
              ref={search}
              type="search"
              aria-keyshortcuts="/"
              aria-label={t('search')}
              placeholder={t('search')}
              value={query}
              onChange={(event) => onQuery(event.target.value)}
            />
            <kbd aria-hidden>/</kbd>
          </label>
          {placeKinds.map((kind) => (
            <PlaceChoice
              key={kind}
              kind={kind}
              places={known[kind]}
              chosen={places[kind]}
              onChoose={(id) => onPlaces({ [kind]: id })}
            />
          ))}
        </div>
        {error !== null && <LoadFailure error={error} onRetry={refetch} />}
        {listed?.missing.map((missing) => (
          <Missing key={missing.where} {...missing} />
        ))}
        {isPending && <LoadingTable />}
        {data && found.length > 0 && (
          <ServerTable
            servers={found}
            sort={sort}
            onSort={onSort}
            known={known}
            history={mayReadLogs}
            announce={announce}
          />
        )}
        {data && found.length === 0 && (
          <div className="empty">
            <SearchX size={28} strokeWidth={1.5} aria-hidden />
            <h2>{query ? t('noMatch', { query }) : t(narrowed ? 'noneThere' : 'none')}</h2>
            <p>{t(query ? 'noMatchNext' : narrowed ? 'noneThereNext' : 'noneNext')}</p>
            {narrowed && (
              <button type="button" className="button" onClick={onAll}>
                {t('clear')}
              </button>
            )}
          </div>
        )}
        <p role="status" className="toast">
          {announcement}
        </p>
      </main>
    </>
  )
}

/** Says that one project's servers, or some of them, are missing from the list, and why. */
function Missing({ where, failure }: ServerList['missing'][number]) {
  const t = useTranslations('servers')
  const causes = useTranslations('causes')
  if (failure.cause === 'list-incomplete') {
    const words = { title: t('incomplete', { where }), next: causes('list-incomplete.next') }
    return <FailureNotice failure={failure} words={words} />
  }
  const next =
    failure.cause === 'no-permission'
      ? t('mayNotList')
      : `${causes(`${failure.cause}.title`)}. ${causes(`${failure.cause}.next`)}`
  return (
    <FailureNotice
      failure={failure}
      words={{ title: t('missing', { where }), next }}
      actions={<NextTry failure={failure} />}
    />
  )
}

interface PlaceChoiceProps {
  kind: PlaceKind
  places: Place[]
  chosen: string | undefined
  onChoose: (id: string | undefined) => void
}

/** Shown when there is a choice, or when the address asks for a place, so that it can be undone. */
function PlaceChoice({ kind, places, chosen, onChoose }: PlaceChoiceProps) {
  const t = useTranslations('servers')
  if (places.length === 0 && chosen === undefined) return null
  const gone = chosen !== undefined && !places.some(({ id }) => id === chosen)
  return (
    <select
      className={styles.choice}
      aria-label={t(`places.${kind}`)}
      value={chosen ?? ''}
      onChange={(event) => onChoose(event.target.value || undefined)}
    >
      <option value="">{t(`everywhere.${kind}`)}</option>
      {places.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
      {gone && <option value={chosen}>{chosen}</option>}
    </select>
  )
}

function Updated({ at }: { at: number }) {
  const t = useTranslations('servers')
  const format = useFormatter()
  const now = useNow({ updateInterval: 5_000 })
  return (
    <span className={`${list.dim} ${styles.updated}`}>
      {t('updated', { time: format.relativeTime(Math.min(at, now.getTime()), now) })}
    </span>
  )
}
