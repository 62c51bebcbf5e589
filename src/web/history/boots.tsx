import { useTranslations } from 'use-intl'
import type { LogSummary } from '../../shared/line-log.ts'
import { useRoundDuration } from '../ui/use-round-duration.ts'
import { useWrittenMoment } from '../ui/use-written-moment.ts'
import styles from './history.module.css'

interface BootsProps {
  summary: LogSummary
  /** The offset of the one that was chosen */
  chosen: number | undefined
  onChoose: (offset: number) => void
}

/** The boots in the log, newest first: a list where there is room for one. */
export function BootList({ summary, chosen, onChoose }: BootsProps) {
  const t = useTranslations('history')
  return (
    <nav className={styles.boots} aria-label={t('boots')}>
      <h2>{t('boots')}</h2>
      <BootButtons summary={summary} chosen={chosen} onChoose={onChoose} />
    </nav>
  )
}

/** A button for each. More come as they are found. */
export function BootButtons({ summary, chosen, onChoose }: BootsProps) {
  const t = useTranslations('history')
  const labels = useLabels(summary)
  return (
    <div className={styles.bootRows}>
      {summary.boots.length === 0 && !summary.moreBoots && <p>{t('noBoots')}</p>}
      <ol>
        {summary.boots.map((boot, index) => (
          <li key={boot.offset}>
            <button type="button" aria-current={boot.offset === chosen} onClick={() => onChoose(boot.offset)}>
              <span>{labels[index]?.when}</span>
              <small>
                {labels[index]?.length}
                {boot.ended && (
                  <>
                    {' · '}
                    <span data-ended={boot.ended}>{t(`ended.${boot.ended}`)}</span>
                  </>
                )}
              </small>
            </button>
          </li>
        ))}
      </ol>
      {summary.moreBoots && <p role="status">{t('moreBoots')}…</p>}
    </div>
  )
}

/** The same on a small screen. */
export function BootSelect({ summary, chosen, onChoose }: BootsProps) {
  const t = useTranslations('history')
  const labels = useLabels(summary)
  if (summary.boots.length === 0 && !summary.moreBoots) return null
  return (
    <select
      className={styles.bootSelect}
      aria-label={t('boots')}
      value={chosen ?? ''}
      onChange={(event) => onChoose(Number(event.target.value))}
    >
      <option value="" disabled>
        {t('boots')}
      </option>
      {summary.boots.map(({ offset, ended }, index) => (
        <option key={offset} value={offset}>
          {[labels[index]?.when, labels[index]?.length, ended && t(`ended.${ended}`)]
            .filter(Boolean)
            .join(' · ')}
        </option>
      ))}
      {summary.moreBoots && <option disabled>{t('moreBoots')}…</option>}
    </select>
  )
}

/** When each began, and how long it printed: until the next, or until the last byte. */
function useLabels({ boots, lastTime }: LogSummary) {
  const t = useTranslations('history')
  const moment = useWrittenMoment()
  const rounded = useRoundDuration()
  return boots.map(({ time }, index) => {
    const until = boots[index - 1]?.time ?? lastTime ?? time
    return {
      when: moment(time),
      length: t('bootLength', { time: rounded(Date.parse(until) - Date.parse(time)) }),
    }
  })
}
