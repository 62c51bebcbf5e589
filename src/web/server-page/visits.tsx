import { useTranslations } from 'use-intl'
import type { ConsoleVisit } from '../../shared/server-activity.ts'
import list from '../ui/list.module.css'
import { useRoundDuration } from '../ui/use-round-duration.ts'
import { Moment } from './moment.tsx'
import styles from './server-page.module.css'

const tones = {
  open: 'ok',
  left: undefined,
  ended: 'warn',
  unseen: 'warn',
  direct: undefined,
  refused: 'warn',
  failed: 'bad',
} as const satisfies Record<ConsoleVisit['end']['how'], string | undefined>

interface VisitsProps {
  visits: readonly ConsoleVisit[]
  /** An audit log is kept. */
  kept: boolean
}

/** Who was at the console: when, how long, with the keyboard or without, and how it ended. */
export function Visits({ visits, kept }: VisitsProps) {
  const t = useTranslations('server')
  const causes = useTranslations('causes')
  const duration = useRoundDuration()
  if (!kept) return <p className="notice">{t('auditOff')}</p>
  if (visits.length === 0) return <p className={list.dim}>{t('noVisits')}</p>
  return (
    <table className={`${list.table} ${styles.table}`}>
      <caption className="unseen">{t('visits')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('who')}</th>
          <th scope="col">{t('when')}</th>
          <th scope="col">{t('howLong')}</th>
          <th scope="col">{t('keyboard')}</th>
          <th scope="col">{t('howEnded')}</th>
        </tr>
      </thead>
      <tbody>
        {visits.map(({ user, began, end, keyboard, count }, index) => {
          const cause = 'cause' in end ? end.cause : null
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a visit has no identity but its place
            <tr key={index} className={`${list.row} ${list.card}`}>
              <th scope="row" data-label={t('who')}>
                <span title={user?.id}>{user?.name ?? t('nobody')}</span>
              </th>
              <td data-label={t('when')} className={list.number}>
                <Moment at={began} />
              </td>
              <td data-label={t('howLong')} data-none={!('durationMs' in end)} className={list.number}>
                {'durationMs' in end && duration(end.durationMs)}
              </td>
              <td data-label={t('keyboard')} data-none={keyboard === undefined}>
                {keyboard && t(`keyboards.${keyboard}`)}
              </td>
              <td data-label={t('howEnded')}>
                <div>
                  <span className={list.state} data-tone={tones[end.how]}>
                    {t(`ends.${end.how}`)}
                    {count > 1 && ` · ${t('times', { count })}`}
                  </span>
                  {cause !== null && <small>{causes(`${cause}.title`)}</small>}
                </div>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
