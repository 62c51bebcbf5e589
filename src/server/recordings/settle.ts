import type { RecordingInfo } from '../../shared/recording.ts'
import type { HeldReader } from '../line-log/store/store.ts'
import type { Range } from './folder.ts'
import { readNotes } from './notes.ts'

const REASON = 'The server ended during the recording.'

/**
 * How a recording ended that a killed process left: where the log ends, or where the next part begins.
 * @param reader null: nothing of the line is kept
 * @param next where later recordings of the line begin
 */
export async function settledRange(
  info: RecordingInfo,
  range: Range,
  reader: HeldReader | null,
  next: readonly number[],
  notesPath: string,
): Promise<{ info: RecordingInfo; range: Range }> {
  const { from, to } = range
  const end = Math.max(from, Math.min(to ?? Number.POSITIVE_INFINITY, reader?.end ?? 0, ...next))
  const startedAt = Date.parse(info.startedAt)
  let ms = info.duration * 1000
  for await (const notes of readNotes(notesPath)) for (const note of notes) ms = Math.max(ms, note.ms)
  if (reader && end > from) ms = Math.max(ms, (await reader.timeOf(end - 1)) - startedAt)
  return {
    info: {
      ...info,
      state: 'interrupted',
      endedAt: new Date(startedAt + ms).toISOString(),
      duration: ms / 1000,
      bytes: end - from,
      lostBytes: info.lostBytes + Math.max(0, (to ?? end) - end),
      reason: REASON,
    },
    range: { ...range, to: end },
  }
}

/** The same, as long as nobody knows where the log ends: the configuration does not name its store. */
export const unsettled = (info: RecordingInfo): RecordingInfo => ({
  ...info,
  state: 'interrupted',
  endedAt: info.endedAt ?? info.startedAt,
  reason: REASON,
})
