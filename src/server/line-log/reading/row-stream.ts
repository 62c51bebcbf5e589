import type { Clock } from '../../../shared/clock.ts'
import type { LogRow } from '../../../shared/line-log.ts'
import { pause } from '../../deadline.ts'
import type { LogReader } from '../store/store.ts'
import { LogText, type TextRow } from './log-text.ts'
import { timesOf } from './times.ts'

/** Rows for each read. What follows is read when the reader has taken these. */
const AT_ONCE = 500
/** A quiet stream says this often that it lives. */
const ALIVE_MS = 15_000
const GATHER_MS = 200

/** Rows as the API has them, with their times. */
export async function shownRows(reader: LogReader, rows: readonly TextRow[]): Promise<LogRow[]> {
  const offsets = rows.map((row) => (row.kind === 'line' ? row.offset : row.at))
  const times = await timesOf(reader, offsets)
  return rows.map((row, index) =>
    row.kind === 'line'
      ? { type: 'line', offset: row.offset, end: row.end, time: isoTime(times[index] ?? 0), text: row.text }
      : { type: 'mark', offset: row.at, time: isoTime(row.time), mark: row.mark },
  )
}

export const isoTime = (ms: number): string => new Date(ms).toISOString()

/**
 * All rows from a place on, and then each as it comes, until `left`. Lines come when they have ended. It reads on only
 * when it is asked to, so a slow reader costs no memory: what is no longer kept when its turn comes is a gap. No rows
 * say that the stream lives.
 */
export async function* rowStream(
  reader: LogReader,
  from: number,
  left: AbortSignal,
  clock: Clock,
): AsyncGenerator<LogRow[]> {
  const text = new LogText(reader)
  const seen = new SeenMarks()
  const news = new News(clock, left)
  const stop = reader.follow(() => news.tell())
  try {
    // The asker hears at once that it begins.
    yield []
    for (let cursor = from; !left.aborted; ) {
      news.begin()
      if (cursor < reader.start) {
        yield [await missing(reader, cursor)]
        cursor = Math.max(cursor, reader.start)
      }
      const page = await text.from(cursor, AT_ONCE)
      seen.newPage()
      const rows = page.rows.filter((row) => (row.kind === 'line' ? row.end !== null : seen.isNew(row.at)))
      cursor = page.after
      if (rows.length > 0) yield await shownRows(reader, rows)
      if (!page.atEnd) continue
      await news.pause(GATHER_MS)
      while (!news.came && !left.aborted) {
        await news.wait(ALIVE_MS)
        if (!news.came && !left.aborted) yield []
      }
    }
  } finally {
    stop()
  }
}

async function missing(reader: LogReader, from: number): Promise<LogRow> {
  const { start } = reader
  const time = isoTime(await reader.timeOf(start))
  return { type: 'mark', offset: from, time, mark: { kind: 'gap', lostBytes: start - from } }
}

/** Knows whether the line has said more since the last look. */
class News {
  readonly #clock: Clock
  #wake = () => {}
  came = false

  constructor(clock: Clock, left: AbortSignal) {
    this.#clock = clock
    left.addEventListener('abort', () => this.#wake(), { once: true })
  }

  begin(): void {
    this.came = false
  }

  tell(): void {
    this.came = true
    this.#wake()
  }

  /** Until there is news, and so long at most */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(ms, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }

  /** So long, whatever comes: a busy line is read a few times in a second. */
  pause(ms: number): Promise<void> {
    return pause(ms, this.#clock)
  }
}

/** A page gives the marks at its end again. */
class SeenMarks {
  #at = -1
  #seen = 0
  #counted = 0

  newPage(): void {
    this.#counted = 0
  }

  /** Called with the marks of a page in order. */
  isNew(at: number): boolean {
    if (at < this.#at) return false
    if (at > this.#at) {
      this.#at = at
      this.#seen = 0
      this.#counted = 0
    }
    this.#counted++
    if (this.#counted <= this.#seen) return false
    this.#seen = this.#counted
    return true
  }
}
