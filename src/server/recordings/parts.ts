import type { Clock } from '../../shared/clock.ts'
import type { EndReason } from '../../shared/recording.ts'
import type { TerminalSize } from '../../shared/terminal-size.ts'
import { inWords } from './end-reason.ts'
import type { RecordedLog, Recording, RecordingEnd } from './recording.ts'

/** How long a recording waits after the disk failed, before it tries a next part. */
const RETRY_MS = 30_000

/** A part began or ended, and nobody had asked for that. */
export type PartEvent = { kind: 'began'; id: string } | { kind: 'ended'; id: string; end: RecordingEnd }

/** How the last part ended. */
interface LastEnd extends RecordingEnd {
  id: string
}

/** Why nothing is recorded now. */
interface Failure {
  why: EndReason
  since: number
  /** How much the log has lost since */
  lostBytes: number
  /** The place from which on the log has all of it; null: it takes nothing. */
  from: number | null
}

interface PartsOptions {
  clock: Clock
  log: RecordedLog
  /** Begins a part. @param number from 1 @param from the place of its first byte */
  begin(number: number, from: number): Recording
  /** The log has to keep what comes from this place on. */
  holds(from: number): void
  told(event: PartEvent): void
}

/**
 * A recording in as many parts as it takes: one that is full goes on in the next, and nothing between is lost. Where the
 * disk does not take the line's log, the next part begins when it does, and says how much is missing.
 */
export class RecordingParts {
  /** The first part's */
  readonly id: string
  /** Settles when it was stopped and the last part is written. null: the disk did not take that part, which was told. */
  readonly ended: Promise<LastEnd | null>
  readonly #options: PartsOptions
  readonly #settle: (end: LastEnd | null) => void
  #number = 0
  /** null: the disk does not take it. */
  #current: Recording | null = null
  #failure: Failure | null = null
  #cancelRetry = () => {}
  #stopped = false
  #size: TerminalSize | null = null

  constructor(options: PartsOptions) {
    this.#options = options
    let settle: (end: LastEnd | null) => void = () => {}
    this.ended = new Promise((resolve) => {
      settle = resolve
    })
    this.#settle = settle
    const { log } = options
    const first = this.#begin(log.end)
    this.id = first.id
    if (!log.kept) first.finish('write-failed', { kind: 'no-log' }, log.end)
  }

  /** Whether the disk takes it. */
  get isOn(): boolean {
    return this.#current !== null
  }

  /** The log took these bytes, or lost them. */
  output(bytes: Uint8Array): void {
    const { log } = this.#options
    const at = log.end - bytes.length
    const losing = log.kept?.losing
    const loss = log.kept ? losing?.code : 'not kept'
    if (loss) return this.#lose(bytes.length, at, loss)
    if (!this.#current) this.#regain(at)
    let place = at
    for (let current = this.#current; current; current = this.#current) {
      const next = current.fullAt(bytes.subarray(place - at), place)
      if (next === null || next > place) current.output(place)
      if (next === null) return
      this.#next(current, next)
      if (next === log.end) return
      place = next
    }
  }

  input(bytes: Uint8Array): void {
    this.#current?.input(bytes)
    this.#roomForNotes()
  }

  marker(text: string): void {
    this.#current?.marker(text)
    this.#roomForNotes()
  }

  resized(size: TerminalSize): void {
    this.#size = size
    this.#current?.resized(size)
  }

  /** Tries the disk at once, where it did not take the last part. */
  retryNow(): void {
    const failure = this.#failure
    if (!failure || this.#stopped) return
    this.#cancelRetry()
    if (failure.from === null && this.#options.log.kept?.losing?.code) return this.#retryLater()
    if (!this.#options.log.kept) return this.#retryLater()
    this.#failure = null
    const recording = this.#begin(failure.from ?? this.#options.log.end)
    if (failure.lostBytes > 0) {
      const seconds = Math.round((this.#options.clock.now() - failure.since) / 1000)
      recording.marker(
        `${failure.lostBytes} bytes of ${seconds} s were not recorded: ${inWords(failure.why)}`,
      )
    }
    this.#options.told({ kind: 'began', id: recording.id })
  }

  async stop(why: EndReason): Promise<void> {
    this.#stopped = true
    this.#cancelRetry()
    if (this.#current) this.#current.finish('complete', why, this.#options.log.end)
    else if (this.#failure) this.#settle(null)
    await this.ended
  }

  #begin(from: number): Recording {
    this.#number += 1
    this.#options.holds(from)
    const recording = this.#options.begin(this.#number, from)
    this.#current = recording
    if (this.#size) recording.resized(this.#size)
    void recording.ended.then((end) => this.#over(recording, end))
    return recording
  }

  /** What is typed fills a recording, too. */
  #roomForNotes(): void {
    const { end } = this.#options.log
    const current = this.#current
    if (current && current.fullAt(new Uint8Array(), end) !== null) this.#next(current, end)
  }

  #next(full: Recording, from: number): void {
    full.finish('size-limit', full.limit, from)
    const next = this.#begin(from)
    this.#options.told({ kind: 'began', id: next.id })
  }

  #lose(bytes: number, at: number, code: string): void {
    const why: EndReason = { kind: 'not-written', code }
    const current = this.#current
    if (current) {
      this.#current = null
      this.#failure = { why, since: this.#options.clock.now(), lostBytes: 0, from: null }
      current.finish('write-failed', why, at, bytes)
    }
    if (!this.#failure) return
    this.#failure.lostBytes += bytes
    this.#failure.from = null
  }

  /** The log takes what comes. */
  #regain(at: number): void {
    if (!this.#failure || this.#failure.from !== null) return
    this.#failure.from = at
    this.retryNow()
  }

  #retryLater(): void {
    this.#cancelRetry = this.#options.clock.after(RETRY_MS, () => this.retryNow())
  }

  #over(recording: Recording, ended: RecordingEnd): void {
    const end = { ...ended, id: recording.id }
    const isLast = recording === this.#current
    if (isLast) this.#current = null
    if (isLast && this.#stopped) return this.#settle(end)
    if (isLast) {
      // It could not be written down. The log has what it would have held.
      const from = this.#options.log.kept ? recording.from : null
      this.#failure = { why: end.why, since: this.#options.clock.now(), lostBytes: 0, from }
    }
    if (this.#failure && !this.#current) this.#retryLater()
    this.#options.told({ kind: 'ended', id: recording.id, end })
  }
}
