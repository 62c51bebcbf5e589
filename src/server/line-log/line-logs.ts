import type { FastifyBaseLogger } from 'fastify'
import type { Clock, Now } from '../../shared/clock.ts'
import { doneWithin } from '../deadline.ts'
import { LineLog, RESTING_BYTES, type StoredLine } from './line-log.ts'
import { type SharedLine, withShared } from './shared-line.ts'
import type { LineReader, LineRef, LineStore, LineTail, LineWriter } from './store/store.ts'
import { readSharedTail } from './tail-facts.ts'

interface LineLogsOptions {
  /** null: nothing is kept beyond a session. */
  store: LineStore | null
  /** When the process before this one was last seen, in epoch ms; null: nobody knows */
  lastSeen: number | null
  /** How much of each line is kept in memory at least */
  keptBytes: number
  log: FastifyBaseLogger
  clock: Clock
  wall: Now
}

/** A console does not wait longer for a slow disk. */
const OPEN_MS = 3_000
/**
 * A line that is opened with nobody there waits longer: its session may last for months, and would keep nothing. Thousands
 * of them open at once, which makes a disk slow. A person who comes just then waits, too.
 */
const OPEN_UNATTENDED_MS = 15_000

/** Opens the logs of lines for sessions. */
export class LineLogs {
  readonly #options: LineLogsOptions

  constructor(options: LineLogsOptions) {
    this.#options = options
  }

  /**
   * @param session the id of the session that now has the line; no other has it
   * @throws StoreError where the tail that replicas share cannot be read
   */
  async open(line: LineRef, session: string, options: LineLogWays = {}): Promise<LineLog> {
    const { unattended = false, shared = null } = options
    const { keptBytes, log, clock, wall } = this.#options
    const left = shared ? await readSharedTail(shared.store, shared.name) : null
    const opening = this.#stored(line, left)
    const inTime = await doneWithin(opening, unattended ? OPEN_UNATTENDED_MS : OPEN_MS, clock)
    if (!inTime) {
      log.error({ server: line.server.id }, 'the line log takes too long: this session is not kept')
      void opening.then((late) => late?.writer.close())
    }
    const kept = inTime ? await opening : null
    const stored = shared ? await withShared(kept, { line, shared, left, keptBytes, clock }) : kept
    return new LineLog({ session, keptBytes, clock, wall, stored })
  }

  /** A console opens also where its log cannot: then it is not kept. */
  async #stored(line: LineRef, left: LineTail | null): Promise<StoredLine | null> {
    const { store, keptBytes, lastSeen, log } = this.#options
    if (!store) return null
    const { id } = line.server
    let writer: LineWriter | null = null
    try {
      writer = await store.open(line, left)
      const tail = await tailOf(store, id, writer.end, keptBytes)
      return { writer, inLog: store.reader(id) !== null, ...tail, lastSeen }
    } catch (error) {
      writer?.close()
      log.error({ err: error, server: id }, 'the line log does not open: this session is not kept')
      return null
    }
  }
}

interface LineLogWays {
  /** Nobody waits for it. */
  unattended?: boolean
  /** null or absent: there are no other replicas. */
  shared?: SharedLine | null
}

/** Little of it is read: of many lines that are opened at once, nobody looks at most. */
async function tailOf(
  store: LineStore,
  id: string,
  end: number,
  most: number,
): Promise<{ tail: LineTail | null; reader: LineReader | null }> {
  const reader = store.reader(id)
  const tail = await store.tail(id, reader ? Math.min(RESTING_BYTES, most) : most)
  if (!tail || !reader) return { tail, reader }
  // Bytes after it came and were not kept, so nothing can be put before it later.
  if (tail.from + tail.bytes.length !== end) return { tail: await store.tail(id, most), reader: null }
  return { tail: { ...tail, marks: await reader.marks(Math.max(0, end - most), end) }, reader }
}
