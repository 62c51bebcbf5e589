import type { Clock } from '../../../shared/clock.ts'
import type { LineRef, LineStore, LogReader } from '../store/store.ts'
import { LateLine } from './late-line.ts'

/** The logs of all lines, wherever they are kept */
export interface Logs {
  /** A line of which nothing is known is empty so far. */
  open(serverId: string): Promise<LogReader>
  lines(): Promise<KnownLines>
}

export interface KnownLines {
  lines: readonly LineRef[]
  /** A replica that may know others does not answer. */
  away: boolean
}

/** Those of one store */
export const logsOf = (store: Pick<LineStore, 'reader' | 'lines'>, clock: Clock): Logs => ({
  open: async (id) => store.reader(id) ?? new LateLine(id, store, clock),
  lines: async () => ({ lines: store.lines(), away: false }),
})
