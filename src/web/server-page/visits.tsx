import { useTranslations } from 'use-intl'
import type { ConsoleVisit } from '../../shared/server-activity.ts'
import list from '../ui/list.module.css'
import { useRoundDuration } from '../ui/use-round-duration.ts'
import { EndCell, EventRow, EventTable } from './event-table.tsx'

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
  const duration = useRoundDuration()
  if (!kept) return <p className="notice">{t('auditOff')}</p>
  if (visits.length === 0) return <p className={list.dim}>{t('noVisits')}</p>
  return (
    <EventTable
      caption={t('visits')}
      headings={[t('who'), t('when'), t('howLong'), t('keyboard'), t('howEnded')]}
    >
      {visits.map(({ user, began, end, keyboard, count }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a visit has no identity but its place
        <EventRow key={index} user={user} at={began}>
          <td data-label={t('howLong')} data-none={!('durationMs' in end)} className={list.number}>
            {'durationMs' in end && duration(end.durationMs)}
          </td>
          <td data-label={t('keyboard')} data-none={keyboard === undefined}>
            {keyboard && t(`keyboards.${keyboard}`)}
          </td>
          <EndCell
            label={t('howEnded')}
            tone={tones[end.how]}
            text={t(`ends.${end.how}`)}
            count={count}
            cause={'cause' in end ? end.cause : null}
          />
        </EventRow>
      ))}
    </EventTable>
  )
}
