import { useTranslations } from 'use-intl'
import { useMoment } from '../use-moment.ts'
import type { LogHit } from './log-searching.ts'
import styles from './search.module.css'

interface HitProps {
  hit: LogHit
  /** Which server said it, where that is not known */
  server?: string
  /** When the boot began that it belongs to */
  boot?: string | undefined
}

/** When the line came, and the line with the match marked. */
export function Hit({ hit, server, boot }: HitProps) {
  const t = useTranslations('history.search')
  const moment = useMoment()
  return (
    <>
      {server !== undefined && <strong className={styles.server}>{server}</strong>}
      <span className={styles.when}>
        <time dateTime={hit.time}>{moment(hit.time)}</time>
        {boot !== undefined && <small>{t('boot', { time: moment(boot) })}</small>}
      </span>
      <code>
        {hit.before}
        <mark>{hit.match}</mark>
        {hit.after}
      </code>
    </>
  )
}
