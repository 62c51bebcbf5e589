import type { RecordingInfo, RecordingMatch, RecordingMatches } from '../../shared/recording.ts'
import { readEvents } from './cast.ts'
import { type PlainLine, PlainLines } from './plain-lines.ts'

const AROUND = 60

export interface SearchLimits {
  /** Matches of one recording. */
  matches: number
  signal: AbortSignal
  /** True: stop here. */
  timeIsUp: () => boolean
}

/** Where the text was printed in a recording, in any case; in bounded memory, for as long as time allows. */
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

/** Searches one recording after the other, in the order given, until the page is full. */
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
      // Deleted meanwhile: there is nothing to find. A reader who left ends the whole search.
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
