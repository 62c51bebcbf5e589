import type { Clock } from '../../../shared/clock.ts'
import type { LogMatch, LogQuery, LogSearchEnd } from '../../../shared/log-search.ts'
import type { LogReader, Stretch } from '../store/store.ts'
import type { Piece } from './pieces.ts'
import type { SearchPool } from './pool.ts'
import { CHUNK, type Range } from './scan.ts'
import type { Turned } from './worker.ts'

/** A log to search: lines that begin in the range. */
export interface SearchedLog extends Range {
  reader: LogReader
}

/** A line that was found, and when it came, epoch ms. */
export interface Hit extends LogMatch {
  time: number
  log: SearchedLog
}

/** A search that ended. Lines of the log that begin before `before` were not looked at; null: nothing is left. */
export interface Searched {
  reason: LogSearchEnd
  rest: { log: SearchedLog; before: number } | null
}

/** What a search in anything is done with, and where it ends. */
export interface SearchRun {
  pool: SearchPool
  /** It takes this person's turns. */
  person: string
  query: LogQuery
  /** It ends after so many hits. */
  most: number
  /** It ends after so many ms with what it has. */
  ms: number
  clock: Clock
  signal: AbortSignal
  /** Tells, now and then, how far the search is. */
  onProgress: (scannedBytes: number) => void
}

export interface SearchOptions extends SearchRun {
  /** The file of the logs' index. null: each log is read. */
  index: string | null
  /** The next is told when this has settled. */
  onHit: (hit: Hit) => void | Promise<void>
}

const MIB = 1024 * 1024
/** The first slices are small: a common word is in the newest. Each is four times the one before, up to the largest. */
const FIRST_SLICE = 4 * MIB
const LARGEST_SLICE = 256 * MIB
/** What is not in files goes to the worker by message. */
const MESSAGE = 4 * MIB
const READ = MIB
/** So many slices are searched side by side, if workers are free. */
const AT_ONCE = 2

interface Slice extends Range {
  log: SearchedLog
  pieces: Piece[]
  /** The index may know of all of it. */
  indexed: boolean
}

interface Part extends Range {
  log: SearchedLog
  found: LogMatch[]
  kind: Turned['kind'] | 'time'
}

/**
 * Searches logs, one after another, each from its newest line to its oldest. Hits come in this order, though several
 * slices are searched at a time.
 * @returns null: it was aborted
 */
export async function searchLogs(
  logs: readonly SearchedLog[],
  options: SearchOptions,
): Promise<Searched | null> {
  const { signal } = options
  const over = new AbortController()
  const leave = () => over.abort()
  if (signal.aborted) return null
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await new Search(logs, options, over.signal).run()
  } finally {
    signal.removeEventListener('abort', leave)
    // What is searched ahead is not needed any more.
    over.abort()
  }
}

class Search {
  readonly #logs: readonly SearchedLog[]
  readonly #options: SearchOptions
  readonly #signal: AbortSignal
  readonly #until: number
  #scanned = 0
  #hits = 0

  constructor(logs: readonly SearchedLog[], options: SearchOptions, signal: AbortSignal) {
    this.#logs = logs
    this.#options = options
    this.#signal = signal
    this.#until = options.clock.now() + options.ms
  }

  async run(): Promise<Searched | null> {
    const slices = slicesOf(this.#logs)
    const ahead: Promise<Part>[] = []
    for (let more = true; ; ) {
      while (more && ahead.length < AT_ONCE) {
        const next = await slices.next()
        if (next.done) more = false
        else ahead.push(this.#search(next.value))
      }
      // One that fails while another is awaited is heard of later, or not at all.
      for (const part of ahead) part.catch(() => {})
      const part = await ahead.shift()
      if (!part) return { reason: 'all', rest: null }
      const ended = await this.#take(part)
      if (part.kind === 'left') return null
      if (ended) return ended
    }
  }

  /** Gives a part's hits. @returns how the search ends with it, or null */
  async #take({ log, found, from, to, kind }: Part): Promise<Searched | null> {
    let before = to
    for (const match of found) {
      if (this.#hits === this.#options.most) return { reason: 'page', rest: { log, before } }
      await this.#options.onHit({ ...match, time: await log.reader.timeOf(match.offset), log })
      this.#hits += 1
      before = match.offset
    }
    if (kind === 'done' || kind === 'left') return null
    return { reason: kind, rest: { log, before: from } }
  }

  /** Searches a slice, in as many turns as it takes. */
  async #search({ log, pieces, indexed, from, to }: Slice): Promise<Part> {
    const { pool, person, query, clock, index, onProgress } = this.#options
    const known = index !== null && indexed ? { path: index, line: log.reader.line.server.id } : null
    // One more than there may be: so it is known that there are more.
    const most = this.#options.most + 1
    const found: LogMatch[] = []
    let reached = pieces.length > 0 ? to : from
    while (reached > from && found.length < most) {
      if (clock.now() > this.#until) return { log, found, from: reached, to, kind: 'time' }
      const turn = { query, index: known, pieces, from, to: reached, most: most - found.length }
      const turned = await pool.turn(person, turn, this.#signal)
      if (turned.kind !== 'done') return { log, found, from: reached, to, kind: turned.kind }
      found.push(...turned.scanned.found)
      this.#scanned += reached - turned.scanned.reached
      reached = turned.scanned.reached
      onProgress(this.#scanned)
    }
    return { log, found, from: reached, to, kind: 'done' }
  }
}

type Files = Awaited<ReturnType<LogReader['files']>>

/** The logs in slices, each log from its end. */
async function* slicesOf(logs: readonly SearchedLog[]): AsyncGenerator<Slice> {
  for (const log of logs) {
    const { reader } = log
    const files = await reader.files()
    const unfiled = without(reader.stretches(), files)
    let size = FIRST_SLICE
    for (let to = log.to; to > log.from; ) {
      const { read, down } = wayAt(to, unfiled)
      const from = Math.max(log.from, down, to - (read ? MESSAGE : size))
      yield { log, from, to, pieces: await piecesOf(reader, { files, unfiled }, from, to), indexed: !read }
      if (!read) size = Math.min(LARGEST_SLICE, 4 * size)
      to = from
    }
  }
}

/**
 * How the bytes before this place are searched, and how far down. The index knows only of what is in files, and a line that
 * begins in a file may end behind it.
 */
function wayAt(to: number, unfiled: readonly Stretch[]): { read: boolean; down: number } {
  const below = unfiled.findLast(({ from }) => from - CHUNK < to)
  if (!below) return { read: false, down: 0 }
  return to <= below.to ? { read: true, down: below.from - CHUNK } : { read: false, down: below.to }
}

/** What files do not have. They have whole parts of it. */
function without(stretches: readonly Stretch[], files: Files): Stretch[] {
  const left: Stretch[] = []
  for (const { from, to } of stretches) {
    let next = from
    for (const file of files) {
      if (file.from < next || file.from >= to) continue
      if (file.from > next) left.push({ from: next, to: file.from })
      next = file.from + file.bytes
    }
    if (next < to) left.push({ from: next, to })
  }
  return left
}

/** What a slice needs: its last line may reach beyond it, and the byte before it tells whether a line begins there. */
async function piecesOf(
  reader: LogReader,
  { files, unfiled }: { files: Files; unfiled: readonly Stretch[] },
  from: number,
  to: number,
): Promise<Piece[]> {
  const first = Math.max(0, from - 1)
  const end = Math.min(reader.end, to + CHUNK)
  const pieces: Piece[] = files.filter((file) => file.from < end && file.from + file.bytes > first)
  for (const stretch of unfiled) {
    const until = Math.min(end, stretch.to)
    for (let at = Math.max(first, stretch.from); at < until; ) {
      const read = await reader.read(at, Math.min(READ, until - at))
      // It went meanwhile.
      if (read.bytes.length === 0 || read.at >= until) break
      pieces.push({ from: read.at, bytes: read.bytes.length, data: new Uint8Array(read.bytes) })
      at = read.at + read.bytes.length
    }
  }
  return pieces.sort((a, b) => a.from - b.from)
}
