import { useTranslations } from 'use-intl'
import styles from '../../search/search.module.css'
import { useMoment } from '../use-moment.ts'
import type { LogHit } from './log-hit.ts'

interface HitProps {
  hit: LogHit
  /** Which server said it, where that is not known */
  server?: string
  /** The boot that it belongs to, if the hit does not know it */
  boot?: LogHit['boot'] | undefined
}

/** When the line came, and the line with the match marked. */
export function Hit({ hit, server, boot: otherwise = null }: HitProps) {
  const t = useTranslations('search')
  const moment = useMoment()
  const boot = hit.boot ?? otherwise
  return (
    <>
      {server !== undefined && <strong className={styles.server}>{server}</strong>}
      <span className={styles.when}>
        <time dateTime={hit.time}>{moment(hit.time)}</time>
        {boot && <small>{t('boot', { time: moment(boot.time) })}</small>}
      </span>
      <code>
        {hit.before}
        <mark>{hit.match}</mark>
        {hit.after}
      </code>
    </>
  )
}
