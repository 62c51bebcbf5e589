import type { EndReason, RecordingState } from '../../shared/recording.ts'
import type { RelayMessage } from '../../shared/relay-protocol.ts'
import type { TerminalSize } from '../../shared/terminal-size.ts'

/** How a recording ended, and why. */
export interface RecordingOutcome {
  state: Exclude<RecordingState, 'recording' | 'interrupted'>
  why: EndReason
}

/** A part of a recording began or ended by itself: it was full, or the disk did not take it, or takes it again. */
export type RecordingEvent =
  | { kind: 'began'; id: string }
  | { kind: 'ended'; id: string; end: RecordingOutcome }

/** A recording, as the session uses it. */
export interface RecordingPort {
  readonly id: string
  /** Whether the disk takes it */
  readonly isOn: boolean
  output(bytes: Uint8Array): void
  input(bytes: Uint8Array): void
  marker(text: string): void
  /** The terminals on the line have this size. */
  resized(size: TerminalSize): void
  /** Tries at once whether the disk takes it again. */
  retryNow(): void
  stop(why: EndReason): Promise<void>
  /** Settles when it was stopped. The id is that of its last part. null: how that ended was told as an event. */
  readonly ended: Promise<(RecordingOutcome & { id: string }) | null>
}

export interface SessionRecordingOptions {
  /** `always` records from the first byte to the end, `on-demand` when a viewer asks. */
  mode: 'always' | 'on-demand'
  /** @param by the client that asked; null: the mode `always` did */
  start: (by: string | null, told: (event: RecordingEvent) => void) => RecordingPort
  /** No viewer has asked for this: its size, the disk, or the end of the session. */
  onByItself: (event: RecordingEvent) => void
  onChanged: () => void
  /** Whether a viewer may start another one already */
  mayStart: () => boolean
}

/** Records a session, where that is allowed, and knows what its viewers are told of it. */
export class SessionRecording {
  readonly #options: SessionRecordingOptions | null
  #current: RecordingPort | null = null
  #size: TerminalSize | null = null
  /** What viewers have stopped. */
  #stopped: WeakSet<RecordingPort> | null = null

  /** @param options null: the session cannot be recorded */
  constructor(options: SessionRecordingOptions | null) {
    this.#options = options
  }

  /** The message for the viewers; null where recording is off. */
  get message(): Extract<RelayMessage, { type: 'recording' }> | null {
    if (!this.#options) return null
    return {
      type: 'recording',
      on: this.#current?.isOn ?? false,
      mayChange: this.#options.mode === 'on-demand',
    }
  }

  /** Called when the session's line opens. */
  begin(): void {
    if (this.#options?.mode === 'always') this.#start(this.#options, null)
  }

  /**
   * A viewer asks to start or stop. In the mode `always` that changes nothing, nor does a start that comes too soon.
   * @returns the id of the recording that was started or stopped; null: nothing changed
   */
  set(on: boolean, { client, name }: { client: string; name: string }): string | null {
    const options = this.#options
    const before = this.#current
    if (on) before?.retryNow()
    if (options?.mode !== 'on-demand' || on === (before !== null)) return null
    if (!before) return options.mayStart() ? this.#start(options, client) : null
    this.#stopped ??= new WeakSet()
    this.#stopped.add(before)
    this.stop({ kind: 'stopped', by: name })
    return before.id
  }

  stop(why: EndReason): void {
    const current = this.#current
    if (!current) return
    this.#current = null
    void current.stop(why)
    this.#options?.onChanged()
  }

  output(bytes: Uint8Array): void {
    this.#current?.output(bytes)
  }

  input(bytes: Uint8Array): void {
    this.#current?.input(bytes)
  }

  marker(text: string): void {
    this.#current?.marker(text)
  }

  resized(size: TerminalSize): void {
    this.#size = size
    this.#current?.resized(size)
  }

  #start(options: SessionRecordingOptions, by: string | null): string {
    const recording = options.start(by, (event) => {
      options.onByItself(event)
      if (this.#current === recording) options.onChanged()
    })
    this.#current = recording
    if (this.#size) recording.resized(this.#size)
    void recording.ended.then((last) => {
      if (!last) return
      const { id, ...end } = last
      if (end.state !== 'complete' || !this.#stopped?.has(recording)) {
        options.onByItself({ kind: 'ended', id, end })
      }
    })
    options.onChanged()
    return recording.id
  }
}
