import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RefreshCw, Search, SquareTerminal } from 'lucide-react'
import { useEffect } from 'react'
import { useFormatter, useNow, useTranslations } from 'use-intl'
import { type Server, serverCan } from '../../shared/server.ts'
import { failureOf } from '../api/client.ts'
import { aboutQuery, serversQuery } from '../api/queries.ts'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { ThemeButton } from '../ui/theme-button.tsx'
import { filterServers } from './filter.ts'
import styles from './servers.module.css'

/** All servers of the project; a click on one is its console. */
export function ServersPage({ query, onQuery }: { query: string; onQuery: (query: string) => void }) {
  const t = useTranslations('servers')
  const { data: about } = useQuery(aboutQuery())
  const { data, error, isPending, isFetching, dataUpdatedAt, refetch } = useQuery(serversQuery())
  const found = filterServers(data ?? [], query)
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
        <ThemeButton />
      </header>
      <main className={styles.main}>
        <div className={styles.head}>
          <h1>{t('title')}</h1>
          {data && <span className={styles.count}>{t('count', { count: data.length })}</span>}
          <span className={styles.gap} />
          {dataUpdatedAt > 0 && <Updated at={dataUpdatedAt} />}
          <button type="button" className="button" onClick={() => void refetch()} disabled={isFetching}>
            <RefreshCw size={15} aria-hidden /> {t('refresh')}
          </button>
        </div>
        <label className={styles.search}>
          <Search size={16} aria-hidden />
          <input
            type="search"
            aria-label={t('search')}
            placeholder={t('search')}
            value={query}
            onChange={(event) => onQuery(event.target.value)}
          />
        </label>
        {error !== null && (
          <FailureNotice failure={failureOf(error)}>
            <button type="button" className="button" onClick={() => void refetch()}>
              {t('retry')}
            </button>
          </FailureNotice>
        )}
        {isPending && <p role="status">{t('loading')}…</p>}
        {data && found.length > 0 && <ServerTable servers={found} />}
        {data && found.length === 0 && (
          <div className={styles.empty}>
            <p>{query ? t('noMatch', { query }) : t('none')}</p>
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

function ServerTable({ servers }: { servers: Server[] }) {
  const t = useTranslations('servers')
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {(['name', 'status', 'power', 'os', 'addresses', 'zone', 'flavor', 'console'] as const).map(
            (column) => (
              <th key={column} scope="col">
                {t(column)}
              </th>
            ),
          )}
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

function ServerRow({ server }: { server: Server }) {
  const t = useTranslations('servers')
  const availability = serverCan.openConsole(server)
  const { flavor } = server
  const target = { to: '/servers/$serverId/console', params: { serverId: server.id } } as const
  return (
    <tr className={availability.offered ? styles.open : undefined}>
      <th scope="row" data-label={t('name')}>
        {availability.offered ? (
          <Link {...target} className={styles.name}>
            {server.name}
          </Link>
        ) : (
          <span>{server.name}</span>
        )}
        <small title={server.id}>{server.id.slice(0, 8)}</small>
      </th>
      <td data-label={t('status')}>
        <span className={styles.status} data-status={server.status}>
          {t(`statuses.${server.status}`)}
        </span>
      </td>
      <td data-label={t('power')}>
        {t(server.power === 'on' ? 'on' : server.power === 'off' ? 'off' : 'unknownPower')}
      </td>
      <td data-label={t('os')}>{server.os.image ?? '–'}</td>
      <td data-label={t('addresses')} className={styles.mono}>
        {server.addresses.length === 0
          ? '–'
          : server.addresses.map(({ address }) => <div key={address}>{address}</div>)}
      </td>
      <td data-label={t('zone')}>{server.zone ?? '–'}</td>
      <td data-label={t('flavor')}>
        {flavor.name}
        {flavor.vcpus !== null && flavor.memoryMiB !== null && flavor.diskGiB !== null && (
          <small>
            {t('hardware', { vcpus: flavor.vcpus, memory: flavor.memoryMiB / 1024, disk: flavor.diskGiB })}
          </small>
        )}
      </td>
      <td data-label={t('console')}>
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
