import type { FastifyBaseLogger } from 'fastify'
import type { Clock, Now } from '../../shared/clock.ts'
import { LineLog, type StoredLine } from './line-log.ts'
import type { LineRef, LineStore } from './store/store.ts'

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

/** Opens the logs of lines for sessions. */
export class LineLogs {
  readonly #options: LineLogsOptions

  constructor(options: LineLogsOptions) {
    this.#options = options
  }

  /** @param session the id of the session that now has the line; no other has it */
  async open(line: LineRef, session: string): Promise<LineLog> {
    const { keptBytes, clock } = this.#options
    return new LineLog({ session, keptBytes, clock, stored: await this.#stored(line) })
  }

  /** A console opens also where its log cannot: then it is not kept. */
  async #stored(line: LineRef): Promise<StoredLine | null> {
    const { store, keptBytes, lastSeen, log, wall } = this.#options
    if (!store) return null
    const { id } = line.server
    try {
      const tail = await store.tail(id, keptBytes)
      return { tail, writer: await store.open(line), wall, lastSeen }
    } catch (error) {
      log.error({ err: error, server: id }, 'the line log does not open: this session is not kept')
      return null
    }
  }
}
