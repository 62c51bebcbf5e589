import type { LogSearchEnd } from '../../../shared/log-search.ts'
import type { RecordingSource } from '../../recordings/jobs.ts'
import type { SearchRun } from './search.ts'
import type { NumberedMatch } from './turn.ts'

/** A recording to search. */
export interface SearchedRecording {
  id: string
  source: RecordingSource
  bytes: number
  /** Seconds: the first, and the first after. null: any */
  from: number | null
  to: number | null
  /** Only lines before this one. null: all */
  before: number | null
}

/** Where the search goes on: lines of this recording before that one, and the recordings after it. */
interface RecordingPlace {
  index: number
  before: number | null
}

interface SearchRecordingsOptions<R extends SearchedRecording> extends SearchRun {
  onHit: (recording: R, match: NumberedMatch) => void
}

/**
 * Searches recordings one after another, each from its newest line to its oldest.
 * @returns how it ended, and what is left; null: it was aborted
 */
export async function searchRecordings<R extends SearchedRecording>(
  recordings: readonly R[],
  { pool, person, query, most, ms, clock, signal, onProgress, onHit }: SearchRecordingsOptions<R>,
): Promise<{ reason: LogSearchEnd; rest: RecordingPlace | null } | null> {
  const until = clock.now() + ms
  let hits = 0
  let scanned = 0
  for (const [index, recording] of recordings.entries()) {
    const { source, bytes, from, to, before } = recording
    if (clock.now() > until) return { reason: 'time', rest: { index, before } }
    // One more than there may be: so it is known that there are more.
    const turn = { query, source, from, to, before, most: most - hits + 1 }
    const turned = await pool.recordingTurn(person, turn, signal)
    if (turned.kind === 'left') return null
    const next = index + 1 < recordings.length ? { index: index + 1, before: null } : null
    if (turned.kind === 'too-hard') return { reason: 'too-hard', rest: next }
    for (const [at, match] of turned.scanned.found.entries()) {
      const previous = turned.scanned.found[at - 1]?.line ?? before
      if (hits === most) return { reason: 'page', rest: { index, before: previous } }
      onHit(recording, match)
      hits += 1
    }
    scanned += bytes
    onProgress(scanned)
    if (!turned.scanned.whole) return { reason: 'time', rest: next }
  }
  return { reason: 'all', rest: null }
}
