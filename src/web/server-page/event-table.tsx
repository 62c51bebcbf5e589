import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { Cause } from '../../shared/cause.ts'
import type { ConsoleVisit } from '../../shared/server-activity.ts'
import list from '../ui/list.module.css'
import { Moment } from './moment.tsx'
import styles from './server-page.module.css'

interface EventTableProps {
  caption: string
  headings: readonly string[]
  /** Rows */
  children: ReactNode
}

/** What happened to one server, the newest first. On a phone each row is a card. */
export const EventTable = ({ caption, headings, children }: EventTableProps) => (
  <table className={`${list.table} ${styles.table}`}>
    <caption className="unseen">{caption}</caption>
    <thead>
      <tr>
        {headings.map((heading) => (
          <th key={heading} scope="col">
            {heading}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
)

interface EventRowProps {
  user: ConsoleVisit['user']
  /** ISO 8601 */
  at: string
  /** The other cells */
  children: ReactNode
}

/** A row begins with who it was, and when. */
export function EventRow({ user, at, children }: EventRowProps) {
  const t = useTranslations('server')
  return (
    <tr className={`${list.row} ${list.card}`}>
      <th scope="row" data-label={t('who')}>
        <span title={user?.id}>{user?.name ?? t('nobody')}</span>
      </th>
      <td data-label={t('when')} className={list.number}>
        <Moment at={at} />
      </td>
      {children}
    </tr>
  )
}

interface EndCellProps {
  label: string
  tone: 'ok' | 'warn' | 'bad' | undefined
  text: string
  /** Events that were counted together */
  count: number
  cause: Cause | null
}

/** A row ends with what came of it. */
export function EndCell({ label, tone, text, count, cause }: EndCellProps) {
  const t = useTranslations('server')
  const causes = useTranslations('causes')
  return (
    <td data-label={label}>
      <div>
        <span className={list.state} data-tone={tone}>
          {text}
          {count > 1 && ` · ${t('times', { count })}`}
        </span>
        {cause !== null && <small>{causes(`${cause}.title`)}</small>}
      </div>
    </td>
  )
}
