import { useWrittenMoment } from '../ui/use-written-moment.ts'
import styles from './search.module.css'

interface HitProps {
  hit: { time: string; before: string; match: string; after: string }
  /** Which server said it, where that is not known */
  server?: string
  /** What else is known of its place */
  place?: string | null
}

/** When the line came, and the line with the match marked. */
export function Hit({ hit, server, place = null }: HitProps) {
  const moment = useWrittenMoment()
  return (
    <>
      {server !== undefined && <strong className={styles.server}>{server}</strong>}
      <span className={styles.when}>
        <time dateTime={hit.time}>{moment(hit.time)}</time>
        {place !== null && <small>{place}</small>}
      </span>
      <code>
        {hit.before}
        <mark>{hit.match}</mark>
        {hit.after}
      </code>
    </>
  )
}
