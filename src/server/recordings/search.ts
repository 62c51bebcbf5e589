import type { RecordingInfo, RecordingMatch, RecordingMatches } from '../../shared/recording.ts'
import { readEvents } from './cast.ts'
import { type PlainLine, PlainLines } from './plain-lines.ts'

const AROUND = 60

export interface SearchLimits {
  /** The most matches of one recording. */
  matches: number
  signal: AbortSignal
  /** True ends the search here. */
  timeIsUp: () => boolean
}

/** Finds where a recording printed the text, in any case. It needs little memory and stops when its time is up. */
export async function searchCast(
  path: string,
  query: string,
  limits: SearchLimits,
): Promise<RecordingMatches> {
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'), 'gi')
  const matches: RecordingMatch[] = []
  const lines = new PlainLines()
  for await (const events of readEvents(path, limits.signal)) {
    for (const [second, code, text] of events) {
      if (code !== 'o') continue
      for (const line of lines.feed(second, text)) collect(line, pattern, matches)
      if (matches.length > limits.matches) return { matches: matches.slice(0, limits.matches), more: true }
    }
    if (limits.timeIsUp()) return { matches, more: true }
  }
  for (const line of lines.end()) collect(line, pattern, matches)
  return { matches: matches.slice(0, limits.matches), more: matches.length > limits.matches }
}

function collect(line: PlainLine, pattern: RegExp, matches: RecordingMatch[]): void {
  for (const found of line.text.matchAll(pattern)) {
    const [match] = found
    const end = found.index + match.length
    matches.push({
      second: line.secondAt(found.index),
      before: line.text.slice(Math.max(0, found.index - AROUND), found.index),
      match,
      after: line.text.slice(end, end + AROUND),
    })
  }
}

export interface SearchPage {
  found: { info: RecordingInfo; matches: RecordingMatches }[]
  hasMore: boolean
  complete: boolean
}

/** Searches the recordings one by one, in the order given, until the page is full. */
export async function searchRecordings(
  infos: readonly RecordingInfo[],
  query: string,
  options: SearchLimits & { castPath: (id: string) => string; skip: number; take: number },
): Promise<SearchPage> {
  const found: SearchPage['found'] = []
  let matching = 0
  for (const info of infos) {
    if (options.timeIsUp()) return { found, hasMore: false, complete: false }
    const matches = await searchCast(options.castPath(info.id), query, options).catch((error: unknown) => {
      // A recording that was deleted meanwhile has no matches. A reader who left ends the whole search.
      if (options.signal.aborted) throw error
      return { matches: [], more: false }
    })
    if (matches.matches.length === 0) continue
    matching += 1
    if (matching > options.skip + options.take) return { found, hasMore: true, complete: true }
    if (matching > options.skip) found.push({ info, matches })
  }
  return { found, hasMore: false, complete: !options.timeIsUp() }
}
