import type { RecordingInfo } from '../../shared/recording.ts'
import type { HeldReader } from '../line-log/store/store.ts'
import { ended } from './end-reason.ts'
import type { Range, RecordingFolder } from './folder.ts'
import { readNotes } from './notes.ts'
import type { RecordingLogs } from './recording-logs.ts'

/** Ends what an earlier process left open. */
export class Settler {
  readonly #folder: RecordingFolder
  readonly #logs: RecordingLogs
  readonly #onSettled: (info: RecordingInfo) => void

  constructor(folder: RecordingFolder, logs: RecordingLogs, onSettled: (info: RecordingInfo) => void) {
    this.#folder = folder
    this.#logs = logs
    this.#onSettled = onSettled
  }

  /** Then all that recordings name is held. */
  async settleAll(): Promise<void> {
    for (const info of this.#folder.infos) {
      const range = this.#folder.range(info.id)
      // What came in the last moment before a kill is not kept, and its places are given again.
      if (info.state === 'recording' || (range && this.#isShort(info, range))) await this.settle(info)
      const settled = this.#folder.range(info.id)
      if (settled) this.#logs.hold(info.serverId, info.id, { ...settled, to: settled.to ?? settled.from })
    }
  }

  async settle(info: RecordingInfo): Promise<RecordingInfo> {
    const range = this.#folder.range(info.id)
    const settled = range ? await this.#settleRange(info, range) : await this.#folder.settle(info)
    this.#onSettled(settled)
    return settled
  }

  /** The log ends before it does. */
  #isShort({ serverId }: RecordingInfo, range: Range): boolean {
    if (!this.#logs.has(range) || range.to === range.from) return false
    return range.to === null || range.to > (this.#logs.reader(range, serverId)?.end ?? 0)
  }

  async #settleRange(info: RecordingInfo, range: Range): Promise<RecordingInfo> {
    const { id, serverId, startedAt } = info
    const later = this.#folder.infos.filter((one) => one.serverId === serverId && one.startedAt >= startedAt)
    const next = later.flatMap((one) => {
      const { store, from } = this.#folder.range(one.id) ?? range
      return store === range.store && from > range.from ? from : []
    })
    const reader = this.#logs.reader(range, serverId)
    const settled = this.#logs.has(range)
      ? await settledRange(info, range, reader, next, this.#folder.notesPath(id))
      : { info: unsettled(info), range }
    await this.#folder.writeInfo(settled.info, settled.range)
    return settled.info
  }
}

/**
 * How a recording ended that a killed process left: where the log ends, or where the next part begins.
 * @param reader null: nothing of the line is kept
 * @param next where later recordings of the line begin
 */
async function settledRange(
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
      ...ended({ kind: 'killed' }),
    },
    range: { ...range, to: end },
  }
}

/** The same, as long as nobody knows where the log ends: the configuration does not name its store. */
const unsettled = (info: RecordingInfo): RecordingInfo => ({
  ...info,
  state: 'interrupted',
  endedAt: info.endedAt ?? info.startedAt,
  ...ended({ kind: 'killed' }),
})
