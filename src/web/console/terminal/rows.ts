import type { Terminal } from '@xterm/xterm'
import { type Core, coreOf, type Line, type Lines, type ScreenBuffer, textOf } from './xterm-buffer.ts'

type Listener = () => void
type Hookable = Pick<Terminal, 'onWriteParsed' | 'onResize' | 'onScroll' | 'scrollToLine'>

/** The rows of one screen, and how many of them are gone. */
interface Numbering {
  gone: number
}

/**
 * The rows of the screen that is shown, and of its scrollback. Each has a number, which it keeps while rows above it are
 * dropped because the scrollback is full.
 */
export class TerminalRows {
  readonly #term: Hookable
  readonly #core: Core
  readonly #numberings = new WeakMap<Lines, Numbering>()
  readonly #changed = new Set<Listener>()
  readonly #moved = new Set<(from: number) => void>()

  constructor(terminal: Hookable) {
    this.#term = terminal
    this.#core = coreOf(terminal)
    const { normal, alt } = this.#core._bufferService.buffers
    for (const { lines } of [normal, alt]) this.#number(lines)
    const tell = () => {
      for (const listener of this.#changed) listener()
    }
    terminal.onWriteParsed(tell)
    // Comes for each line of a flood. While the last line stays in view, the writes tell enough.
    let wasAtBottom = true
    terminal.onScroll(() => {
      const { atBottom } = this
      if (!atBottom || !wasAtBottom) tell()
      wasAtBottom = atBottom
    })
    terminal.onResize(() => {
      this.#tellMoved(0)
      tell()
    })
  }

  get #buffer(): ScreenBuffer {
    return this.#core._bufferService.buffers.active
  }

  /** Which rows these are: another screen has others. */
  get screen(): object {
    return this.#buffer.lines
  }

  get cols(): number {
    return this.#core._bufferService.cols
  }

  /** How many rows are shown. */
  get height(): number {
    return this.#core._bufferService.rows
  }

  /** The number of the oldest row. */
  get first(): number {
    return this.#number(this.#buffer.lines).gone
  }

  /** The number after that of the last row. */
  get end(): number {
    return this.first + this.#buffer.lines.length
  }

  /** Where the screen begins. Rows above it change no more. */
  get screenTop(): number {
    return this.first + this.#buffer.ybase
  }

  /** The first row that is shown. */
  get viewTop(): number {
    return this.first + this.#buffer.ydisp
  }

  /** The cursor's row. */
  get cursor(): number {
    return this.screenTop + this.#buffer.y
  }

  get atBottom(): boolean {
    return this.#buffer.ydisp >= this.#buffer.ybase
  }

  /** The row goes on with the line above it, which was too long for one row. */
  isWrapped(row: number): boolean {
    return this.#line(row)?.isWrapped ?? false
  }

  /** @param trimmed without the blanks at its end */
  text(row: number, trimmed: boolean): string {
    const line = this.#line(row)
    return line ? textOf(line, trimmed) : ''
  }

  /** @returns the column of the character at this place of the row's text */
  columnOf(row: number, at: number): number {
    const line = this.#line(row)
    if (!line) return 0
    let left = at
    for (let column = 0; column < line.length; column++) {
      const width = line.getWidth(column)
      // The second half of a wide character
      if (width === 0) continue
      if (left <= 0) return column
      left -= line.getString(column).length || 1
    }
    return line.length
  }

  /** Scrolls so that the row is shown, in the middle if it was not. */
  reveal(row: number): void {
    if (row >= this.viewTop && row < this.viewTop + this.height) return
    this.#term.scrollToLine(Math.max(0, row - this.first - Math.floor(this.height / 2)))
  }

  /** Calls when rows were written or scrolled. @returns stops it */
  onChange(listener: Listener): () => void {
    this.#changed.add(listener)
    return () => this.#changed.delete(listener)
  }

  /** Calls when rows from this one on may have other numbers now. @returns stops it */
  onMoved(listener: (from: number) => void): () => void {
    this.#moved.add(listener)
    return () => this.#moved.delete(listener)
  }

  #line(row: number): Line | undefined {
    return row < this.first ? undefined : this.#buffer.lines.get(row - this.first)
  }

  #number(lines: Lines): Numbering {
    const known = this.#numberings.get(lines)
    if (known) return known
    const numbering: Numbering = { gone: 0 }
    this.#numberings.set(lines, numbering)
    lines.onTrim((count) => {
      numbering.gone += count
    })
    const moved = ({ index }: { index: number }) => this.#tellMoved(numbering.gone + index)
    lines.onInsert(moved)
    lines.onDelete(moved)
    return numbering
  }

  #tellMoved(from: number): void {
    for (const listener of this.#moved) listener(from)
  }
}
