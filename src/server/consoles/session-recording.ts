import type { RelayMessage } from '../../shared/relay-protocol.ts'

/** What the session needs of a recording under way. */
export interface RecordingPort {
  readonly id: string
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
  /** @param by the client of whoever asked; null: policy did */
  start: (by: string | null) => RecordingPort
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
    if (this.#options?.mode === 'always') this.#start(this.#options, null)
  }

  /**
   * A viewer asks; where policy decides, asking changes nothing.
   * @returns the id of the recording that was started or stopped; null: none was
   */
  set(on: boolean, { client, name }: { client: string; name: string }): string | null {
    const options = this.#options
    const before = this.#current
    if (options?.mode !== 'on-demand' || on === (before !== null)) return null
    if (!before) return this.#start(options, client)
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
    void recording.ended.then(() => {
      if (this.#current !== recording) return
      this.#current = null
      options.onChanged()
    })
    options.onChanged()
    return recording.id
  }
}
