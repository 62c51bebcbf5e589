import type { PlainLine } from '../../../shared/lines/lines.ts'
import type { CastEvents } from '../../recordings/cast.ts'
import { castLines } from '../../recordings/cast-lines.ts'
import { compile } from './query.ts'
import { AROUND } from './scan.ts'
import type { NumberedMatch, RecordingTurn } from './turn.ts'

export interface ScannedRecording {
  /** Newest first, one for each line */
  found: NumberedMatch[]
  /** It was read to its end. */
  whole: boolean
}

/**
 * Looks for the newest lines of a recording that match.
 * @param mustStop asked after each piece of the recording
 */
export async function scanRecording(
  recording: CastEvents,
  { query, from, to, before, most }: Omit<RecordingTurn, 'kind' | 'source' | 'ms'>,
  mustStop: () => boolean,
): Promise<ScannedRecording> {
  const { line: pattern } = compile(query)
  const found: NumberedMatch[] = []
  const newestFirst = () => found.toReversed()
  let number = 0
  for await (const lines of castLines(recording)) {
    for (const line of lines) {
      number += 1
      if (before !== null && number >= before) return { found: newestFirst(), whole: true }
      const match = matchOf(line, pattern)
      if (!match || (from !== null && match.second < from) || (to !== null && match.second >= to)) continue
      found.push({ ...match, line: number })
      if (found.length > most) found.shift()
    }
    if (mustStop()) return { found: newestFirst(), whole: false }
  }
  return { found: newestFirst(), whole: true }
}

function matchOf(line: PlainLine, pattern: RegExp) {
  const text = line.text.trimEnd()
  const found = pattern.exec(text)
  if (!found) return null
  const [match] = found
  const end = found.index + match.length
  return {
    second: line.at(Math.min(found.index, Math.max(0, text.length - 1))),
    before: text.slice(Math.max(0, found.index - AROUND), found.index),
    match: match.slice(0, AROUND),
    after: text.slice(end, end + AROUND),
  }
}
