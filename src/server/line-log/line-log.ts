import type { Clock, Now } from '../../shared/clock.ts'
import { type HeardStretch, HeardTimes } from '../../shared/heard-times.ts'
import type { LogMark } from '../../shared/line-log.ts'
import { type LineMark, MAX_MARKS, type ResumePoint, type WhySeam } from '../../shared/relay-protocol.ts'
import { SmallMap } from '../../shared/small-map.ts'
import type { TerminalSize } from '../../shared/terminal-size.ts'
import { RingBuffer } from './ring-buffer.ts'
import { Seams } from './seams.ts'
import type { LineReader, LineTail, LineWriter, PlacedMark } from './store/store.ts'
import { fromLineStart, readTo, sinceListened } from './tails.ts'

/** Bytes kept beyond the writer's window: as many as the gateway's socket hands over at once. */
const RESERVE_BYTES = 128 * 1024
/** Memory has so much of a line that nobody looks at, if a store has the rest. */
export const RESTING_BYTES = 32 * 1024
/** One stretch of times is kept for so many bytes of memory. It needs 16 bytes itself. */
const BYTES_PER_STRETCH = 128

export interface LineLogOptions {
  /** The id of the session that has the line */
  session: string
  /** How much is kept in memory at least */
  keptBytes: number
  clock: Clock
  /** Tells when the bytes were heard. */
  wall: Now
  /** null: nothing is kept beyond the session. */
  stored: StoredLine | null
}

/** Where a line's log is kept beyond its session. */
export interface StoredLine {
  writer: LineWriter
  /** The line has a log to read, by the same offsets. A store of recordings is none, nor is what is only shipped. */
  inLog: boolean
  /** null: nothing that memory lacks can be read from there. */
  reader: LineReader | null
  /** The end of what earlier sessions left; with a reader, the marks reach back further than the bytes. */
  tail: LineTail | null
  /** When the process before this one was last seen, in epoch ms; null: nobody knows */
  lastSeen: number | null
  /** The end of it is where other replicas find it, when this resolves; absent: there are none. */
  shared?: () => Promise<unknown>
}

/** A viewer's place in the log. */
export interface Place {
  /** The first byte that it lacks; it may be no longer kept */
  from: number
  /** The number of the first seam that it lacks */
  seam: number
  /** It goes on with what it had, and does not begin anew. */
  goesOn: boolean
}

/** A session of this line whose viewers may come back. */
interface KnownSession {
  /** How much of it was kept */
  end: number
  /** How many seams there were when it began */
  seams: number
}

/**
 * The log of one line, and the only one who stores what it says: the newest bytes in memory, with the seams between them,
 * and all of them in the store, where there is one. A new session goes on at the offset where the last one ended, and its
 * memory begins with the end of what that one left.
 */
export class LineLog {
  readonly ring: RingBuffer
  readonly seams = new Seams()
  /** When the bytes in memory were heard */
  readonly times: HeardTimes
  /** How many bytes a viewer may be ahead of what it acknowledged. */
  readonly window: number
  /** The offset of this session's first byte */
  readonly began: number
  /** The newest earlier session that it knows */
  readonly follows: string | null
  readonly #options: LineLogOptions
  readonly #capacity: number
  /** Memory has all that it should: nobody wakes it, or somebody did. */
  #awake: Promise<void> | null = null
  /** Other replicas know of this session, or are about to. */
  #shared: Promise<unknown> | null = null
  readonly #sessions = new SmallMap<string, KnownSession>()
  /** When the line was lost; null while it is there, and before its first byte. */
  #lostAt: number | null = null
  /** The offset from which on the store is told of the session again */
  #nameAt = Number.POSITIVE_INFINITY
  /** The terminals have this size, which the store is told at the end of the line. */
  #newSize: { size: TerminalSize; since: number } | null = null
  /** What the store is told at the end of the line */
  #newNotes: { mark: LogMark; since: number }[] = []
  #notes: Map<string, LineMark> | null = null
  /** The last byte ended a line. */
  #atLineStart = true

  constructor(options: LineLogOptions) {
    this.#options = options
    const { keptBytes, session, stored } = options
    this.window = 2 * keptBytes
    const tail = fromLineStart(stored?.tail ?? null)
    this.began = stored?.writer.end ?? 0
    // In a flood the writer may be a whole window behind, and must find all of it here.
    this.#capacity = this.window + RESERVE_BYTES
    this.ring = new RingBuffer(this.#capacity, this.began - (tail?.bytes.length ?? 0))
    this.times = new HeardTimes(this.#capacity / BYTES_PER_STRETCH)
    if (tail) {
      this.ring.append(tail.bytes)
      // Bytes after the tail came and were not kept. Then its offsets are not those of the ring, so nobody goes on in it.
      if (tail.from === this.ring.start) {
        this.#learn(tail.marks)
        this.times.prepend(tail.times)
      }
    }
    if (stored && tail) this.#addSeam(...sinceListened(tail, stored.lastSeen, options.wall))
    this.follows = [...this.#sessions.keys()].at(-1) ?? null
    this.#sessions.set(session, { end: Number.POSITIVE_INFINITY, seams: this.seams.end })
    this.#name('on')
    this.rest()
  }

  /** Nobody looks at the line. Memory needs little of it if the store has the rest. */
  rest(): void {
    if (!this.#options.stored?.reader) return
    this.#awake = null
    this.ring.resize(Math.min(RESTING_BYTES, this.#options.keptBytes))
  }

  /** A person comes: memory gets back what it lacks. */
  wake(): Promise<void> {
    const reader = this.#options.stored?.reader
    this.#awake ??= reader ? this.#fill(reader) : Promise.resolve()
    return this.#awake
  }

  /**
   * A viewer comes. Should this process die, it can go on where another replica knows of this session, and learns there
   * for how long nobody listened.
   * @returns once the others know of it, if there are any
   */
  shared(): Promise<unknown> {
    this.#shared ??= this.#options.stored?.shared?.() ?? Promise.resolve()
    return this.#shared
  }

  /** Where it is kept beyond the session; null: nowhere */
  get kept(): Pick<LineWriter, 'lost' | 'losing'> | null {
    return this.#options.stored?.writer ?? null
  }

  /** The line was lost, and has said nothing since. */
  get isAway(): boolean {
    return this.#lostAt !== null
  }

  /** The offset of the next byte. */
  get end(): number {
    return this.ring.end
  }

  /** What it says can be read where logs are read, by the same offsets. */
  get inLog(): boolean {
    return this.#options.stored?.inLog ?? false
  }

  /** The clock that its times are of */
  get wall(): Now {
    return this.#options.wall
  }

  /**
   * @param offset the first byte that the viewer lacks; null: it has none of this session
   * @param earlier the same, in earlier sessions; the first that is known counts
   */
  place(offset: number | null, earlier: readonly ResumePoint[]): Place {
    const points = offset === null ? earlier : [{ session: this.#options.session, offset }]
    for (const point of points) {
      const session = this.#sessions.get(point.session)
      // An offset beyond the end belongs to another stream.
      if (!session || (offset !== null && offset > this.end)) continue
      // A process that was killed may have shown more than it had kept.
      const from = Math.min(point.offset, session.end)
      return { from, seam: this.seams.lackedAt(from, session.seams), goesOn: true }
    }
    const { start } = this.ring
    return { from: start, seam: this.seams.lackedAt(start, 0), goesOn: false }
  }

  /**
   * @param bytes they may be kept, so nobody may change them afterwards
   * @returns whether these are the first bytes after the line was away
   */
  append(bytes: Buffer): boolean {
    const back = this.#lostAt !== null
    if (this.#lostAt !== null) {
      this.#addSeam('line-lost', this.#options.clock.now() - this.#lostAt)
      this.#lostAt = null
      this.seams.forget(this.end - this.#capacity)
    }
    const { stored, wall } = this.#options
    const now = wall.now()
    const begun = this.times.hear(this.end, now)
    this.ring.append(bytes)
    if (begun) this.times.forget(this.ring.start)
    if (stored) this.#store(bytes, stored, now)
    return back
  }

  /** @returns whether this is new: a line that never spoke, or was already away, is not lost again */
  lineLost(): boolean {
    if (this.end === this.began || this.#lostAt !== null) return false
    this.#lostAt = this.#options.clock.now()
    return true
  }

  /** Keeps a mark at the place of the next byte, if anything is kept. */
  mark(mark: LogMark): void {
    const { stored, wall } = this.#options
    stored?.writer.mark(mark, wall.now())
  }

  /** The terminals on the line have this size from now on. */
  resized(size: TerminalSize): void {
    this.#newSize = { size, since: this.#newSize?.since ?? this.end }
    if (this.#atLineStart) this.#keepSize()
  }

  /** What people marked in earlier sessions of this line, in the order of the lines: the newest, if there are many */
  get notes(): readonly LineMark[] {
    return [...(this.#notes?.values() ?? [])].slice(-MAX_MARKS).sort((one, other) => one.at - other.at)
  }

  /** A person marked a line, or took a mark away. */
  note(mark: LogMark): void {
    if (!this.#options.stored) return
    this.#newNotes.push({ mark, since: this.end })
    if (this.#atLineStart) this.#keepNotes()
  }

  /**
   * The session has ended.
   * @param restarting because BMS Console ends here, and may go on elsewhere
   * @returns once other replicas have all of it, if there are any
   */
  async close(restarting: boolean): Promise<void> {
    this.#keepSize()
    this.#keepNotes()
    this.#name(restarting ? 'restarting' : 'ended')
    const { stored } = this.#options
    stored?.writer.close()
    await stored?.shared?.()
  }

  #store(bytes: Buffer, { writer }: StoredLine, time: number): void {
    // A mark inside of a line would cut what a mask must see in one piece.
    const lineEnd = bytes.lastIndexOf('\n') + 1
    this.#atLineStart = lineEnd === bytes.length
    const named = this.end >= this.#nameAt
    const [firstNote] = this.#newNotes
    if (!named && !this.#newSize && !firstNote) return writer.append(bytes, time)
    const longest = this.#options.keptBytes / 4
    if (lineEnd > 0) writer.append(bytes.subarray(0, lineEnd), time)
    if (named && (lineEnd > 0 || this.end >= this.#nameAt + longest)) this.#name('on')
    if (lineEnd > 0 || this.end >= (this.#newSize?.since ?? this.end) + longest) this.#keepSize()
    if (firstNote && (lineEnd > 0 || this.end >= firstNote.since + longest)) this.#keepNotes()
    if (lineEnd < bytes.length) writer.append(bytes.subarray(lineEnd), time)
  }

  #keepSize(): void {
    if (this.#newSize) this.mark({ kind: 'size', ...this.#newSize.size })
    this.#newSize = null
  }

  #keepNotes(): void {
    for (const { mark } of this.#newNotes.splice(0)) this.mark(mark)
  }

  /** Seams at the same place are told in this order: the older first. */
  #addSeam(why: WhySeam, away: number | null): void {
    // The clock has fractions of a millisecond.
    const awayMs = away === null ? null : Math.round(away)
    this.seams.push({ at: this.ring.end, why, awayMs })
    this.mark({ kind: 'seam', why, awayMs })
  }

  /** The next session's tail holds this session's name, however long the session is. */
  #name(state: 'on' | 'ended' | 'restarting'): void {
    this.#nameAt = this.end + this.#options.keptBytes / 2
    this.mark({ kind: 'session', id: this.#options.session, state })
  }

  /** Takes in what earlier sessions left. */
  #learn(marks: readonly PlacedMark[]): void {
    let newest: KnownSession | null = null
    for (const { at, mark } of marks) {
      if (mark.kind === 'seam') this.seams.push({ at, why: mark.why, awayMs: mark.awayMs })
      if (mark.kind === 'note') {
        this.#notes ??= new Map()
        this.#notes.set(mark.id, noteOf(mark))
      }
      if (mark.kind === 'note-gone') this.#notes?.delete(mark.id)
      if (mark.kind !== 'session' || this.#sessions.has(mark.id)) continue
      if (newest) newest.end = at
      newest = { end: this.began, seams: this.seams.end }
      this.#sessions.set(mark.id, newest)
    }
  }

  /** A line's log that cannot be read costs history, and no console. */
  async #fill(reader: LineReader): Promise<void> {
    this.ring.resize(this.#capacity)
    let tail: Pick<LineTail, 'from' | 'bytes'> = { from: 0, bytes: Buffer.alloc(0) }
    let times: HeardStretch[] = []
    try {
      tail = await readTo(this.ring.start, this.end - this.#options.keptBytes, reader)
      times = await reader.times(tail.from, tail.from + tail.bytes.length)
    } catch {
      // The store has logged it.
    }
    const { from, bytes } = fromLineStart(tail)
    // Meanwhile so much may have come that this is too old, or everybody may have left again.
    if (bytes.length === 0 || from + bytes.length !== this.ring.start) return
    this.ring.prepend(bytes)
    this.times.prepend(times)
  }
}

const noteOf = ({ id, line, text, by }: Extract<LogMark, { kind: 'note' }>): LineMark => ({
  id,
  at: line,
  text,
  by,
})
