import type { Clock } from '../../shared/clock.ts'
import { HeardTimes } from '../../shared/heard-times.ts'
import type { LogMark } from '../../shared/line-log.ts'
import { type Lease, type Store, StoreError, type TailPiece } from '../store/store.ts'
import { RingBuffer } from './ring-buffer.ts'
import type { LineTail, LineWriter, PlacedMark } from './store/store.ts'
import { factsOf } from './tail-facts.ts'

/** What comes within this time is written together. A process that is killed has not written so much. */
const JOINED_MS = 200
/** Lines that write at the same time share a command. */
const TOGETHER_MS = 50
/** So much is written sooner, */
const SOON_BYTES = 256 * 1024
/** but not sooner than this after the last write began: all of it would be trimmed by the next. */
const APART_MS = 50
/** How soon it tries again where the store failed */
const RETRY_MS = 500
/** A piece goes as a whole when it is old. */
const PIECE_BYTES = 16 * 1024
/** A line's tail outlasts its owner by this. */
const KEPT_MS = 60 * 60_000
/** A line that says nothing keeps its tail, too. */
const TOUCH_MS = 20 * 60_000
/** While the store is away, marks would grow without bounds. */
const MOST_MARKS = 1_000
const MOST_STRETCHES = 64

export interface SharedTailOptions {
  store: Pick<Store, 'appendTail'>
  /** The name of the line's lease */
  name: string
  lease: Lease
  /** What the owner before left; the line goes on at its end. */
  tail: LineTail | null
  /** How much of the line is kept at least: as much as in the memory of its owner */
  keptBytes: number
  clock: Clock
}

/** What came since the last write */
interface Batch {
  /** The number of its first piece */
  number: number
  bytes: RingBuffer
  times: HeardTimes
  marks: PlacedMark[]
}

/** Why it writes next */
type Due = 'touch' | 'joined' | 'retry' | 'soon'

/** A batch that is on its way */
interface Sent {
  number: number
  pieces: readonly TailPiece[]
  end: number
}

/**
 * Writes the newest of what a line says where all replicas find it, so that another can go on with the line. Nothing
 * waits for it: while the store is slow, the oldest of what is not written goes. That is none of what must be kept.
 */
export class SharedTail implements LineWriter {
  readonly lost = 0
  readonly losing = null
  readonly #options: SharedTailOptions
  #waiting: Batch
  /** Was under way when the store failed: it may be written or not, so it is written again as it is. */
  #unsure: Sent | null = null
  #writing: Promise<void> | null = null
  #state: 'open' | 'closed' | 'refused' = 'open'
  #timer: { kind: Due; cancel: () => void } | null = null
  /** When the last write began, by the clock */
  #began = Number.NEGATIVE_INFINITY
  /** Who has the line */
  #session: PlacedMark | null = null
  /** Notes count as long as the line is kept, however old they are. */
  readonly #notes = new Map<string, PlacedMark>()
  /** From this offset on they are told again. */
  #notesAt: number

  constructor(options: SharedTailOptions) {
    this.#options = options
    const { tail } = options
    const end = tail ? tail.from + tail.bytes.length : 0
    for (const placed of tail?.marks ?? []) this.#know(placed)
    this.#notesAt = end
    this.#waiting = this.#batch(0, end)
    this.#plan()
  }

  get end(): number {
    return this.#waiting.bytes.end
  }

  append(bytes: Buffer, time: number): void {
    if (this.#state !== 'open' || bytes.length === 0) return
    const { bytes: waiting, times } = this.#waiting
    times.hear(waiting.end, time)
    waiting.append(bytes)
    this.#plan()
  }

  mark(mark: LogMark, time: number): void {
    if (this.#state !== 'open') return
    const placed = { at: this.end, time, mark }
    this.#know(placed)
    this.#waiting.marks.push(placed)
    if (this.#waiting.marks.length > MOST_MARKS) this.#waiting.marks.shift()
    this.#plan()
  }

  /** The store has nothing of what was written. The next owner of the line needs what pages go on by, and all notes. */
  forgotten(): void {
    if (this.#state !== 'open') return
    const { marks, bytes } = this.#waiting
    if (this.#session) marks.unshift({ ...this.#session, at: bytes.start })
    this.#notesAt = this.end
    this.#plan()
  }

  /** Writes what came until now. @returns whether all of it is there; the store is asked once */
  async flush(): Promise<boolean> {
    await this.#writing
    if (!this.#isWritten) await (this.#writing ?? this.#write())
    return this.#isWritten && this.#state !== 'refused'
  }

  /** Nothing more comes. What came is written: `flush` waits for that. */
  close(): void {
    if (this.#state === 'open') this.#state = 'closed'
    this.#timer?.cancel()
    this.#timer = null
    void this.flush()
  }

  get #isWritten(): boolean {
    const { bytes, marks } = this.#waiting
    return this.#unsure === null && bytes.start === bytes.end && marks.length === 0
  }

  /** A timer runs until the next write. */
  #plan(): void {
    if (this.#state !== 'open' || this.#writing) return
    const kind = this.#due()
    if (this.#timer?.kind === kind) return
    this.#timer?.cancel()
    const { clock } = this.#options
    const now = clock.now()
    const joinedMs = Math.floor((now + JOINED_MS) / TOGETHER_MS) * TOGETHER_MS - now
    const soonMs = Math.max(0, this.#began + APART_MS - now)
    const waitMs = { touch: TOUCH_MS, joined: joinedMs, retry: RETRY_MS, soon: soonMs }[kind]
    const cancel = clock.after(waitMs, () => void this.#write())
    this.#timer = { kind, cancel }
  }

  #due(): Due {
    const { bytes } = this.#waiting
    if (this.#isWritten) return 'touch'
    if (this.#unsure) return 'retry'
    return bytes.end - bytes.start < SOON_BYTES ? 'joined' : 'soon'
  }

  #write(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = null
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = null
      this.#plan()
    })
    return this.#writing
  }

  /** One batch at a time; two only where the first may be written already. */
  async #writeAll(): Promise<void> {
    this.#began = this.#options.clock.now()
    try {
      if (this.#unsure && this.#isNeeded(this.#unsure)) await this.#send(this.#unsure)
      this.#unsure = null
      this.#tellNotes()
      const { number, bytes } = this.#waiting
      const pieces = this.#pieces(this.#waiting)
      this.#waiting = this.#batch(number + pieces.length, bytes.end)
      this.#unsure = { number, pieces, end: bytes.end }
      await this.#send(this.#unsure)
      this.#unsure = null
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
    }
  }

  async #send({ number, pieces, end }: Sent): Promise<void> {
    if (this.#state === 'refused') return
    const { store, name, lease, keptBytes } = this.#options
    const keepFrom = Math.max(0, end - keptBytes - PIECE_BYTES)
    if (await store.appendTail(name, { lease, number, pieces, keepFrom, ttlMs: KEPT_MS })) return
    this.#state = 'refused'
    this.#waiting = this.#batch(0, this.end)
  }

  /** What must be kept may all be newer. */
  #isNeeded({ end }: Sent): boolean {
    return end > this.end - this.#options.keptBytes
  }

  #batch(number: number, at: number): Batch {
    const bytes = new RingBuffer(this.#options.keptBytes + PIECE_BYTES, at)
    return { number, bytes, times: new HeardTimes(MOST_STRETCHES), marks: [] }
  }

  #pieces({ bytes, times, marks }: Batch): TailPiece[] {
    const pieces: TailPiece[] = []
    let told = 0
    const { end } = bytes
    for (let at = bytes.start; at < end; ) {
      const part = bytes.read(at, PIECE_BYTES)
      const next = at + part.length
      const first = told
      while ((marks[told]?.at ?? Number.POSITIVE_INFINITY) < next) told += 1
      const later = times.between(at + 1, next, MOST_STRETCHES)
      const heard = times.timeAt(at)
      const stretches = heard === null ? later : [{ at, time: heard }, ...later]
      pieces.push({ at, bytes: part, facts: factsOf(marks.slice(first, told), stretches) })
      at = next
    }
    const last = marks.slice(told)
    if (last.length > 0) pieces.push({ at: end, bytes: Buffer.alloc(0), facts: factsOf(last, []) })
    return pieces
  }

  #know(placed: PlacedMark): void {
    const { mark } = placed
    if (mark.kind === 'session') this.#session = placed
    if (mark.kind === 'note') this.#notes.set(mark.id, placed)
    if (mark.kind === 'note-gone') this.#notes.delete(mark.id)
  }

  /** The pieces that had them go in time. */
  #tellNotes(): void {
    if (this.end < this.#notesAt || this.#notes.size === 0) return
    this.#notesAt = this.end + this.#options.keptBytes / 2
    const { marks, bytes } = this.#waiting
    marks.unshift(...[...this.#notes.values()].map((placed) => ({ ...placed, at: bytes.start })))
  }
}
