import type { Clock } from '../../../shared/clock.ts'
import type { ScreenSize } from '../../../shared/guard/counts.ts'
import { Guard, SILENCE_MS } from '../../../shared/guard/guard.ts'
import type { WhySeam } from '../../../shared/relay-protocol.ts'
import { type LineEncoding, utf8 } from '../encoding/encodings.ts'
import { Utf8Doubt } from '../encoding/utf8-doubt.ts'
import type { TextSource } from '../terminal/row-map.ts'
import type { LineTimes } from '../times/line-times.ts'
import type { OutputPoint } from '../transport/transport.ts'

/** A break in the machine's output: nobody listened for a while (null: nobody knows how long), or bytes were lost. */
export type Seam = { kind: WhySeam | 'page-away'; ms: number | null } | { kind: 'lost'; bytes: number }

/** The part of a terminal that output needs. */
export interface OutputPort {
  /**
   * @param taken called when there is room for more
   * @param source the bytes that came with it; none: nothing new came
   */
  write(text: string, muted: boolean, taken: () => void, source?: TextSource): void
  cleanModes(): void
  /** A dim line of our own between the machine's. */
  writeSeam(text: string): void
  readonly size: ScreenSize
  /** How the line's bytes are characters; without it, UTF-8 */
  readonly encoding?: LineEncoding
  /** The line's eighth bit is parity, or noise. */
  readonly sevenBit?: boolean
}

export interface OutputOptions {
  terminal: OutputPort
  seamText: (seam: Seam) => string
  clock: Clock
  times: LineTimes
  /** Called once, when the guard leaves something out for the first time. */
  onUnreadable: () => void
  /** Called once, when the line does not look like UTF-8 and is read so. */
  onDoubt: () => void
}

/** A line's bytes on their way to the terminal: decodes and guards them, and knows at which byte to resume. */
export class LineOutput {
  readonly #terminal: OutputPort
  readonly #options: OutputOptions
  readonly #guard: Guard
  readonly #doubt = new Utf8Doubt()
  #encoding = utf8
  #decoder = utf8.decoder()
  #point: OutputPoint | null = null
  #cancelFlush = () => {}
  #toldUnreadable = false

  constructor(options: OutputOptions) {
    this.#options = options
    this.#terminal = options.terminal
    this.#guard = new Guard(() => options.terminal.size)
  }

  /** The first byte that we do not have. Null while no relay counts them. */
  get resumePoint(): OutputPoint | null {
    return this.#point
  }

  /** What comes next is of an earlier session, and was kept. */
  get isEarlier(): boolean {
    return this.#point !== null && this.#point.offset < this.#point.began
  }

  /** @param heardAt when they were heard before; without it, they come now */
  write(bytes: Uint8Array, muted: boolean, taken: () => void, heardAt?: number): void {
    if (this.#point) this.#point.offset += bytes.length
    const { times } = this.#options
    const at = times.position
    times.took(bytes.length, heardAt)
    this.#cancelFlush()
    // Not write(Uint8Array): xterm 6.0.0 loses a character split after a 0x80 byte (xtermjs/xterm.js#6003).
    const read = this.#terminal.sevenBit ? bytes.map((byte) => byte & 0x7f) : bytes
    const text = this.#guard.push(this.#decoded(read))
    if (text === '') taken()
    else this.#terminal.write(text, muted, taken, { bytes, at })
    this.#tellUnreadable()
    if (this.#guard.holding) {
      this.#cancelFlush = this.#options.clock.after(SILENCE_MS, () => this.#show(this.#guard.flush()))
    }
  }

  /** The next byte begins a stream of its own: the one before may have been cut inside a character or a sequence. */
  restart(): void {
    this.#cancelFlush()
    this.#decoder = this.#encoding.decoder()
    this.#show(this.#guard.end())
  }

  /**
   * @param lostBytes null where the relay's stream is not the one that we had
   * @param inLog the line's log has what the session says, by the same offsets
   */
  joined(point: OutputPoint, lostBytes: number | null, inLog: boolean): void {
    this.#point = point
    this.#options.times.joined(point.offset, lostBytes !== null, inLog)
    if (lostBytes === null) this.restart()
    else if (lostBytes > 0) this.#skipped(lostBytes)
  }

  /** Bytes of the stream never came. */
  gap(bytes: number): void {
    if (this.#point) this.#point.offset += bytes
    this.#options.times.skipped(bytes)
    this.#skipped(bytes)
  }

  /** The relay's own line was away, and is back. */
  resumed(why: WhySeam | 'page-away', awayMs: number | null): void {
    this.restart()
    this.#terminal.cleanModes()
    this.seam({ kind: why, ms: awayMs })
  }

  /** What the guard holds stays there: a relay's line may go on inside a sequence. The terminal is never inside one. */
  cleanModes(): void {
    this.#terminal.cleanModes()
  }

  seam(seam: Seam): void {
    this.#terminal.writeSeam(this.#options.seamText(seam))
  }

  dispose(): void {
    this.#cancelFlush()
  }

  #decoded(bytes: Uint8Array): string {
    const encoding = this.#terminal.encoding ?? utf8
    let text = ''
    if (encoding !== this.#encoding) {
      text = this.#decoder.end()
      this.#encoding = encoding
      this.#decoder = encoding.decoder()
    }
    text += this.#decoder.decode(bytes)
    if (encoding === utf8 && this.#doubt.arises(text)) this.#options.onDoubt()
    return text
  }

  /** @param text what the guard gave up; a terminal has nothing to answer in it */
  #show(text: string): void {
    if (text !== '') this.#terminal.write(text, false, () => {})
    this.#tellUnreadable()
  }

  #tellUnreadable(): void {
    if (this.#toldUnreadable || this.#guard.skipped === 0) return
    this.#toldUnreadable = true
    this.#options.onUnreadable()
  }

  /** What follows may begin inside a character or a sequence. */
  #skipped(bytes: number): void {
    this.restart()
    this.#terminal.cleanModes()
    this.seam({ kind: 'lost', bytes })
  }
}
