import { useTranslations } from 'use-intl'
import { PowerAction } from '../../shared/server.ts'
import type { PowerEvent } from '../../shared/server-activity.ts'
import list from '../ui/list.module.css'
import { EndCell, EventRow, EventTable } from './event-table.tsx'

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
  const named = (action: string | null) => {
    const { data } = PowerAction.safeParse(action)
    return data ? actions(data) : (action ?? t('someAction'))
  }
  if (!kept) return <p className="notice">{t('auditOff')}</p>
  if (events.length === 0) return <p className={list.dim}>{t('noPower')}</p>
  return (
    <EventTable caption={t('sections.power')} headings={[t('who'), t('when'), t('what'), t('result')]}>
      {events.map(({ user, time, action, outcome, cause, count }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an event has no identity but its place
        <EventRow key={index} user={user} at={time}>
          <td data-label={t('what')}>{named(action)}</td>
          <EndCell
            label={t('result')}
            tone={tones[outcome]}
            text={t(`outcomes.${outcome}`)}
            count={count}
            cause={cause}
          />
        </EventRow>
      ))}
    </EventTable>
  )
}
