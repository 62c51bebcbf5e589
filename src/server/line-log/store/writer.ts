import { appendHeld } from './held.ts'
import type { LineWriter, Stretch } from './store.ts'
import type { StoredLine } from './stored-line.ts'

interface WriterOptions {
  /** `held`: only what recordings hold. */
  keeps: 'all' | 'held'
  heldOf: () => readonly Stretch[]
  /** Why the disk takes nothing; null: it is too slow. */
  failure: () => string | null
}

/** The one who writes a line, until it is closed */
export function writerOf(line: StoredLine, { keeps, heldOf, failure }: WriterOptions): LineWriter {
  const lostBefore = line.lost
  return {
    get end() {
      return line.end
    },
    get lost() {
      return line.lost - lostBefore
    },
    get losing() {
      return line.losing ? { code: failure() } : null
    },
    append(bytes, time) {
      if (keeps === 'all') line.append(bytes, time)
      else appendHeld(line, heldOf(), bytes, time)
    },
    mark(mark, time) {
      if (keeps === 'all' || heldOf().some(({ from, to }) => from <= line.end && line.end <= to))
        line.mark(mark, time)
    },
    close() {
      line.pause()
      line.writing = false
    },
  }
}
