import { useTranslations } from 'use-intl'
import { PowerAction } from '../../shared/server.ts'
import type { PowerEvent } from '../../shared/server-activity.ts'
import list from '../ui/list.module.css'
import { Moment } from './moment.tsx'
import styles from './server-page.module.css'

const tones = { accepted: 'ok', refused: 'warn', failed: 'bad' } as const

interface PowerHistoryProps {
  events: readonly PowerEvent[]
  /** An audit log is kept. */
  kept: boolean
}

/** Who switched the power, when, and what came of it. */
export function PowerHistory({ events, kept }: PowerHistoryProps) {
  const t = useTranslations('server')
  const actions = useTranslations('power.actions')
  const causes = useTranslations('causes')
  const named = (action: string | null) => {
    const { data } = PowerAction.safeParse(action)
    return data ? actions(data) : (action ?? t('someAction'))
  }
  if (!kept) return <p className="notice">{t('auditOff')}</p>
  if (events.length === 0) return <p className={list.dim}>{t('noPower')}</p>
  return (
    <table className={`${list.table} ${styles.table}`}>
      <caption className="unseen">{t('sections.power')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('who')}</th>
          <th scope="col">{t('when')}</th>
          <th scope="col">{t('what')}</th>
          <th scope="col">{t('result')}</th>
        </tr>
      </thead>
      <tbody>
        {events.map(({ user, time, action, outcome, cause, count }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an event has no identity but its place
          <tr key={index} className={`${list.row} ${list.card}`}>
            <th scope="row" data-label={t('who')}>
              <span title={user?.id}>{user?.name ?? t('nobody')}</span>
            </th>
            <td data-label={t('when')} className={list.number}>
              <Moment at={time} />
            </td>
            <td data-label={t('what')}>{named(action)}</td>
            <td data-label={t('result')}>
              <div>
                <span className={list.state} data-tone={tones[outcome]}>
                  {t(`outcomes.${outcome}`)}
                  {count > 1 && ` · ${t('times', { count })}`}
                </span>
                {cause !== null && <small>{causes(`${cause}.title`)}</small>}
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
