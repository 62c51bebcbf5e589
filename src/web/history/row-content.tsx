import { useFormatter, useTranslations } from 'use-intl'
import type { LogMark } from '../../shared/line-log.ts'
import { PowerAction } from '../../shared/server.ts'
import { Size } from '../ui/size.tsx'
import { useRoundDuration } from '../ui/use-round-duration.ts'
import type { DisplayRow } from './display-rows.ts'
import styles from './history.module.css'

export function RowContent({ row }: { row: DisplayRow }) {
  const t = useTranslations('history')
  switch (row.kind) {
    case 'line':
      return (
        <>
          <Clock time={row.line.time} />
          <span className={styles.text}>{row.text ?? row.line.text}</span>
        </>
      )
    case 'more':
      return (
        <>
          <span className={styles.time} />
          <span className={styles.text}>{row.text}</span>
        </>
      )
    case 'mark':
      return (
        <>
          <Clock time={row.mark.time} />
          <span className={styles.rule} data-tone={row.mark.mark.kind === 'gap' ? 'warn' : undefined}>
            <MarkWords mark={row.mark.mark} />
          </span>
        </>
      )
    case 'boot':
      return (
        <>
          <Clock time={row.boot.time} />
          <span className={styles.rule} data-tone="boot">
            {t('boot')}
          </span>
        </>
      )
    case 'day':
      return (
        <span className={styles.day}>
          <Day time={row.time} />
        </span>
      )
    case 'live':
      return (
        <>
          {row.time === null ? <span className={styles.time} /> : <Clock time={row.time} />}
          <span className={styles.text}>{row.text}</span>
        </>
      )
    case 'begin':
      return <span className={styles.day}>{t('begin')}</span>
  }
}

function Clock({ time }: { time: string }) {
  const format = useFormatter()
  const date = new Date(time)
  return (
    <time
      className={styles.time}
      dateTime={time}
      title={format.dateTime(date, { dateStyle: 'medium', timeStyle: 'long' })}
    >
      {format.dateTime(date, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })}
    </time>
  )
}

function Day({ time }: { time: string }) {
  const format = useFormatter()
  return format.dateTime(new Date(time), { dateStyle: 'full' })
}

function MarkWords({ mark }: { mark: LogMark }) {
  const t = useTranslations('history.marks')
  const power = useTranslations('power.actions')
  const rounded = useRoundDuration()
  switch (mark.kind) {
    case 'seam':
      return mark.awayMs === null ? t(`${mark.why}Long`) : t(mark.why, { time: rounded(mark.awayMs) })
    case 'gap':
      return t.rich(mark.away ? 'gapAway' : 'gap', { size: () => <Size bytes={mark.lostBytes} /> })
    case 'power': {
      const { data: action } = PowerAction.safeParse(mark.action)
      return t('power', { action: action ? power(action) : mark.action, by: mark.by })
    }
    case 'note':
      return t(mark.text === '' ? 'note' : 'noteText', { by: mark.by, text: mark.text })
    case 'boot':
    case 'session':
    case 'size':
    case 'note-gone':
      return null
  }
}
