import type { ResumePoint } from '../transport/transport.ts'

/** A break in the machine's output: we were away for a while, or bytes were lost. */
export type Seam = { kind: 'away'; ms: number } | { kind: 'lost'; bytes: number }

/** The part of a terminal that output needs. */
export interface OutputPort {
  /** @param taken called when there is room for more */
  write(text: string, muted: boolean, taken: () => void): void
  cleanModes(): void
  /** A dim line of our own between the machine's. */
  writeSeam(text: string): void
}

/** A line's bytes on their way to the terminal: decodes them, and knows at which byte to resume. */
export class LineOutput {
  readonly #terminal: OutputPort
  readonly #seamText: (seam: Seam) => string
  #decoder = new TextDecoder()
  #point: ResumePoint | null = null

  constructor(terminal: OutputPort, seamText: (seam: Seam) => string) {
    this.#terminal = terminal
    this.#seamText = seamText
  }

  /** The first byte that we do not have. Null while no relay counts them. */
  get resumePoint(): ResumePoint | null {
    return this.#point
  }

  write(bytes: Uint8Array, muted: boolean, taken: () => void): void {
    if (this.#point) this.#point.offset += bytes.length
    // Not write(Uint8Array): xterm 6.0.0 loses a character split after a 0x80 byte (xtermjs/xterm.js#6003).
    this.#terminal.write(this.#decoder.decode(bytes, { stream: true }), muted, taken)
  }

  /** The next byte begins a stream of its own: the one before may have been cut inside a character. */
  restart(): void {
    this.#decoder = new TextDecoder()
  }

  /** @param lostBytes null where the relay's stream is not the one that we had */
  joined(point: ResumePoint, lostBytes: number | null): void {
    this.#point = point
    if (lostBytes === null) this.restart()
    else if (lostBytes > 0) this.#skipped(lostBytes)
  }

  /** Bytes of the stream never came. */
  gap(bytes: number): void {
    if (this.#point) this.#point.offset += bytes
    this.#skipped(bytes)
  }

  /** The relay's own line broke, and is back. */
  resumed(awayMs: number): void {
    this.restart()
    this.#terminal.cleanModes()
    this.seam({ kind: 'away', ms: awayMs })
  }

  cleanModes(): void {
    this.#terminal.cleanModes()
  }

  seam(seam: Seam): void {
    this.#terminal.writeSeam(this.#seamText(seam))
  }

  /** What follows may begin inside a character or a sequence. */
  #skipped(bytes: number): void {
    this.restart()
    this.#terminal.cleanModes()
    this.seam({ kind: 'lost', bytes })
  }
}
