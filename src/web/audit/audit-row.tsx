import { Link } from '@tanstack/react-router'
import { useFormatter, useTranslations } from 'use-intl'
import type { AuditEvent } from '../../shared/audit.ts'
import { knownDetail } from '../../shared/audit-detail.ts'
import { PowerAction } from '../../shared/server.ts'
import { formatDuration } from '../ui/duration.ts'
import list from '../ui/list.module.css'
import { Size } from '../ui/size.tsx'
import styles from './audit.module.css'

const tones = { done: 'ok', refused: 'warn', failed: 'bad' } as const

/** One event in words: who did what to which server, and how it went. */
export function AuditRow({ event }: { event: AuditEvent }) {
  const t = useTranslations('audit')
  const causes = useTranslations('causes')
  const format = useFormatter()
  const { user, server, project, cause, count } = event
  const time = new Date(event.time)
  const noBytes = event.bytesIn === null && event.bytesOut === null
  return (
    <tr className={`${list.row} ${list.card}`}>
      <th scope="row" data-label={t('time')} className={list.number}>
        <time dateTime={event.time} title={event.time}>
          {format.dateTime(time, { dateStyle: 'medium', timeStyle: 'medium' })}
        </time>
      </th>
      <td data-label={t('user')} className={styles.user}>
        <div>
          <span title={user?.id}>{user?.name ?? t(event.from === '' ? 'itself' : 'nobody')}</span>
          <small className={styles.mono}>{event.from}</small>
        </div>
      </td>
      <td data-label={t('action')}>
        <div>
          {t(`actions.${event.action}`)}
          {event.action === 'lose-events' ? (
            <small>{t('lost', { count })}</small>
          ) : (
            count > 1 && <small>{t('times', { count })}</small>
          )}
          <Detail event={event} />
        </div>
      </td>
      <td data-label={t('outcome')} className={styles.words}>
        <div>
          <span className={list.state} data-tone={tones[event.outcome]}>
            {t(`outcomes.${event.outcome}`)}
          </span>
          {cause !== null && <small>{causes(`${cause}.title`)}</small>}
        </div>
      </td>
      <td data-label={t('server')} className={styles.server} data-none={server === null}>
        {server ? (
          <div>
            <Link to="/servers/$serverId/console" params={{ serverId: server.id }} title={server.id}>
              {server.name ?? server.id}
            </Link>
            {project && <small title={project.id}>{project.name ?? project.id}</small>}
          </div>
        ) : (
          (project?.name ?? project?.id ?? '–')
        )}
      </td>
      <td data-label={t('duration')} data-none={event.durationMs === null} className={list.number}>
        {event.durationMs === null ? '–' : <Duration ms={event.durationMs} />}
      </td>
      <td data-label={t('bytes')} data-none={noBytes} className={list.number}>
        {noBytes ? (
          '–'
        ) : (
          <div>
            <Bytes count={event.bytesIn} what={t('typed')} />
            <Bytes count={event.bytesOut} what={t('printed')} />
          </div>
        )}
      </td>
    </tr>
  )
}

/** Details are names, ids and routes, or one of few, which the reader's language has words for. */
function Detail({ event: { action, detail } }: { event: AuditEvent }) {
  const t = useTranslations('audit.details')
  const power = useTranslations('power.actions')
  if (detail === null) return null
  const switched = action === 'power' ? PowerAction.safeParse(detail).data : undefined
  if (switched) return <small>{power(switched)}</small>
  const known = knownDetail(action, detail)
  if (known === null) return <small className={styles.mono}>{detail}</small>
  return <small>{known.kind === 'exact' ? t(known.key) : t(known.key, { rest: known.rest })}</small>
}

/** Durations differ: a call of the cloud takes less than a second, a console may take days. */
function Duration({ ms }: { ms: number }) {
  const t = useTranslations('audit')
  const format = useFormatter()
  return ms < 60_000
    ? t('seconds', { seconds: format.number(ms / 1000, { maximumSignificantDigits: 2 }) })
    : formatDuration(ms / 1000)
}

function Bytes({ count, what }: { count: number | null; what: string }) {
  if (count === null) return null
  return (
    <div>
      <Size bytes={count} /> <span className={list.dim}>{what}</span>
    </div>
  )
}
