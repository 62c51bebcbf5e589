import { setImmediate as immediate } from 'node:timers/promises'
import type { Clock } from '../../../shared/clock.ts'
import { errorCode } from '../../error-code.ts'
import type { Journal } from './journal.ts'
import { RecordWriter } from './records.ts'
import type { StoredLine } from './stored-line.ts'

const KIB = 1024
const MIB = 1024 * KIB
/** So much is written at once, before its time. */
const WRITE_BYTES = MIB
/**
 * A line's bytes go to its segment in pieces of this size, or of a whole segment where those are smaller. Each piece
 * costs two syncs, so smaller ones would cost a busy disk and processor more than they spare memory.
 */
const PIECE_BYTES = 256 * KIB
/** No segment is smaller. */
const LEAST_PIECE_BYTES = 64 * KIB
/** The buffer of a write that is kept for the next one. Twice a second a new one would keep the garbage collector busy. */
const KEPT_BUFFER_BYTES = 4 * MIB
/** The backlog of all lines: from the first on, the longest ones go to segments; beyond the second, bytes are lost. */
const HELD_BYTES = 32 * MIB
const MOST_HELD_BYTES = 64 * MIB
/** The most of one line: a flood must not take what all others need. */
const LINE_HELD_BYTES = 4 * MIB
/** The event loop rests after so many lines. */
const SLICE = 250
/** Lines that go to segments for another reason than their size, in one tick */
const DRAINS = 64
/** The pool of threads for files has four, and the journal needs one. */
const DRAINS_AT_ONCE = 2
const AGAIN_MS = 1_000

interface FlusherOptions {
  journal: Journal
  clock: Clock
  /** All lines of the store */
  lines: ReadonlyMap<string, StoredLine>
  /** How large a segment of the line gets now */
  segmentBytes(line: StoredLine): number
  /** Segments got so many bytes more. */
  onKept(bytes: number): void
  /** A segment or the journal could not be written. Nothing is lost yet: it is tried again. */
  onFailed(error: unknown): void
}

/** Brings what lines said to the disk: first to the journal, in one write for all, then to each line's segments. */
export class Flusher {
  readonly #options: FlusherOptions
  /** They have something that no journal has. */
  readonly #dirty = new Set<StoredLine>()
  /** They go to segments next. */
  readonly #queue = new Set<StoredLine>()
  /** Their newest segment is being changed. */
  readonly #busy = new Set<StoredLine>()
  #held = 0
  #unwritten = 0
  /** The limit was reached: until half of it is free, nothing more is taken. */
  #overfull = false
  /** The write that is under way fills it: there is one at a time. */
  readonly #records = new RecordWriter(64 * KIB)
  #turn = Promise.resolve()
  /** It has not begun, so it takes all that comes until then. */
  #nextWrite: Promise<void> | null = null
  #draining: Promise<void> | null = null
  #syncing: Promise<void> | null = null
  /** A write failed: the next one waits until then, epoch ms. */
  #againAt = 0
  /** What the disk said when it last took nothing; null: it took what it got. */
  #failure: string | null = null
  #ended = false

  constructor(options: FlusherOptions) {
    this.#options = options
  }

  /** @returns whether so many bytes more of this line may wait in memory */
  mayHold(line: StoredLine, bytes: number): boolean {
    if (this.#ended) return false
    if (this.#held + bytes > MOST_HELD_BYTES) this.#overfull = true
    else if (this.#held <= HELD_BYTES) this.#overfull = false
    // It goes on when half is free, so that a few large gaps come instead of many small ones.
    const room = line.losing ? LINE_HELD_BYTES / 2 : LINE_HELD_BYTES
    return !this.#overfull && line.backlog.bytes + bytes <= room
  }

  /** The line said so much more, or got a mark: then it is 0. */
  grew(line: StoredLine, bytes: number): void {
    this.#held += bytes
    this.#unwritten += bytes
    this.#dirty.add(line)
    if (this.#mustWait()) return
    if (this.#hasPiece(line)) {
      this.#queue.add(line)
      void this.#drain()
    }
    if (this.#unwritten >= WRITE_BYTES) void this.#write()
  }

  /** An earlier process left a line with a backlog of so much, which journals have. */
  found(bytes: number): void {
    this.#held += bytes
  }

  tick(): void {
    if (this.#mustWait()) return
    void this.#write()
    this.#queueDue()
    void this.#drain()
  }

  /** What came until now is on disk when this resolves, if the disk takes it. */
  async flush(): Promise<void> {
    await this.#write()
    await this.#draining
    await this.#syncing
  }

  /** Moves everything to segments. */
  async drain(): Promise<void> {
    await this.#draining
    for (const line of this.#options.lines.values()) if (!line.backlog.empty) this.#queue.add(line)
    await this.#drain()
    await this.flush()
  }

  /** Moves all of a line to its segments. */
  async drainLine(line: StoredLine): Promise<void> {
    await this.#draining
    this.#queue.add(line)
    await this.#drain()
  }

  /** There is room again: what failed is tried at the next tick. */
  tryAgain(): void {
    this.#againAt = 0
  }

  /** Why bytes cannot be kept now; null: they come too fast */
  get failure(): string | null {
    return this.#failure
  }

  /** Nothing more is taken or written. @param failure why, where nobody wanted it */
  end(failure: string | null = null): void {
    this.#ended = true
    this.#failure = failure
  }

  isBusy(line: StoredLine): boolean {
    return this.#busy.has(line)
  }

  /** Nothing else changes the line's newest segment meanwhile. */
  async alone<T>(line: StoredLine, run: () => Promise<T>): Promise<T> {
    this.#busy.add(line)
    try {
      return await run()
    } finally {
      this.#busy.delete(line)
    }
  }

  #hasPiece(line: StoredLine): boolean {
    const { bytes } = line.backlog
    return bytes >= PIECE_BYTES || (bytes >= LEAST_PIECE_BYTES && bytes >= this.#options.segmentBytes(line))
  }

  #mustWait(): boolean {
    const left = this.#againAt - this.#options.clock.now()
    // More is left only if the clock was set back.
    return this.#ended || (left > 0 && left <= AGAIN_MS)
  }

  /** Lines that are in old journals, and the longest ones if memory is short, go to segments. */
  #queueDue(): void {
    const { due } = this.#options.journal
    const lines = [...this.#options.lines.values()].filter(({ backlog }) => !backlog.empty)
    const old = due === 0 ? [] : lines.filter(({ firstJournal }) => (firstJournal ?? due + 1) <= due)
    for (const line of old.slice(0, DRAINS)) this.#queue.add(line)
    if (this.#held <= HELD_BYTES) return
    const longest = lines.sort((a, b) => b.backlog.bytes - a.backlog.bytes)
    for (const line of longest.slice(0, DRAINS)) this.#queue.add(line)
  }

  /** A sync may take long. What came meanwhile is written right after it. */
  #write(): Promise<void> {
    this.#nextWrite ??= this.#inTurn(() => {
      this.#nextWrite = null
      return this.#writeDirty()
    })
    return this.#nextWrite
  }

  #sync(): Promise<void> {
    const { journal } = this.#options
    this.#syncing ??= journal
      .sync()
      .catch((error: unknown) => {
        this.#failed(error)
        // Nobody knows what the disk has. All that memory has is written anew, to another file.
        return this.#inTurn(async () => {
          this.#forgetJournals()
          journal.begin()
        })
      })
      .finally(() => {
        this.#syncing = null
      })
    return this.#syncing
  }

  #forgetJournals(): void {
    for (const line of this.#options.lines.values()) {
      line.forgetJournals()
      if (!line.backlog.empty) this.#dirty.add(line)
    }
  }

  /** One at a time changes the journal. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(run)
    this.#turn = result.then(
      () => {},
      () => {},
    )
    return result
  }

  async #writeDirty(): Promise<void> {
    if (this.#ended) return
    const { journal } = this.#options
    const records = this.#records
    records.clear(KEPT_BUFFER_BYTES)
    this.#unwritten = 0
    const noted: { line: StoredLine; written: (file: number) => void }[] = []
    for (const [index, line] of [...this.#dirty].entries()) {
      if (index % SLICE === SLICE - 1) await immediate()
      noted.push({ line, written: line.journal(records) })
      this.#dirty.delete(line)
    }
    try {
      if (records.length > 0) {
        const file = await journal.write(records.take())
        for (const { written } of noted) written(file)
        this.#failure = null
        void this.#sync()
      }
      await journal.tidy(this.#needed())
    } catch (error) {
      for (const { line } of noted) this.#dirty.add(line)
      this.#failed(error)
    }
  }

  /** The oldest journal file that has something which no segment has */
  #needed(): number {
    let needed = Number.POSITIVE_INFINITY
    for (const { firstJournal } of this.#options.lines.values())
      needed = Math.min(needed, firstJournal ?? needed)
    return needed
  }

  /**
   * Deletes journals on a full disk.
   * @param all also those that are needed: what they have is in memory, too, and is written anew.
   * @returns how many bytes became free
   */
  freeJournals(all: boolean): Promise<number> {
    return this.#inTurn(async () => {
      const { journal } = this.#options
      if (all) this.#forgetJournals()
      journal.begin()
      return journal.tidy(this.#needed())
    })
  }

  #drain(): Promise<void> {
    this.#draining ??= this.#drainAll()
    return this.#draining
  }

  async #drainAll(): Promise<void> {
    do {
      await Promise.all(Array.from({ length: DRAINS_AT_ONCE }, () => this.#drainQueued()))
      // A line may have come after the last one had looked.
    } while (this.#next() && !this.#mustWait())
    this.#draining = null
  }

  async #drainQueued(): Promise<void> {
    const { journal, segmentBytes, onKept } = this.#options
    while (!this.#ended) {
      const line = this.#next()
      if (!line) return
      this.#queue.delete(line)
      await this.alone(line, async () => {
        try {
          await line.drain(journal.current, segmentBytes(line), (bytes) => {
            this.#held -= bytes
            onKept(bytes)
            this.#failure = null
          })
        } catch (error) {
          this.#queue.clear()
          this.#dirty.add(line)
          this.#failed(error)
        }
      })
      if (this.#hasPiece(line) && !this.#mustWait()) this.#queue.add(line)
    }
  }

  #next(): StoredLine | null {
    for (const line of this.#queue) if (!this.#busy.has(line)) return line
    return null
  }

  #failed(error: unknown): void {
    this.#againAt = this.#options.clock.now() + AGAIN_MS
    this.#failure = errorCode(error)
    this.#options.onFailed(error)
  }
}
