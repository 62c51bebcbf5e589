import type { RecordingState } from '../../shared/recording.ts'
import type { RelayMessage } from '../../shared/relay-protocol.ts'

/** Why a recording is over, in words. */
export interface RecordingOutcome {
  state: Exclude<RecordingState, 'recording' | 'interrupted'>
  reason: string
}

/** A recording, as the session uses it. */
export interface RecordingPort {
  readonly id: string
  output(bytes: Uint8Array): void
  input(bytes: Uint8Array): void
  marker(text: string): void
  stop(reason: string): Promise<void>
  /** Settles when it is over. It may end by itself, at its size limit or on a full disk. */
  readonly ended: Promise<RecordingOutcome>
}

export interface SessionRecordingOptions {
  /** `always` records from the first byte to the end, `on-demand` when a viewer asks. */
  mode: 'always' | 'on-demand'
  /** @param by the client that asked; null: the mode `always` did */
  start: (by: string | null) => RecordingPort
  /** It is over, and no viewer has asked for that: its size, the disk, or the end of the session. */
  onEndedByItself: (id: string, outcome: RecordingOutcome) => void
  onChanged: () => void
  /** Whether a viewer may start another one already */
  mayStart: () => boolean
}

/** Records a session, where that is allowed, and knows what its viewers are told of it. */
export class SessionRecording {
  readonly #options: SessionRecordingOptions | null
  #current: RecordingPort | null = null
  /** What viewers have stopped. */
  readonly #stopped = new WeakSet<RecordingPort>()

  /** @param options null: the session cannot be recorded */
  constructor(options: SessionRecordingOptions | null) {
    this.#options = options
  }

  /** The message for the viewers; null where recording is off. */
  get message(): Extract<RelayMessage, { type: 'recording' }> | null {
    if (!this.#options) return null
    return { type: 'recording', on: this.#current !== null, mayChange: this.#options.mode === 'on-demand' }
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
    if (options?.mode !== 'on-demand' || on === (before !== null)) return null
    if (!before) return options.mayStart() ? this.#start(options, client) : null
    this.#stopped.add(before)
    this.stop(`${name} stopped it.`)
    return before.id
  }

  stop(reason: string): void {
    const current = this.#current
    if (!current) return
    this.#current = null
    void current.stop(reason)
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

  #start(options: SessionRecordingOptions, by: string | null): string {
    const recording = options.start(by)
    this.#current = recording
    void recording.ended.then((outcome) => {
      if (outcome.state !== 'complete' || !this.#stopped.has(recording))
        options.onEndedByItself(recording.id, outcome)
      if (this.#current !== recording) return
      this.#current = null
      options.onChanged()
    })
    options.onChanged()
    return recording.id
  }
}
