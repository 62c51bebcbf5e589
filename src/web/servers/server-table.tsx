import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowUp, Check, Copy, History, SquareTerminal } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { type Server, serverCan } from '../../shared/server.ts'
import { InUseMark } from '../in-use/in-use-mark.tsx'
import { Power } from '../power/power.tsx'
import { copyText } from '../ui/clipboard.ts'
import list from '../ui/list.module.css'
import { WatchedMark } from '../watch/watched-mark.tsx'
import { type Place, type PlaceKind, whereIs } from './places.ts'
import styles from './servers.module.css'
import { nextSort, type Sort, type SortColumn, sortColumns } from './sort.ts'

interface ServerTableProps {
  servers: Server[]
  sort: Sort | null
  onSort: (sort: Sort | null) => void
  /** The places that tell the servers apart */
  known: Record<PlaceKind, Place[]>
  /** What servers print is kept, and this user may read it. */
  history: boolean
  announce: (sentence: string) => void
}

export function ServerTable({ servers, sort, onSort, known, history, announce }: ServerTableProps) {
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
          <ServerRow
            key={server.id}
            server={server}
            where={whereIs(server, known)}
            history={history}
            announce={announce}
          />
        ))}
      </tbody>
    </table>
  )
}

/** Holds the table's place until its rows come, so that nothing jumps. */
export function LoadingTable() {
  return (
    <div className={styles.table} aria-hidden>
      {Array.from({ length: 6 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholder rows have no other key
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

/** The class of a column that a narrow screen leaves out. */
const cellClass = (column: SortColumn) =>
  column === 'power' ? styles.power : column === 'zone' ? styles.zone : undefined

/** Shows the beginning of the id, and copies all of it: a support desk asks for the whole. */
function ShortId({ server, where }: { server: Server; where: string }) {
  const { id, name } = server
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
      <WatchedMark server={server} />
      <InUseMark serverId={id} />
      {where && (
        <span className={styles.where} title={where}>
          {where}
        </span>
      )}
    </small>
  )
}

interface ServerRowProps extends Pick<ServerTableProps, 'history' | 'announce'> {
  server: Server
  where: string
}

function ServerRow({ server, where, history, announce }: ServerRowProps) {
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
          <span className={styles.closed} title={server.name}>
            {server.name}
          </span>
        )}
        <ShortId server={server} where={where} />
      </th>
      <td className={styles.statusCell}>
        <span className={`${list.state} ${styles.status}`} data-tone={tones[server.status]}>
          {server.cloudStatus ?? t(`statuses.${server.status}`)}
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
          {history && availability.offered && (
            <Link
              to="/servers/$serverId/history"
              params={{ serverId: server.id }}
              className={`icon ${styles.history}`}
              aria-label={t('historyOf', { name: server.name })}
              title={t('history')}
            >
              <History size={17} aria-hidden />
            </Link>
          )}
          <Power server={server} announce={announce} />
        </div>
      </td>
    </tr>
  )
}
