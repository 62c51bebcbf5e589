import type { Clock, Now } from '../../shared/clock.ts'
import type { EndReason, RecordingState } from '../../shared/recording.ts'
import type { TerminalSize } from '../../shared/terminal-size.ts'
import { errorCode } from '../error-code.ts'
import type { LineWriter } from '../line-log/store/store.ts'
import { inWords } from './end-reason.ts'
import { type NoteSink, NoteWriter } from './note-writer.ts'

const MAX_LABEL = 200
/** Room for the last notes, kept free below the limit */
const RESERVE_BYTES = 2048
/** What is typed within this time is one event. */
const COALESCE_MS = 50
/** A typed event is no longer, so that it can be noted in one line. */
const MAX_EVENT_BYTES = 64 * 1024

type EndState = Exclude<RecordingState, 'recording' | 'interrupted'>

/** How a recording ended, and what it holds. */
export interface RecordingEnd {
  state: EndState
  why: EndReason
  duration: number
  bytes: number
  lostBytes: number
  /** The place after its last byte */
  to: number
}

/** The log of the line that is recorded. It has all bytes; a recording names some of them. */
export interface RecordedLog {
  /** The offset of the next byte */
  readonly end: number
  /** null: nothing of this session is kept. */
  readonly kept: Pick<LineWriter, 'lost' | 'losing'> | null
}

export interface RecordingOptions {
  id: string
  log: RecordedLog
  /** The place of its first byte */
  from: number
  clock: Clock
  wall: Now
  /** Writes down what is known of it. Without that nobody would find it. */
  begin: (startedAt: number) => Promise<void>
  notes: NoteSink
  maxBytes: number
  /** False: what is typed is not kept. */
  recordInput: boolean
  /** Decodes what is typed: a character may begin in the part before. */
  typedDecoder: TextDecoder
}

/**
 * A part of a recording: a range of the line's log, and its notes. The session never waits for it, and nothing here
 * throws.
 */
export class Recording {
  readonly id: string
  readonly from: number
  /** Epoch ms */
  readonly startedAt: number
  /** Settles when all of it is written, for whatever reason. */
  readonly ended: Promise<RecordingEnd>
  /** It could not be written down, so it holds nothing that can be found. */
  unwritten = false
  readonly #options: RecordingOptions
  readonly #begun: number
  readonly #notes: NoteWriter
  readonly #lostBefore: number
  readonly #resolveEnded: (end: RecordingEnd) => void
  /** Settles when it is written down, or could not be. */
  readonly #written: Promise<void>
  #typed: { ms: number; at: number; text: string } | null = null
  #cancelTyped = () => {}
  #end: { state: EndState; why: EndReason; ms: number; to: number; lostBytes: number } | null = null

  constructor(options: RecordingOptions) {
    const { id, log, from, clock, wall, notes, begin } = options
    this.#options = options
    this.id = id
    this.from = from
    this.startedAt = wall.now()
    this.#begun = clock.now()
    this.#notes = new NoteWriter(notes, clock)
    this.#lostBefore = log.kept?.lost ?? 0
    let resolve: (end: RecordingEnd) => void = () => {}
    this.ended = new Promise((settle) => {
      resolve = settle
    })
    this.#resolveEnded = resolve
    this.#mark('recording started', from)
    // In the next microtask, when whoever made it knows it.
    this.#written = Promise.resolve()
      .then(() => begin(this.startedAt))
      .catch((error: unknown) => {
        this.unwritten = true
        this.finish('write-failed', { kind: 'not-written', code: errorCode(error) }, from)
      })
  }

  /** The place after its last byte */
  get to(): number {
    return this.#end?.to ?? this.#options.log.end
  }

  /** Seconds since the start, or until the end. */
  get duration(): number {
    return (this.#end?.ms ?? this.#ms()) / 1000
  }

  /** What it takes on disk, with what is about to be written */
  get bytes(): number {
    return Math.max(0, this.to - this.from - this.lostBytes) + this.#notes.bytes
  }

  get lostBytes(): number {
    return this.#end?.lostBytes ?? this.#lost()
  }

  /** The log took these bytes from the machine, at this place. */
  output(at: number): void {
    if (!this.#end) this.#notes.time(this.#ms(), at - this.from)
  }

  /** Bytes typed to the machine. They are kept only with `recordInput`. */
  input(bytes: Uint8Array): void {
    const { recordInput, typedDecoder, clock, log } = this.#options
    if (!recordInput || this.#end) return
    for (let start = 0; start < bytes.length; start += MAX_EVENT_BYTES) {
      const text = typedDecoder.decode(bytes.subarray(start, start + MAX_EVENT_BYTES), { stream: true })
      const ms = this.#ms()
      const fits =
        this.#typed &&
        ms - this.#typed.ms < COALESCE_MS &&
        this.#typed.text.length + text.length <= MAX_EVENT_BYTES
      if (this.#typed && fits) this.#typed.text += text
      else {
        this.#closeTyped()
        this.#typed = { ms, at: log.end - this.from, text }
        this.#cancelTyped = clock.after(COALESCE_MS, () => this.#closeTyped())
      }
    }
  }

  /** Something that a player shows on its time line, e.g. a gap or a reconnect. */
  marker(text: string): void {
    if (!this.#end) this.#mark(text, this.#options.log.end)
  }

  /** The terminals have this size from now on. */
  resized(size: TerminalSize): void {
    if (this.#end) return
    this.#closeTyped()
    this.#notes.size(this.#ms(), this.#options.log.end - this.from, size)
  }

  /**
   * @param bytes the newest of the log, which begin at this place
   * @returns the place at which the next part has to begin; null: this one has room
   */
  fullAt(bytes: Uint8Array, at: number): number | null {
    const over = this.bytes - (this.#options.maxBytes - RESERVE_BYTES)
    if (over <= 0) return null
    const end = at + bytes.length
    const first = Math.max(at, end - over)
    // A character belongs to one part, if it is one of UTF-8.
    for (let place = first; place < end && place < first + 4; place++) {
      if (((bytes[place - at] ?? 0) & 0xc0) !== 0x80) return place
    }
    if (first + 4 <= end) return first
    // It has not ended yet, or it is none of UTF-8.
    return over > bytes.length + 4 ? end : null
  }

  get limit(): EndReason {
    return { kind: 'size-limit', mib: Math.round(this.#options.maxBytes / 1024 / 1024) }
  }

  /** Writes its notes, so that they can be read. */
  flush(): Promise<void> {
    this.#closeTyped()
    return this.#notes.flush()
  }

  /** Ends it. The first end counts. @param to the place after its last byte @param beyond lost after that */
  finish(state: EndState, why: EndReason, to: number, beyond = 0): void {
    if (this.#end) return
    this.#closeTyped()
    const lostBytes = Math.max(0, this.#lost() - beyond)
    if (lostBytes > 0) this.#mark(`${lostBytes} bytes of it were not recorded`, to)
    this.#mark(inWords(why), to)
    this.#end = { state, why, ms: this.#ms(), to, lostBytes }
    void this.#close()
  }

  async #close(): Promise<void> {
    // What is written down at the end replaces what was written at the begin.
    await this.#written
    const error = this.unwritten ? null : await this.#notes.end()
    const { lostTyped } = this.#notes
    const end = this.#end
    if (!end) return
    const { recordInput } = this.#options
    // The log has the bytes. What was typed is nowhere else.
    const failed = recordInput && (error !== null || lostTyped > 0) && end.state !== 'write-failed'
    const lost: EndReason =
      error === null
        ? { kind: 'typed-lost', bytes: lostTyped }
        : { kind: 'typed-not-written', code: errorCode(error) }
    this.#resolveEnded({
      state: failed ? 'write-failed' : end.state,
      why: failed ? lost : end.why,
      duration: this.duration,
      bytes: this.unwritten ? 0 : this.bytes,
      lostBytes: end.lostBytes,
      to: end.to,
    })
  }

  #ms(): number {
    return Math.max(0, Math.round(this.#options.clock.now() - this.#begun))
  }

  #lost(): number {
    return (this.#options.log.kept?.lost ?? this.#lostBefore) - this.#lostBefore
  }

  #mark(text: string, at: number): void {
    this.#closeTyped()
    this.#notes.marker(this.#ms(), at - this.from, text.slice(0, MAX_LABEL))
  }

  #closeTyped(): void {
    this.#cancelTyped()
    const typed = this.#typed
    this.#typed = null
    if (typed && typed.text !== '') this.#notes.typed(typed.ms, typed.at, typed.text)
  }
}
