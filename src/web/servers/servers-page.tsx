import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowUp, Check, Copy, RefreshCw, Search, SearchX, SquareTerminal } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useFormatter, useNow, useTranslations } from 'use-intl'
import type { ServerList } from '../../shared/api.ts'
import { type Server, serverCan } from '../../shared/server.ts'
import { roleMay } from '../../shared/user.ts'
import { failureOf } from '../api/client.ts'
import { aboutQuery, serversQuery, useUser } from '../api/queries.ts'
import { Power } from '../power/power.tsx'
import { copyText } from '../ui/clipboard.ts'
import { FailureNotice } from '../ui/failure-notice.tsx'
import list from '../ui/list.module.css'
import { ThemeButton } from '../ui/theme-button.tsx'
import { useTold } from '../ui/told.tsx'
import { User } from '../user/user.tsx'
import { filterServers } from './filter.ts'
import { type Place, type PlaceKind, type Places, placeKinds, placesOf, whereIs } from './places.ts'
import styles from './servers.module.css'
import { nextSort, type Sort, type SortColumn, sortColumns, sortServers } from './sort.ts'

interface ServersPageProps {
  query: string
  onQuery: (query: string) => void
  /** null: as the cloud gave them */
  sort: Sort | null
  onSort: (sort: Sort | null) => void
  places: Places
  onPlaces: (change: Places) => void
  /** No search, every place */
  onAll: () => void
}

/** All servers of the chosen projects; a click on one is its console. */
export function ServersPage(props: ServersPageProps) {
  const { query, onQuery, sort, onSort, places, onPlaces, onAll } = props
  const t = useTranslations('servers')
  const { data: about } = useQuery(aboutQuery())
  const { data: listed, error, isPending, isFetching, dataUpdatedAt, refetch } = useQuery(serversQuery())
  const user = useUser()
  const [told, tell] = useTold()
  const data = listed?.servers
  const known = placesOf(data ?? [])
  const matching = filterServers(data ?? [], query, places)
  const found = sort ? sortServers(matching, sort) : matching
  const narrowed = query !== '' || placeKinds.some((kind) => places[kind] !== undefined)
  const search = useSlashKey()
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
        {about && about.recordings !== 'off' && user && roleMay(user.role, 'read-recordings') && (
          <Link to="/recordings" className={`button ${styles.shortcut}`}>
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
        {error !== null && (
          <FailureNotice
            failure={failureOf(error)}
            actions={
              <button type="button" className="button" onClick={() => void refetch()}>
                {t('retry')}
              </button>
            }
          />
        )}
        {listed?.missing.map((missing) => (
          <Missing key={missing.where} {...missing} />
        ))}
        {isPending && <LoadingTable />}
        {data && found.length > 0 && (
          <ServerTable servers={found} sort={sort} onSort={onSort} known={known} onTold={tell} />
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
          {told}
        </p>
      </main>
    </>
  )
}

/** Servers of one project that are not in the list, and why; those of the others are. */
function Missing({ where, failure }: ServerList['missing'][number]) {
  const t = useTranslations('servers')
  const causes = useTranslations('causes')
  const next =
    failure.cause === 'no-permission'
      ? t('mayNotList')
      : `${causes(`${failure.cause}.title`)}. ${causes(`${failure.cause}.next`)}`
  return <FailureNotice failure={failure} words={{ title: t('missing', { where }), next }} />
}

interface PlaceChoiceProps {
  kind: PlaceKind
  places: Place[]
  chosen: string | undefined
  onChoose: (id: string | undefined) => void
}

/** Offered where there is a choice; and where the address bar asks for a place, so that it can be undone. */
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

/** `/` goes to the search, as in most lists on the web. */
function useSlashKey() {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select')
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      input.current?.select()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return input
}

interface ServerTableProps {
  servers: Server[]
  sort: Sort | null
  onSort: (sort: Sort | null) => void
  /** The places that tell servers apart */
  known: Record<PlaceKind, Place[]>
  onTold: (sentence: string) => void
}

function ServerTable({ servers, sort, onSort, known, onTold }: ServerTableProps) {
  const t = useTranslations('servers')
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {sortColumns.map((column) => (
            <SortHeading key={column} column={column} sort={sort} onSort={onSort} />
          ))}
          <th scope="col">{t('console')}</th>
        </tr>
      </thead>
      <tbody>
        {servers.map((server) => (
          <ServerRow key={server.id} server={server} where={whereIs(server, known)} onTold={onTold} />
        ))}
      </tbody>
    </table>
  )
}

/** The table's shape before its rows are known, so that nothing jumps when they are. */
function LoadingTable() {
  return (
    <div className={styles.table} aria-hidden>
      {Array.from({ length: 6 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows that stand for nothing have no other key
        <div key={row} className={styles.loading}>
          <span className="skeleton" />
          <span className="skeleton" />
          <span className="skeleton" />
          <span className="skeleton" />
        </div>
      ))}
    </div>
  )
}

function SortHeading({
  column,
  sort,
  onSort,
}: Pick<ServerTableProps, 'sort' | 'onSort'> & { column: SortColumn }) {
  const t = useTranslations('servers')
  const sorted = sort?.column === column ? sort : null
  const Arrow = sorted?.descending ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      className={cellClass(column)}
      aria-sort={sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className={styles.sort} onClick={() => onSort(nextSort(sort, column))}>
        {t(column)} <Arrow size={13} aria-hidden data-shown={sorted !== null} />
      </button>
    </th>
  )
}

const tones: Record<Server['status'], 'ok' | 'warn' | 'bad' | 'plain'> = {
  active: 'ok',
  stopped: 'plain',
  building: 'warn',
  rebooting: 'warn',
  error: 'bad',
  deleted: 'plain',
  unknown: 'plain',
}

/** Columns that a narrow screen leaves out. */
const cellClass = (column: SortColumn) =>
  column === 'power' ? styles.power : column === 'zone' ? styles.zone : undefined

/** A support desk asks for the whole id; the list shows its beginning. */
function ServerId({ id, name, where }: { id: string; name: string; where: string }) {
  const t = useTranslations('servers')
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <small className={styles.id}>
      <span title={id}>{id.slice(0, 8)}</span>
      <button
        type="button"
        aria-label={t('copyId', { name })}
        title={copied ? t('copied') : id}
        onClick={() => void copyText(id).then(setCopied)}
      >
        {copied ? <Check size={12} aria-hidden /> : <Copy size={12} aria-hidden />}
      </button>
      <span role="status" className="unseen">
        {copied ? t('copied') : ''}
      </span>
      {where && (
        <span className={styles.where} title={where}>
          {where}
        </span>
      )}
    </small>
  )
}

interface ServerRowProps extends Pick<ServerTableProps, 'onTold'> {
  server: Server
  where: string
}

function ServerRow({ server, where, onTold }: ServerRowProps) {
  const t = useTranslations('servers')
  const availability = serverCan.openConsole(server)
  const { flavor } = server
  const target = { to: '/servers/$serverId/console', params: { serverId: server.id } } as const
  return (
    <tr className={availability.offered ? styles.open : undefined}>
      <th scope="row">
        {availability.offered ? (
          <Link {...target} className={styles.name} title={server.name}>
            {server.name}
          </Link>
        ) : (
          <span>{server.name}</span>
        )}
        <ServerId id={server.id} name={server.name} where={where} />
      </th>
      <td className={styles.statusCell}>
        <span className={`${list.state} ${styles.status}`} data-tone={tones[server.status]}>
          {t(`statuses.${server.status}`)}
        </span>
      </td>
      <td className={styles.power}>
        {t(server.power === 'on' ? 'on' : server.power === 'off' ? 'off' : 'unknownPower')}
      </td>
      <td className={styles.fact} data-label={t('os')}>
        <div>{server.os.image ?? '–'}</div>
      </td>
      <td data-label={t('addresses')} className={`${styles.fact} ${styles.mono}`}>
        <div>
          {server.addresses.length === 0
            ? '–'
            : server.addresses.map(({ address }) => <div key={address}>{address}</div>)}
        </div>
      </td>
      <td className={styles.zone}>{server.zone ?? '–'}</td>
      <td className={styles.fact} data-label={t('flavor')}>
        <div>
          {flavor.name}
          {flavor.vcpus !== null && flavor.memoryMiB !== null && flavor.diskGiB !== null && (
            <small>
              {t('hardware', { vcpus: flavor.vcpus, memory: flavor.memoryMiB / 1024, disk: flavor.diskGiB })}
            </small>
          )}
        </div>
      </td>
      <td className={styles.action}>
        <div>
          {availability.offered ? (
            <div>
              <Link {...target} className="button" tabIndex={-1} aria-hidden>
                <SquareTerminal size={15} aria-hidden /> {t('open')}
              </Link>
              {availability.caution && <small>{t('unknownOs')}</small>}
            </div>
          ) : (
            <span className={styles.reason}>{t('windows')}</span>
          )}
          <Power server={server} onTold={onTold} />
        </div>
      </td>
    </tr>
  )
}
