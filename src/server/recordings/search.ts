import type { PlainLine } from '../../shared/lines/lines.ts'
import type { RecordingMatch, RecordingMatches } from '../../shared/recording.ts'
import type { CastEvents } from './cast.ts'
import { castLines } from './cast-lines.ts'

const AROUND = 60

export interface SearchLimits {
  /** The most matches of one recording. */
  matches: number
  /** True ends the search here. */
  timeIsUp: () => boolean
}

/** Finds where a recording printed the text, in any case. It needs little memory and stops when its time is up. */
export async function searchRecording(
  recording: CastEvents,
  query: string,
  limits: SearchLimits,
): Promise<RecordingMatches> {
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'), 'gi')
  const matches: RecordingMatch[] = []
  for await (const lines of castLines(recording)) {
    for (const line of lines) collect(line, pattern, matches)
    if (matches.length > limits.matches) return { matches: matches.slice(0, limits.matches), more: true }
    if (limits.timeIsUp()) return { matches, more: true }
  }
  return { matches, more: false }
}

function collect(line: PlainLine, pattern: RegExp, matches: RecordingMatch[]): void {
  for (const found of line.text.matchAll(pattern)) {
    const [match] = found
    const end = found.index + match.length
    matches.push({
      second: line.at(found.index),
      before: line.text.slice(Math.max(0, found.index - AROUND), found.index),
      match,
      after: line.text.slice(end, end + AROUND),
    })
  }
}

/** A recording to search. */
export interface SearchedRecording {
  id: string
  open(): CastEvents
}

export interface SearchPage {
  found: { id: string; matches: RecordingMatches }[]
  hasMore: boolean
  complete: boolean
}

/** Searches the recordings one by one, in the order given, until the page is full. */
export async function searchRecordings(
  recordings: readonly SearchedRecording[],
  query: string,
  options: SearchLimits & { skip: number; take: number },
): Promise<SearchPage> {
  const found: SearchPage['found'] = []
  let matching = 0
  for (const { id, open } of recordings) {
    if (options.timeIsUp()) return { found, hasMore: false, complete: false }
    // A recording that was deleted meanwhile has no matches.
    const matches = await searchRecording(open(), query, options).catch(() => ({ matches: [], more: false }))
    if (matches.matches.length === 0) continue
    matching += 1
    if (matching > options.skip + options.take) return { found, hasMore: true, complete: true }
    if (matching > options.skip) found.push({ id, matches })
  }
  return { found, hasMore: false, complete: !options.timeIsUp() }
}
