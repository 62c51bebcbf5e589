import type { TerminalSize } from '../../shared/terminal-size.ts'
import { type LineEncoding, utf8 } from '../../web/console/encoding/encodings.ts'
import type { FramePort, SessionOptions } from '../../web/console/session/session-options.ts'

type Terminal = SessionOptions['terminal']

/** A frame without a window. */
export class FakeFrame implements FramePort {
  own: TerminalSize = { columns: 80, rows: 24 }
  followed: TerminalSize | null = null
  #tell = () => {}

  onOwn(listener: () => void): void {
    this.#tell = listener
  }
  follow(size: TerminalSize | null): void {
    this.followed = size
  }

  /** Its window has another size. */
  resizes(own: TerminalSize): void {
    this.own = own
    this.#tell()
  }
}

/** A terminal without a screen: it remembers in order what it was given. */
export class FakeTerminal implements Terminal {
  bracketedPaste = false
  fullScreen = false
  encoding: LineEncoding = utf8
  /** Characters that the page was told it cannot send */
  refusals: string[] = []
  readonly size = { cols: 80, rows: 24 }
  readonly frame = new FakeFrame()
  /** What was written, `muted: ` before history, `clean` for modes that were put back, `seam: ` before our own lines. */
  readonly shown: string[] = []
  #type: (bytes: Uint8Array<ArrayBuffer>) => void = () => {}
  #answer: (text: string) => void = () => {}
  #untaken: (() => void)[] = []

  write(text: string, muted: boolean, taken: () => void): void {
    this.shown.push(muted ? `muted: ${text}` : text)
    this.#untaken.push(taken)
  }
  cleanModes(): void {
    this.shown.push('clean')
  }
  writeSeam(text: string): void {
    this.shown.push(`seam: ${text}`)
  }
  onInput(listener: (bytes: Uint8Array<ArrayBuffer>) => void): void {
    this.#type = listener
  }
  onAnswer(listener: (text: string) => void): void {
    this.#answer = listener
  }

  refused(characters: string): void {
    this.refusals.push(characters)
  }

  /** The machine asked, and the terminal answers by itself. */
  answer(text: string): void {
    this.#answer(text)
  }
  /** A person types. */
  type(text: string): void {
    this.#type(new TextEncoder().encode(text))
  }
  /** All that was written is on the screen. */
  drain(): void {
    for (const taken of this.#untaken.splice(0)) taken()
  }
}
