/** Where the lines go: a file, or what a test puts in its place. */
export interface RecordingSink {
  write(data: Buffer): Promise<void>
  /** Cuts off what a failed write left behind. */
  truncate(bytes: number): Promise<void>
  close(): Promise<void>
}

/** When this much waits, it is written at once. */
const FLUSH_BYTES = 256 * 1024

interface LineWriterHandlers {
  /** A write is done, so there is room again. */
  onWritten(): void
  /** A write failed, or the file could not be opened. The file then ends with its last whole write. */
  onFailed(error: unknown): void
  /** The file is closed. Nothing follows. */
  onClosed(): void
}

/** Writes whole lines to a file, in order, one write at a time. It never throws and nobody waits for it. */
export class LineWriter {
  readonly #sink: Promise<RecordingSink>
  readonly #handlers: LineWriterHandlers
  #lines: string[] = []
  #linesBytes = 0
  #writing = false
  #writingBytes = 0
  #writtenBytes = 0
  /** A flush was asked for while a write ran. It follows right after. */
  #flushDue = false
  #ending = false

  constructor(sink: Promise<RecordingSink>, handlers: LineWriterHandlers) {
    this.#sink = sink
    this.#handlers = handlers
    // The first write reports the error.
    sink.catch(() => {})
  }

  /** How much is in the file. */
  get writtenBytes(): number {
    return this.#writtenBytes
  }

  /** How much waits for the file, with what is being written. */
  get waitingBytes(): number {
    return this.#writingBytes + this.#linesBytes
  }

  add(line: string): void {
    this.#lines.push(line)
    this.#linesBytes += Buffer.byteLength(line)
    if (this.#linesBytes >= FLUSH_BYTES) this.flush()
  }

  /** Writes what waits; during a write, right after it. */
  flush(): void {
    if (this.#writing) {
      this.#flushDue = true
      return
    }
    this.#flushDue = false
    if (this.#linesBytes === 0) return
    const data = Buffer.from(this.#lines.join(''))
    this.#lines = []
    this.#linesBytes = 0
    this.#writingBytes = data.length
    this.#writing = true
    void this.#write(data).then(
      () => this.#wrote(data.length),
      (error: unknown) => this.#failed(error),
    )
  }

  /** Writes what waits, then closes the file. */
  end(): void {
    this.#ending = true
    this.flush()
    if (!this.#writing) void this.#close()
  }

  async #write(data: Buffer): Promise<void> {
    await (await this.#sink).write(data)
  }

  #wrote(bytes: number): void {
    this.#writing = false
    this.#writingBytes = 0
    this.#writtenBytes += bytes
    this.#handlers.onWritten()
    if (this.#flushDue || this.#ending) this.flush()
    if (this.#ending && !this.#writing) void this.#close()
  }

  #failed(error: unknown): void {
    this.#writing = false
    this.#writingBytes = 0
    this.#lines = []
    this.#linesBytes = 0
    this.#handlers.onFailed(error)
    void this.#sink
      .then((sink) => sink.truncate(this.#writtenBytes))
      .catch(() => {})
      .then(() => this.#close())
  }

  async #close(): Promise<void> {
    await this.#sink.then((sink) => sink.close()).catch(() => {})
    this.#handlers.onClosed()
  }
}
