import type { Clock } from '../../shared/clock.ts'
import type { Lease, Store } from '../store/store.ts'
import type { StoredLine } from './line-log.ts'
import { SharedTail } from './shared-tail.ts'
import { bothWriters } from './store/both-writers.ts'
import { keepingNothing } from './store/nothing.ts'
import type { LineRef, LineTail, LineWriter } from './store/store.ts'
import { endOf, takeIn } from './store/take-in.ts'

/** Where replicas share the end of what a line said */
export interface SharedLine {
  store: Pick<Store, 'appendTail' | 'readTail'>
  /** The lease of the line, and its name */
  name: string
  lease: Lease
  /** When somebody last had the line, in epoch ms; null: nobody knows */
  lastSeen: number | null
  /** @param told is called when the store may have forgotten all of it while it is ours */
  onForgotten(told: () => void): void
}

interface SharedLineOptions {
  line: LineRef
  shared: SharedLine
  /** What other replicas left of it; null: nothing */
  left: LineTail | null
  keptBytes: number
  clock: Clock
}

/**
 * What memory begins with where replicas share the end of the line.
 * @param kept this replica's own log, which has taken in what others left; null: it has none
 */
export async function withShared(kept: StoredLine | null, options: SharedLineOptions): Promise<StoredLine> {
  const { line, left, shared, keptBytes, clock } = options
  const { lastSeen } = shared
  const found = kept ?? {
    writer: await keepingNothing.open(line, left),
    inLog: false,
    reader: null,
    tail: left,
    lastSeen,
  }
  const { end } = found.writer
  /** @param more of this replica's own, which the others do not have */
  const goOn = (
    begun: Omit<StoredLine, 'writer' | 'shared'>,
    from: LineTail | null,
    more: LineTail | null,
  ) => {
    const tail = new SharedTail({ ...shared, tail: from, keptBytes, clock })
    shared.onForgotten(() => tail.forgotten())
    if (more) takeIn(withoutGaps(tail), more, from?.marks ?? [])
    const writer = bothWriters(found.writer, tail)
    return { ...begun, writer, shared: () => tail.flush() }
  }
  const own = found.tail && endOf(found.tail) === end ? found.tail : null
  if (!left) {
    const seen = { ...found, lastSeen: lastSeen ?? found.lastSeen }
    return goOn(seen, nothingUntil(own?.from ?? end), own)
  }
  if (endOf(left) >= end) {
    // The marks of the log reach back further.
    const marks = (found.reader && found.tail?.marks) ?? left.marks
    return goOn({ ...found, tail: { ...left, marks }, lastSeen }, left, null)
  }
  // It was killed before others had its last words, and nobody had the line since.
  if (own && newestSession(own) === newestSession(left)) {
    const from = own.from <= endOf(left) ? left : nothingUntil(own.from)
    return goOn({ ...found, lastSeen }, from, own)
  }
  // It has what nobody else ever heard, where another has gone on. So nobody can go on here.
  return goOn({ ...found, reader: null, tail: left, lastSeen }, nothingUntil(end), null)
}

/** What is put into it follows at once. */
const withoutGaps = (tail: SharedTail) => ({
  get end() {
    return tail.end
  },
  append: (...said: Parameters<LineWriter['append']>) => tail.append(...said),
  mark: (...marked: Parameters<LineWriter['mark']>) => tail.mark(...marked),
  skip() {},
})

const nothingUntil = (end: number): LineTail => ({
  from: end,
  bytes: Buffer.alloc(0),
  marks: [],
  times: [],
  lastAt: 0,
})

function newestSession({ marks }: LineTail): string | null {
  const last = marks.findLast(({ mark }) => mark.kind === 'session')
  return last?.mark.kind === 'session' ? last.mark.id : null
}
