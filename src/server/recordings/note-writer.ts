import type { Clock } from '../../shared/clock.ts'
import type { TerminalSize } from '../../shared/terminal-size.ts'
import { encodeNote } from './notes.ts'

/** Where the notes go: a file, or what a test puts in its place. */
export interface NoteSink {
  /** Adds to the end. The file is made if it is not there. */
  write(data: string): Promise<void>
  /** Cuts off what a failed write left behind. */
  truncate(bytes: number): Promise<void>
}

/** A crash may lose a second of what was typed. This is half of it; the other half is for the write itself. */
const FLUSH_MS = 500
/** Without these times, the log knows them to a second. */
const FLUSH_TIMES_MS = 5_000
/** A failed write is tried again after so long. */
const AGAIN_MS = 5_000
/** A player shows a frame in it. Bytes that come within this time share their time. */
const STEP_MS = 15
/** Times in one line of the file */
const MOST_TIMES = 2_000
/** No more than this waits for a disk that takes nothing. */
const MOST_WAITING = 1024 * 1024

/** Writes the notes of a recording, in order, one write at a time. It never throws and nobody waits for it. */
export class NoteWriter {
  readonly #sink: NoteSink
  readonly #clock: Clock
  #times: { ms: number; at: number; steps: number[] } | null = null
  #last = { ms: Number.NEGATIVE_INFINITY, at: 0 }
  #lines = ''
  #written = 0
  #writing = 0
  #turn = Promise.resolve()
  /** The last write failed, so the file may end in the middle of a line. */
  #failure: unknown = null
  #lostTyped = 0
  #due = Number.POSITIVE_INFINITY
  #ended = false
  #cancelFlush = () => {}

  constructor(sink: NoteSink, clock: Clock) {
    this.#sink = sink
    this.#clock = clock
  }

  /** The file's size, with what is about to be written */
  get bytes(): number {
    return this.#written + this.#writing + this.#lines.length + 4 * (this.#times?.steps.length ?? 0)
  }

  /** How much of what was typed is in no file */
  get lostTyped(): number {
    return this.#lostTyped
  }

  /** Bytes from this place on came at this time. */
  time(ms: number, at: number): void {
    if (ms - this.#last.ms < STEP_MS) return
    if (this.#times) this.#times.steps.push(ms - this.#last.ms, at - this.#last.at)
    else this.#times = { ms, at, steps: [] }
    this.#last = { ms, at }
    if (this.#times.steps.length >= 2 * MOST_TIMES) this.#closeTimes()
    this.#flushIn(FLUSH_TIMES_MS)
  }

  typed(ms: number, at: number, text: string): void {
    if (this.#isFull) this.#lostTyped += Buffer.byteLength(text)
    else this.#add(encodeNote(['i', ms, at, text]))
  }

  marker(ms: number, at: number, text: string): void {
    if (!this.#isFull) this.#add(encodeNote(['m', ms, at, text]))
  }

  size(ms: number, at: number, { columns, rows }: TerminalSize): void {
    if (!this.#isFull) this.#add(encodeNote(['r', ms, at, `${columns}x${rows}`]))
  }

  /** Resolves when all of it is in the file, or the write failed. */
  async flush(): Promise<void> {
    this.#closeTimes()
    this.#cancelFlush()
    this.#due = Number.POSITIVE_INFINITY
    await this.#write()
  }

  /** Nothing follows. @returns why the last of it is in no file; null: all is */
  async end(): Promise<unknown> {
    this.#ended = true
    await this.flush()
    return this.#failure
  }

  get #isFull(): boolean {
    return this.#lines.length + this.#writing > MOST_WAITING
  }

  #add(line: string): void {
    this.#closeTimes()
    this.#lines += line
    this.#flushIn(FLUSH_MS)
  }

  #closeTimes(): void {
    if (!this.#times) return
    const { ms, at, steps } = this.#times
    this.#times = null
    if (!this.#isFull) this.#lines += encodeNote(['t', ms, at, steps])
    // The next line stands for itself.
    this.#last.ms = Number.NEGATIVE_INFINITY
  }

  #flushIn(ms: number): void {
    const due = this.#clock.now() + ms
    if (due >= this.#due || this.#ended) return
    this.#due = due
    this.#cancelFlush()
    this.#cancelFlush = this.#clock.after(ms, () => void this.flush())
  }

  #write(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      if (this.#lines === '') return
      const data = this.#lines
      this.#lines = ''
      this.#writing = Buffer.byteLength(data)
      try {
        if (this.#failure !== null) await this.#sink.truncate(this.#written)
        await this.#sink.write(data)
        this.#written += this.#writing
        this.#failure = null
      } catch (error) {
        this.#failure = error
        this.#lines = data + this.#lines
        this.#flushIn(AGAIN_MS)
      }
      this.#writing = 0
    })
    return this.#turn
  }
}
