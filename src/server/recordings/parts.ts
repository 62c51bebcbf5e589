import type { Clock } from '../../shared/clock.ts'
import type { Recording, RecordingEnd } from './recording.ts'

/** How long a recording waits after the disk failed, before it tries a next part. */
const RETRY_MS = 30_000

/** A part began or ended, and nobody had asked for that. */
export type PartEvent = { kind: 'began'; id: string } | { kind: 'ended'; id: string; end: RecordingEnd }

/** How the last part ended. */
interface LastEnd extends RecordingEnd {
  id: string
}

interface PartsOptions {
  clock: Clock
  /**
   * Begins a part.
   * @param number from 1
   * @param before the part that is full; null: there is none, or the disk did not take it
   * @param onFull begins the next one
   */
  begin(number: number, before: Recording | null, onFull: () => Recording): Recording
  told(event: PartEvent): void
}

/**
 * A recording in as many parts as it takes: one that is full goes on in the next, and nothing between is lost. Where the
 * disk does not take a part, the next begins when it does, and says how much is missing.
 */
export class RecordingParts {
  /** The first part's */
  readonly id: string
  /** Settles when it was stopped and the last part is closed. null: the disk did not take that part, which was told. */
  readonly ended: Promise<LastEnd | null>
  readonly #options: PartsOptions
  readonly #settle: (end: LastEnd | null) => void
  #number = 0
  /** null: the disk does not take it. */
  #current: Recording | null = null
  #failure: { end: RecordingEnd; since: number; lostBytes: number } | null = null
  #cancelRetry = () => {}
  #stopReason: string | null = null

  constructor(options: PartsOptions) {
    this.#options = options
    let settle: (end: LastEnd | null) => void = () => {}
    this.ended = new Promise((resolve) => {
      settle = resolve
    })
    this.#settle = settle
    this.id = this.#begin(null).id
  }

  /** Whether the disk takes it. */
  get isOn(): boolean {
    return this.#current !== null
  }

  output(bytes: Uint8Array): void {
    if (this.#current) this.#current.output(bytes)
    else if (this.#failure) this.#failure.lostBytes += bytes.length
  }

  input(bytes: Uint8Array): void {
    this.#current?.input(bytes)
  }

  marker(text: string): void {
    this.#current?.marker(text)
  }

  /** Tries the disk at once, where it did not take the last part. */
  retryNow(): void {
    const failure = this.#failure
    if (!failure || this.#stopReason !== null) return
    this.#cancelRetry()
    this.#failure = null
    const recording = this.#begin(null)
    const seconds = Math.round((this.#options.clock.now() - failure.since) / 1000)
    recording.marker(`${failure.lostBytes} bytes of ${seconds} s were not recorded: ${failure.end.reason}`)
    this.#options.told({ kind: 'began', id: recording.id })
  }

  async stop(reason: string): Promise<void> {
    this.#stopReason = reason
    this.#cancelRetry()
    if (this.#current) void this.#current.stop(reason)
    else if (this.#failure) this.#settle(null)
    await this.ended
  }

  #begin(before: Recording | null): Recording {
    this.#number += 1
    const recording = this.#options.begin(this.#number, before, () => this.#fill())
    this.#current = recording
    void recording.ended.then((end) => this.#over(recording, end))
    return recording
  }

  #fill(): Recording {
    const next = this.#begin(this.#current)
    this.#options.told({ kind: 'began', id: next.id })
    const reason = this.#stopReason
    // The last bytes filled the part before. They come right after this.
    if (reason !== null) queueMicrotask(() => void next.stop(reason))
    return next
  }

  #over(recording: Recording, ended: RecordingEnd): void {
    const end = { ...ended, id: recording.id }
    const isLast = recording === this.#current
    if (isLast) this.#current = null
    if (isLast && this.#stopReason !== null) return this.#settle(end)
    if (isLast) {
      this.#failure = { end, since: this.#options.clock.now(), lostBytes: 0 }
      this.#cancelRetry = this.#options.clock.after(RETRY_MS, () => this.retryNow())
    }
    this.#options.told({ kind: 'ended', id: recording.id, end })
  }
}
