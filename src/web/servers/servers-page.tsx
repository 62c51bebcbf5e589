import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowUp, Check, Copy, RefreshCw, Search, SearchX, SquareTerminal } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useFormatter, useNow, useTranslations } from 'use-intl'
import { type Server, serverCan } from '../../shared/server.ts'
import { failureOf } from '../api/client.ts'
import { aboutQuery, serversQuery } from '../api/queries.ts'
import { copyText } from '../ui/clipboard.ts'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { ThemeButton } from '../ui/theme-button.tsx'
import { filterServers } from './filter.ts'
import styles from './servers.module.css'
import { nextSort, type Sort, type SortColumn, sortColumns, sortServers } from './sort.ts'

interface ServersPageProps {
  query: string
  onQuery: (query: string) => void
  /** null: as the cloud gave them */
  sort: Sort | null
  onSort: (sort: Sort | null) => void
}

/** All servers of the project; a click on one is its console. */
export function ServersPage({ query, onQuery, sort, onSort }: ServersPageProps) {
  const t = useTranslations('servers')
  const { data: about } = useQuery(aboutQuery())
  const { data, error, isPending, isFetching, dataUpdatedAt, refetch } = useQuery(serversQuery())
  const matching = filterServers(data ?? [], query)
  const found = sort ? sortServers(matching, sort) : matching
  const search = useSlashKey()
  useEffect(() => {
    document.title = `${t('title')} · BMS Console`
  }, [t])
  return (
    <>
      <header className={styles.top}>
        <img src="/icon.svg" alt="" width={26} height={26} />
        <strong>BMS Console</strong>
        {about && <span className={styles.cloud}>{about.cloud}</span>}
        <span className={styles.gap} />
        {about && about.recordings !== 'off' && (
          <Link to="/recordings" className="button">
            {t('recordings')}
          </Link>
        )}
        <ThemeButton />
      </header>
      <main className={styles.main} id="content">
        <div className={styles.head}>
          <h1>{t('title')}</h1>
          <span className={styles.count} role="status">
            {data &&
              (query
                ? t('countOf', { found: found.length, count: data.length })
                : t('count', { count: data.length }))}
            {isPending && <span className="unseen">{t('loading')}</span>}
          </span>
          <span className={styles.gap} />
          {dataUpdatedAt > 0 && <Updated at={dataUpdatedAt} />}
          <button type="button" className="button" onClick={() => void refetch()} disabled={isFetching}>
            <RefreshCw size={15} aria-hidden /> {t('refresh')}
          </button>
        </div>
        <label className={styles.search}>
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
        {isPending && <LoadingTable />}
        {data && found.length > 0 && <ServerTable servers={found} sort={sort} onSort={onSort} />}
        {data && found.length === 0 && (
          <div className="empty">
            <SearchX size={28} strokeWidth={1.5} aria-hidden />
            <h2>{query ? t('noMatch', { query }) : t('none')}</h2>
            <p>{t(query ? 'noMatchNext' : 'noneNext')}</p>
            {query && (
              <button type="button" className="button" onClick={() => onQuery('')}>
                {t('clear')}
              </button>
            )}
          </div>
        )}
      </main>
    </>
  )
}

function Updated({ at }: { at: number }) {
  const t = useTranslations('servers')
  const format = useFormatter()
  const now = useNow({ updateInterval: 5_000 })
  return (
    <span className={styles.updated}>
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
}

function ServerTable({ servers, sort, onSort }: ServerTableProps) {
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
          <ServerRow key={server.id} server={server} />
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

/** Columns that a narrow screen leaves out. */
const cellClass = (column: SortColumn) =>
  column === 'power' ? styles.power : column === 'zone' ? styles.zone : undefined

/** A support desk asks for the whole id; the list shows its beginning. */
function ServerId({ id, name }: { id: string; name: string }) {
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
    </small>
  )
}

function ServerRow({ server }: { server: Server }) {
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
        <ServerId id={server.id} name={server.name} />
      </th>
      <td className={styles.statusCell}>
        <span className={styles.status} data-status={server.status}>
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
        {availability.offered ? (
          <>
            <Link {...target} className="button" tabIndex={-1} aria-hidden>
              <SquareTerminal size={15} aria-hidden /> {t('open')}
            </Link>
            {availability.caution && <small>{t('unknownOs')}</small>}
          </>
        ) : (
          <span className={styles.reason}>{t('windows')}</span>
        )}
      </td>
    </tr>
  )
}
