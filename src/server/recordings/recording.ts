import type { Clock } from '../../shared/clock.ts'
import type { RecordingState } from '../../shared/recording.ts'
import { type CastEvent, encodeEvent, encodeHeader } from './cast.ts'
import { LineWriter, type RecordingSink } from './line-writer.ts'

/** A crash may lose one second. This is half of it; the other half is for the write itself. */
const FLUSH_MS = 500
/** Bytes that come within this time are one event. A player shows three frames in it at most. */
const COALESCE_MS = 50
const MAX_EVENT_BYTES = 64 * 1024
/** No more than this waits. Where the disk is slower than the line, bytes are lost and the recording says how many. */
export const MAX_WAITING_BYTES = 4 * 1024 * 1024
const MAX_LABEL = 200
/** Room for the last markers, kept free below the limit. */
const RESERVE_BYTES = 2048

type EndState = Exclude<RecordingState, 'recording' | 'interrupted'>

/** How a recording ended, and what it holds. */
export interface RecordingEnd {
  state: EndState
  reason: string
  duration: number
  bytes: number
  lostBytes: number
}

export interface RecordingOptions {
  id: string
  title: string
  clock: Clock
  open: () => Promise<RecordingSink>
  maxBytes: number
  /** False: what is typed is not kept. */
  recordInput: boolean
  /** Stands before the file, and passes on what may be kept. null: all of it */
  mask: OpenMask | null
  /** The part before this one. A character or a masked line may begin there and end here. */
  before?: Recording
  /** It is full. What no longer fits goes to the recording that this gives, and is lost if there is none. */
  onFull?: () => Recording
}

/** @param pass gets all bytes, in order; some of them late */
export type OpenMask = (pass: (bytes: Uint8Array) => void) => Mask

interface Mask {
  push(bytes: Buffer): void
  /** Passes on what waits. */
  flush(): void
}

/**
 * A recording of one console. Bytes may come in pieces of any size. The session never waits for it: a recording may fall
 * behind or end, and the session goes on. Nothing here throws.
 */
export class Recording {
  readonly id: string
  readonly startedAt: number
  /** Settles when the file is closed, for whatever reason. */
  readonly ended: Promise<RecordingEnd>
  readonly #options: RecordingOptions
  readonly #writer: LineWriter
  readonly #mask: Mask | null
  readonly #resolveEnded: (end: RecordingEnd) => void
  #decoders: { o: TextDecoder; i: TextDecoder }
  /** The part after this one, once it is full */
  #next: Recording | null = null
  #event: { code: 'o' | 'i'; at: number; text: string } | null = null
  #unreportedLoss = 0
  #lostBytes = 0
  #end: { state: EndState; reason: string; at: number } | null = null
  #cancelFlush: (() => void) | null = null

  constructor(options: RecordingOptions) {
    this.#options = options
    this.id = options.id
    this.#mask = options.before
      ? options.before.#mask
      : (options.mask?.((bytes) => this.#accept('o', bytes)) ?? null)
    this.startedAt = options.clock.now()
    this.#decoders = options.before ? options.before.#decoders : { o: newDecoder(), i: newDecoder() }
    let resolve: (end: RecordingEnd) => void = () => {}
    this.ended = new Promise((settle) => {
      resolve = settle
    })
    this.#resolveEnded = resolve
    this.#writer = new LineWriter(options.open(), {
      onWritten: () => {
        if (!this.#end && this.#waiting() < MAX_WAITING_BYTES / 2) this.#reportLoss()
      },
      onFailed: (error) => this.#failed(error),
      onClosed: () => this.#closed(),
    })
    this.#enqueue(encodeHeader({ title: options.title, startedAt: this.startedAt }))
    this.#mark('recording started')
    this.#writer.flush()
  }

  /** Seconds since the start, or until the end. */
  get duration(): number {
    return ((this.#end?.at ?? this.#options.clock.now()) - this.startedAt) / 1000
  }

  /** The file's size, with what is about to be written. */
  get bytes(): number {
    return this.#writer.writtenBytes + this.#writer.waitingBytes
  }

  get lostBytes(): number {
    return this.#lostBytes
  }

  /** Serial bytes from the machine. */
  output(bytes: Uint8Array): void {
    if (this.#mask) this.#mask.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    else this.#accept('o', bytes)
  }

  /** Bytes typed to the machine. They are kept only with `recordInput`. */
  input(bytes: Uint8Array): void {
    if (this.#options.recordInput) this.#accept('i', bytes)
  }

  /** Something that a player shows on its time line, e.g. a gap or a reconnect. */
  marker(text: string): void {
    this.#mask?.flush()
    this.#mark(text)
  }

  /** Ends the recording; resolves when the file is closed. */
  async stop(reason: string): Promise<void> {
    this.#mask?.flush()
    this.#finish('complete', reason)
    await this.ended
  }

  #mark(text: string): void {
    // An event that waits may fill the file.
    this.#closeEvent()
    if (this.#end) {
      if (this.#next) this.#next.#mark(text)
      return
    }
    this.#put([this.duration, 'm', text.slice(0, MAX_LABEL)])
  }

  #accept(code: 'o' | 'i', bytes: Uint8Array): void {
    if (this.#end) {
      if (this.#next) this.#next.#accept(code, bytes)
      return
    }
    const room = this.#unreportedLoss > 0 ? MAX_WAITING_BYTES / 2 : MAX_WAITING_BYTES
    if (this.#waiting() + bytes.length > room) {
      this.#unreportedLoss += bytes.length
      this.#lostBytes += bytes.length
      this.#decoders[code] = newDecoder()
      return
    }
    this.#reportLoss()
    for (let start = 0; start < bytes.length; start += MAX_EVENT_BYTES) {
      this.#append(
        code,
        this.#decoders[code].decode(bytes.subarray(start, start + MAX_EVENT_BYTES), { stream: true }),
      )
    }
  }

  #append(code: 'o' | 'i', text: string): void {
    if (text === '') return
    const now = this.#options.clock.now()
    const { length } = this.#event?.text ?? ''
    const fits =
      this.#event?.code === code &&
      now - this.#event.at < COALESCE_MS &&
      length + text.length <= MAX_EVENT_BYTES
    if (!fits) this.#closeEvent()
    if (this.#end) {
      if (this.#next) this.#next.#append(code, text)
      return
    }
    this.#event ??= { code, at: now, text: '' }
    this.#event.text += text
    this.#flushSoon()
  }

  #closeEvent(): void {
    const event = this.#event
    if (!event) return
    this.#event = null
    this.#put([(event.at - this.startedAt) / 1000, event.code, event.text])
  }

  /** Queues an event, or ends the recording where the event would exceed the limit. */
  #put(event: CastEvent): void {
    const line = encodeEvent(event)
    if (this.bytes + Buffer.byteLength(line) > this.#options.maxBytes - RESERVE_BYTES) {
      const limit = Math.round(this.#options.maxBytes / 1024 / 1024)
      this.#finish('size-limit', `The recording reached its limit of ${limit} MiB.`)
      this.#next = this.#options.onFull?.() ?? null
      if (this.#next) this.#next.#take(event)
      return
    }
    this.#enqueue(line)
  }

  /** What did not fit into the part before. */
  #take([, code, text]: CastEvent): void {
    if (code === 'o' || code === 'i') this.#append(code, text)
    else this.#mark(text)
  }

  #enqueue(line: string): void {
    this.#writer.add(line)
    this.#flushSoon()
  }

  #waiting(): number {
    return this.#writer.waitingBytes + (this.#event?.text.length ?? 0)
  }

  #reportLoss(): void {
    if (this.#unreportedLoss === 0) return
    const lost = this.#unreportedLoss
    this.#unreportedLoss = 0
    this.#mark(`${lost} bytes were not recorded: they came faster than the disk could take them`)
  }

  #flushSoon(): void {
    this.#cancelFlush ??= this.#options.clock.after(FLUSH_MS, () => {
      this.#cancelFlush = null
      this.#closeEvent()
      this.#writer.flush()
    })
  }

  #failed(error: unknown): void {
    this.#event = null
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
    this.#end = {
      state: 'write-failed',
      reason: `The recording could not be written (${code}).`,
      at: this.#end?.at ?? this.#options.clock.now(),
    }
    this.#cancelFlush?.()
  }

  #finish(state: EndState, reason: string): void {
    if (this.#end) return
    const at = this.#options.clock.now()
    if (state === 'complete') {
      // A character that was cut off becomes U+FFFD.
      for (const code of ['o', 'i'] as const) this.#append(code, this.#decoders[code].decode())
      this.#closeEvent()
      this.#reportLoss()
      // These may have reached the size limit, which then is the reason.
      if (this.#end) return
    }
    this.#event = null
    this.#end = { state, reason, at }
    this.#enqueue(encodeEvent([(at - this.startedAt) / 1000, 'm', reason.slice(0, MAX_LABEL)]))
    this.#cancelFlush?.()
    this.#writer.end()
  }

  #closed(): void {
    const end = this.#end
    if (!end) return
    this.#resolveEnded({
      state: end.state,
      reason: end.reason,
      duration: this.duration,
      bytes: this.#writer.writtenBytes,
      lostBytes: this.#lostBytes,
    })
  }
}

/** Keeps a byte order mark: the machine sent it like any other byte. */
function newDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { ignoreBOM: true })
}
