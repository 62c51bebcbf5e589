import { useTranslations } from 'use-intl'
import type { RecordingSearchEvent } from '../../shared/recording.ts'
import { Hit } from '../search/hit.tsx'
import { formatDuration } from '../ui/duration.ts'

export type RecordingHit = Extract<RecordingSearchEvent, { type: 'hit' }>

/** A line is found once. */
export const keyOf = ({ recording, line }: RecordingHit): string => `${recording.id} ${line}`

interface RecordingHitContentProps {
  hit: RecordingHit
  /** Which server said it, where that is not known */
  server?: string
}

/** A line of a recording, and its place there. */
export function RecordingHitContent({ hit, ...server }: RecordingHitContentProps) {
  const t = useTranslations('recordings')
  return <Hit hit={hit} {...server} place={t('at', { time: formatDuration(hit.second) })} />
}
