import { LineLog } from '../../server/line-log/line-log.ts'
import type { LineStore } from '../../server/line-log/store/store.ts'
import type { PartEvent, RecordingParts } from '../../server/recordings/parts.ts'
import type { Recorder } from '../../server/recordings/recorder.ts'
import type { RecordingSubject } from '../../server/recordings/subject.ts'
import { type Clock, steadyClock } from '../../shared/clock.ts'
import type { EndReason } from '../../shared/recording.ts'
import type { TerminalSize } from '../../shared/terminal-size.ts'

export const subject: RecordingSubject = {
  serverId: 'server-1',
  serverName: 'web-01',
  project: null,
  sessionId: 'session-1',
  startedBy: 'ops',
  startedById: 'ops-1',
}

interface RecordOptions {
  clock?: Clock
  told?: (event: PartEvent) => void
  /** What stands before the recorder's store */
  store?: LineStore
}

/** The lines that are open, by the recorder whose store they write to */
const openLines = new WeakMap<Recorder, Map<string, Promise<LineLog>>>()

async function openLine(
  { serverId, serverName, project, sessionId }: RecordingSubject,
  store: LineStore,
  clock: Clock,
): Promise<LineLog> {
  const writer = await store.open({ server: { id: serverId, name: serverName }, project })
  return new LineLog({
    session: sessionId,
    keptBytes: 64 * 1024,
    clock,
    wall: clock,
    stored: { writer, inLog: false, reader: null, tail: null, lastSeen: null },
  })
}

/** Records a line as a session does: the log takes what comes, and then the recording hears of it. */
export async function record(recorder: Recorder, of = subject, options: RecordOptions = {}) {
  const { clock = steadyClock, store = recorder.store, told } = options
  const lines = openLines.get(recorder) ?? new Map<string, Promise<LineLog>>()
  openLines.set(recorder, lines)
  const opening = lines.get(of.serverId) ?? openLine(of, store, clock)
  lines.set(of.serverId, opening)
  const log = await opening
  const parts: RecordingParts = recorder.start(of, log, told)
  return {
    id: parts.id,
    ended: parts.ended,
    log,
    get isOn() {
      return parts.isOn
    },
    output(bytes: Uint8Array): void {
      log.append(Buffer.from(bytes))
      parts.output(bytes)
    },
    input: (bytes: Uint8Array) => parts.input(bytes),
    marker: (text: string) => parts.marker(text),
    resized: (size: TerminalSize) => parts.resized(size),
    retryNow: () => parts.retryNow(),
    stop: (why: EndReason = { kind: 'nobody-there' }) => parts.stop(why),
  }
}

/** A recording as the file that is downloaded */
export async function eventsOf(recorder: Recorder, id: string): Promise<[number, string, string][]> {
  const events: [number, string, string][] = []
  for await (const piece of recorder.events(id))
    events.push(...piece.map((event): [number, string, string] => [...event]))
  return events
}

export async function textOf(recorder: Recorder, id: string, code: 'o' | 'i' = 'o'): Promise<string> {
  const events = await eventsOf(recorder, id)
  return events
    .filter(([, one]) => one === code)
    .map(([, , text]) => text)
    .join('')
}
