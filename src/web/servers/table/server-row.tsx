import { ChevronRight } from 'lucide-react'
import { type ComponentType, memo, useMemo, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { type Server, serverCan } from '../../../shared/server.ts'
import { InUseMark } from '../../in-use/in-use-mark.tsx'
import type { FavouriteStarProps } from '../../preferences/favourite-star.tsx'
import list from '../../ui/list.module.css'
import { statusTones } from '../../ui/status-tones.ts'
import { WatchedMark } from '../../watch/watched-mark.tsx'
import { type Place, type PlaceKind, placeOf, whereIs } from '../places.ts'
import type { Column } from './columns.ts'
import { RowLink } from './row-link.tsx'
import styles from './table.module.css'

/** More chips than these make one that counts the others. */
const CHIPS = 2

interface ServerRowProps {
  server: Server
  index: number
  rowPx: number
  /** The columns behind the name; null: two lines that a phone has room for */
  columns: readonly Column[] | null
  /** The places that tell the servers apart */
  known: Record<PlaceKind, Place[]>
  selected: boolean
  /** Tab goes to this row of all. */
  current: boolean
  /** The cloud no longer lists it. */
  gone: boolean
  /** A person has its console open. */
  inUse: boolean
  /** null: it has not loaded yet */
  Star: ComponentType<FavouriteStarProps> | null
  words: RowWords
}

/** A translator takes longer to make than a row to draw, so all rows share these. */
interface RowWords {
  t: ReturnType<typeof useTranslations<'servers'>>
  tasks: ReturnType<typeof useTranslations<'power'>>
  format: ReturnType<typeof useFormatter>
}

export function useRowWords(): RowWords {
  const t = useTranslations('servers')
  const tasks = useTranslations('power')
  const format = useFormatter()
  return useMemo(() => ({ t, tasks, format }), [t, tasks, format])
}

/** A row that stayed the same is not drawn again: what differs between two refreshes is little. */
export const ServerRow = memo(function ServerRow(props: ServerRowProps) {
  const { server, index, rowPx, columns, selected, gone, words } = props
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-id={server.id}
      data-gone={gone || undefined}
      style={{ top: index * rowPx }}
    >
      <td className={styles.select}>
        {/* The table hears of all clicks. */}
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={words.t('select', { name: server.name })}
          checked={selected}
          readOnly
        />
      </td>
      <Name {...props} />
      {(columns ?? (['status'] as const)).map((column) => (
        <td key={column} className={styles[column]}>
          <Fact server={server} column={column} gone={gone} words={words} />
          {!columns && !gone && (
            <RowLink
              serverId={server.id}
              to="page"
              className={styles.page}
              aria-label={words.t('pageOf', { name: server.name })}
              tabIndex={-1}
            >
              <ChevronRight size={18} aria-hidden />
            </RowLink>
          )}
        </td>
      ))}
    </tr>
  )
})

function Name({ server, known, current, gone, columns, inUse, Star, words: { t } }: ServerRowProps) {
  const { id, name } = server
  const console = serverCan.openConsole(server)
  const where = whereIs(server, known)
  const remark = gone ? t('gone') : !console.offered ? t('windows') : console.caution ? t('unknownOs') : null
  const tab = current ? 0 : -1
  return (
    <th scope="row">
      {console.offered && !gone ? (
        <RowLink serverId={id} to="console" className={styles.name} title={name} tabIndex={tab} data-name>
          {name}
        </RowLink>
      ) : gone ? (
        <span className={styles.name} title={name} tabIndex={tab} data-name>
          {name}
        </span>
      ) : (
        <RowLink serverId={id} to="page" className={styles.name} title={name} tabIndex={tab} data-name>
          {name}
        </RowLink>
      )}
      <small className={styles.about}>
        {remark ? (
          <span className={styles.remark}>{remark}</span>
        ) : (
          columns && (
            <RowLink serverId={id} to="page" title={id} tabIndex={-1}>
              {id.slice(0, 8)}
            </RowLink>
          )
        )}
        {server.watched && <WatchedMark server={server} />}
        {inUse && <InUseMark serverId={id} />}
        {!columns && !remark && server.addresses[0] && <span>{server.addresses[0].address}</span>}
        {where && <span title={where}>{where}</span>}
        {!columns && !remark && server.zone && <span>{server.zone}</span>}
      </small>
      {Star && <Star serverId={id} label={t('favourite', { name })} tabIndex={tab} />}
    </th>
  )
}

interface FactProps extends Pick<ServerRowProps, 'server' | 'gone' | 'words'> {
  column: Column
}

function Fact({ server, column, gone, words }: FactProps) {
  const { t, format } = words
  switch (column) {
    case 'status':
      return gone ? '–' : <Status server={server} words={words} />
    case 'os':
      return server.os.image ?? '–'
    case 'addresses':
      return <Addresses server={server} />
    case 'flavor': {
      const { name, vcpus, memoryMiB, diskGiB } = server.flavor
      return (
        <>
          <div>{name}</div>
          {vcpus !== null && memoryMiB !== null && diskGiB !== null && (
            <small>
              {t('hardware', { vcpus, memory: Math.round(memoryMiB / 102.4) / 10, disk: diskGiB })}
            </small>
          )}
        </>
      )
    }
    case 'tags':
      return <Tags tags={server.tags} />
    case 'zone':
      return server.zone ?? '–'
    case 'region':
    case 'project':
    case 'enterprise':
      return placeOf[column](server)?.name ?? '–'
    case 'created':
      return server.created ? format.dateTime(new Date(server.created), { dateStyle: 'medium' }) : '–'
    case 'id':
      return server.id
  }
}

function Status({ server, words: { t, tasks } }: Pick<ServerRowProps, 'server' | 'words'>) {
  const { id, status, cloudStatus, power, task } = server
  const says = `${cloudStatus ?? status} ${power} ${task}`
  const [first, setFirst] = useState({ id, says })
  // The row has become another server's.
  if (first.id !== id) setFirst({ id, says })
  const changed = first.id === id && first.says !== says
  return (
    // Another key is another element, which shows once that it is new.
    <div key={changed ? says : 'first'} className={styles.state} data-new={changed || undefined}>
      <span className={list.state} data-tone={statusTones[status]}>
        {cloudStatus ?? t(`statuses.${status}`)}
      </span>
      <small>{task ? tasks(`states.${task}`) : t(`powered.${power}`)}</small>
    </div>
  )
}

function Addresses({ server: { addresses } }: { server: Server }) {
  const [first, second, ...others] = addresses.map(({ address }) => address)
  return (
    <>
      <div>{first ?? '–'}</div>
      {second && (
        <div title={[second, ...others].join('\n')}>
          {second}
          {others.length > 0 && ` +${others.length}`}
        </div>
      )}
    </>
  )
}

function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return '–'
  const others = tags.slice(CHIPS)
  return (
    <div className={styles.chips}>
      {tags.slice(0, CHIPS).map((tag) => (
        <span key={tag} title={tag}>
          {tag}
        </span>
      ))}
      {others.length > 0 && <span title={others.join('\n')} data-more>{`+${others.length}`}</span>}
    </div>
  )
}
