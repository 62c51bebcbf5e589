import type { RecordingMatch } from '../../shared/recording.ts'
import { formatDuration } from '../ui/duration.ts'
import styles from './recordings.module.css'

/** One match: when it was printed, and its line with the searched text marked. */
export function MatchText({ match }: { match: RecordingMatch }) {
  return (
    <>
      <span className={styles.time}>{formatDuration(match.second)}</span>{' '}
      <code className={styles.line}>
        {match.before}
        <mark>{match.match}</mark>
        {match.after}
      </code>
    </>
  )
}
