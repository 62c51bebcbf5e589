import type { RelayMessage } from '../../shared/relay-protocol.ts'

/** What the hub needs of a recording under way. */
export interface RecordingPort {
  output(bytes: Uint8Array): void
  input(bytes: Uint8Array): void
  marker(text: string): void
  stop(reason: string): Promise<void>
  /** Settles when it is over, also by itself: at its size limit, on a full disk. */
  readonly ended: Promise<{ reason: string }>
}

export interface SessionRecordingOptions {
  /** `always`: from the first byte to the end; `on-demand`: when a viewer asks. */
  mode: 'always' | 'on-demand'
  start: () => RecordingPort
  onChanged: () => void
}

/** Whether a session is being recorded, which all its viewers are told. Null options: nothing can be. */
export class SessionRecording {
  readonly #options: SessionRecordingOptions | null
  #current: RecordingPort | null = null

  constructor(options: SessionRecordingOptions | null) {
    this.#options = options
  }

  /** What a viewer is told; null where there is nothing to tell. */
  get message(): Extract<RelayMessage, { type: 'recording' }> | null {
    if (!this.#options) return null
    return { type: 'recording', on: this.#current !== null, mayChange: this.#options.mode === 'on-demand' }
  }

  /** The session's line opens. */
  begin(): void {
    if (this.#options?.mode === 'always') this.#start(this.#options)
  }

  /** A viewer asks; where policy decides, asking changes nothing. */
  set(on: boolean): void {
    const options = this.#options
    if (options?.mode !== 'on-demand' || on === (this.#current !== null)) return
    if (on) this.#start(options)
    else this.stop('A viewer stopped it.')
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

  #start(options: SessionRecordingOptions): void {
    const recording = options.start()
    this.#current = recording
    void recording.ended.then(() => {
      if (this.#current !== recording) return
      this.#current = null
      options.onChanged()
    })
    options.onChanged()
  }
}
