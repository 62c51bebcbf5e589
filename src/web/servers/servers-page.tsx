import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Columns3, Keyboard, RefreshCw, Search } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useFormatter, useNow, useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import { userMay } from '../../shared/user.ts'
import { aboutQuery, isRestart, listAnew, serversQuery, useUser } from '../api/queries.ts'
import { settings, useSettings } from '../settings/settings.ts'
import { toasts } from '../toasts/toasts.ts'
import { useLate } from '../ui/late.ts'
import list from '../ui/list.module.css'
import { LoadFailure } from '../ui/load-failure.tsx'
import { LoadingRows } from '../ui/loading-rows.tsx'
import { useSearchKey } from '../ui/use-search-key.ts'
import { keepSearch } from '../user/list-link.tsx'
import { PageHeader } from '../user/page-header.tsx'
import { Missing } from './missing.tsx'
import { selectServers, usefulFacets } from './model/select.ts'
import { type ChangeView, isNarrowed, type ListView, type Only, searchOf } from './model/view.ts'
import { placesOf } from './places.ts'
import styles from './servers.module.css'
import { type Column, columnsOf, sortOf } from './table/columns.ts'
import { placeIn } from './table/list-place.ts'
import { nothingSelected } from './table/selection.ts'
import { ServerTable } from './table/server-table.tsx'
import table from './table/table.module.css'
import { useEarlyRanks } from './use-early-ranks.ts'

interface ServersPageProps {
  view: ListView
  onView: ChangeView
  /** The search changes with each key. */
  typing: boolean
}

/** Lists all servers of the chosen projects. A click on one opens its console. */
export function ServersPage({ view, onView, typing }: ServersPageProps) {
  const t = useTranslations('servers')
  const { data: about } = useQuery(aboutQuery())
  const {
    data: listed,
    error,
    isPending,
    isFetching,
    dataUpdatedAt,
    failureReason,
  } = useQuery(serversQuery())
  const trouble = isRestart(failureReason) ? failureReason : error
  const client = useQueryClient()
  const refetch = () => listAnew(client)
  const user = useUser()
  const mayReadLogs = about?.log === true && user !== undefined && userMay(user, 'read-log')
  const { listColumns } = useSettings()
  const columns = useMemo(() => columnsOf(view.columns ?? listColumns), [view.columns, listColumns])
  const all = listed?.servers ?? none
  const [mine, setMine] = useState<Mine | null>(null)
  const [barFailed, setBarFailed] = useState(false)
  const Views = useLate(
    listed !== undefined,
    () => import('./views/views-bar.tsx'),
    () => setBarFailed(true),
  )
  // Only the bar knows which servers are the person's own. Without it, the list shows all.
  const only = barFailed && !Views ? null : view.only
  const chosen = mine?.only === only ? mine.servers : null
  const data = only ? (chosen ?? none) : all
  const known = useMemo(() => placesOf(all), [all])
  const found = useMemo(() => selectServers(data, view), [data, view])
  const { rows } = found
  const sortable = ['name' as const, ...columns.flatMap((column) => sortOf(column) ?? [])]
  useEarlyRanks(listed?.progress === null ? all : null, sortable)
  const facets = useMemo(() => usefulFacets(all, view.facets).length > 0, [all, view.facets])
  const counted = useCalm(found, typing)
  const calm = useCalm(view, typing)
  const narrowed = isNarrowed(view)
  const asked = viewKey(view)
  const [selection, setSelection] = useState(() => placeIn(client, asked).selection)
  const selected = useMemo(
    () => (selection.ids.size > 0 ? all.filter(({ id }) => selection.ids.has(id)) : none),
    [all, selection],
  )
  const [open, setOpen] = useState<'columns' | 'keys' | null>(null)
  const NoneOfMine = useLate(chosen !== null && rows.length === 0, () => import('./views/none-of-mine.tsx'))
  // While the list comes, none of it may be there yet.
  const waiting = isPending || (listed?.progress != null && all.length === 0)
  const NoServers = useLate(
    listed !== undefined && !waiting && rows.length === 0 && !only,
    () => import('./no-servers.tsx'),
  )
  const FailurePicture = useLate(error !== null && !listed, () => import('../ui/failure-picture.tsx'))
  const Facets = useLate(facets, () => import('./facets/facet-bar.tsx'))
  const Bar = useLate(selected.length > 0, () => import('./table/selection-bar.tsx'))
  const ColumnsDialog = useLate(open === 'columns', () => import('./table/columns-dialog.tsx'))
  const KeysDialog = useLate(open === 'keys', () => import('./table/keys-dialog.tsx'))
  const choose = (listColumns: readonly Column[] | null) => {
    settings.set({ listColumns: listColumns && [...listColumns] })
    if (view.columns) onView({ columns: null })
  }
  const onSort = useCallback((sort: ListView['sort']) => onView({ sort }), [onView])
  const search = useRef<HTMLInputElement>(null)
  useSearchKey(search)
  useEffect(() => keepSearch(client, searchOf(view)), [client, view])
  useEffect(() => {
    document.title = `${t('title')} · BMS Console`
  }, [t])
  return (
    <>
      <PageHeader />
      <main className={`${list.main} ${styles.main}`} id="content">
        <div className={styles.head}>
          <h1>{t('title')}</h1>
          {about && <span className={styles.cloud}>{about.cloud}</span>}
          <span className={list.dim} role="status">
            {listed &&
              (narrowed
                ? t('countOf', { found: rows.length, count: all.length })
                : t('count', { count: all.length }))}
            {listed?.progress && listed.progress.total !== null && (
              <span className={styles.progress}>
                {t('progress', { received: listed.progress.received, total: listed.progress.total })}
              </span>
            )}
            {isPending && <span className="unseen">{t('loading')}</span>}
          </span>
          <span className={list.gap} />
          {dataUpdatedAt > 0 && <Updated at={dataUpdatedAt} />}
          <button type="button" className="button" onClick={() => void refetch()} disabled={isFetching}>
            <RefreshCw size={15} aria-hidden /> <span>{t('refresh')}</span>
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
              value={view.query}
              onChange={(event) => onView({ query: event.target.value })}
            />
            <kbd aria-hidden>/</kbd>
          </label>
          <span className={list.gap} />
          <button
            type="button"
            className={`tool ${styles.keys}`}
            aria-keyshortcuts="?"
            onClick={() => setOpen('keys')}
          >
            <Keyboard size={16} aria-hidden /> {t('keys')}
          </button>
          <button type="button" className={`tool ${styles.columns}`} onClick={() => setOpen('columns')}>
            <Columns3 size={16} aria-hidden /> {t('columns')}
          </button>
        </div>
        {(listed || isPending) && (
          <div className={styles.bars}>
            <div className={styles.facets}>
              {Views && <Views servers={all} view={calm} onView={onView} onMine={setMine} />}
            </div>
            {(facets || isPending) && (
              <div className={styles.facets}>
                {Facets && <Facets servers={all} selected={counted} choice={view.facets} onView={onView} />}
              </div>
            )}
          </div>
        )}
        {trouble !== null && <LoadFailure error={trouble} onRetry={refetch} />}
        {FailurePicture && <FailurePicture error={error} />}
        {listed?.missing.map((missing) => (
          <Missing key={missing.where} {...missing} />
        ))}
        {(waiting || (listed && only && !chosen)) && (
          <LoadingRows className={table.table} row={table.loading} />
        )}
        {rows.length > 0 && (
          <ServerTable
            rows={rows}
            view={asked}
            sort={view.sort}
            onSort={onSort}
            columns={columns}
            known={known}
            selection={selection}
            onSelection={setSelection}
            search={search}
            onClear={() => view.query !== '' && onView({ query: '' })}
            onHelp={() => setOpen('keys')}
          />
        )}
        {NoneOfMine && <NoneOfMine view={view} onView={onView} />}
        {NoServers && listed && <NoServers listed={listed} view={view} onView={onView} onRefresh={refetch} />}
        {Bar && (
          <Bar
            servers={selected}
            shown={rows}
            history={mayReadLogs}
            announce={toasts.add}
            onClear={() => setSelection(nothingSelected)}
          />
        )}
        {ColumnsDialog && <ColumnsDialog columns={columns} onChoose={choose} onClose={() => setOpen(null)} />}
        {KeysDialog && <KeysDialog onClose={() => setOpen(null)} />}
      </main>
    </>
  )
}

/** The servers of a part of the list that is the person's own */
interface Mine {
  only: Only
  servers: readonly Server[]
}

/** The same array each time, so that nothing is drawn anew. */
const none: never[] = []

/** While somebody types, what was there before: the rows come first, and the rest follows once. */
function useCalm<T>(value: T, typing: boolean): T {
  const [kept, setKept] = useState(value)
  if (!typing && kept !== value) setKept(value)
  return typing ? kept : value
}

/** Which rows are asked for, and in which order */
const viewKey = (view: ListView) => JSON.stringify(searchOf({ ...view, columns: null }))

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
