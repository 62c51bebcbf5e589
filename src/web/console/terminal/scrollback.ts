import { History, type Row } from './history.ts'
import {
  type BufferService,
  type Core,
  type Line,
  linksIn,
  type ScreenBuffer,
  sameText,
  textOf,
} from './xterm-buffer.ts'

/** Where the kept rows of a long line may begin, in rows above the screen. Looking further would cost time. */
const FARTHEST = 100

/** Puts copies of rows that are about to go into the scrollback of the normal screen. Rows are counted from its top. */
export class Scrollback {
  readonly #core: Core
  readonly #service: BufferService
  readonly #history = new History()
  /** The copy of the row that left a scroll region last: a wrapped row after it belongs to it. */
  #lastScrolled: Line | undefined

  constructor(core: Core) {
    this.#core = core
    this.#service = core._bufferService
  }

  get normal(): ScreenBuffer {
    return this.#service.buffers.normal
  }

  get onNormalScreen(): boolean {
    return this.#service.buffers.active === this.normal
  }

  get lastRow(): number {
    return this.#service.rows - 1
  }

  erase(from: number, to: number): void {
    this.#keep(from, to, (rows) => this.#history.erase(rows, this.#service.rows))
  }

  pushOut(from: number, to: number): void {
    this.#keep(from, to, (rows) => this.#history.pushOut(rows, this.#service.rows))
  }

  /** @param choose says of each row whether it is kept */
  #keep(from: number, to: number, choose: (rows: readonly Row[]) => boolean[]): void {
    // Most rows that are erased are blank, so they must cost little.
    while (from <= to && this.isEmpty(from)) from++
    while (from <= to && this.isEmpty(to)) to--
    if (from > to) return
    const lines: Line[] = []
    const rows: Row[] = []
    for (let row = from; row <= to; row++) {
      const line = this.line(row)
      if (!line) continue
      const above = lines.at(-1)
      const text = above && sameText(above, line) ? rows.at(-1)?.text : undefined
      rows.push({ text: text ?? textOf(line), wrapped: line.isWrapped })
      lines.push(line)
    }
    const kept = choose(rows)
    const copies: Line[] = []
    for (const [index, line] of lines.entries()) {
      if (kept[index] !== true) continue
      const copy = copyOf(line)
      // A row whose beginning is not above it begins a line itself.
      if (kept[index - 1] !== true && !(index === 0 && from === 0)) copy.isWrapped = false
      copies.push(copy)
    }
    this.insert(copies, from === 0)
  }

  /** A log that scrolls in a region is kept line by line, as it is when it scrolls on the whole screen. */
  keepScrolled(row: number): void {
    const line = this.line(row)
    if (!line || this.isEmpty(row)) return
    const copy = copyOf(line)
    const { lines, ybase } = this.normal
    if (copy.isWrapped && lines.get(ybase - 1) !== this.#lastScrolled) copy.isWrapped = false
    this.insert([copy], false)
    this.#lastScrolled = copy
  }

  /**
   * Puts rows into the scrollback. Screen, cursor and saved cursor stay as they are, and so does what a reader sees who
   * has scrolled up.
   * @param joins the first of the rows may go on with the scrollback's last line
   */
  insert(rows: Line[], joins: boolean): void {
    const buffer = this.normal
    const { lines } = buffer
    const room = lines.maxLength - this.#service.rows
    const copies = rows.slice(Math.max(0, rows.length - room))
    if (copies.length === 0) return
    // A line that is half in the scrollback and half on the screen stays in one piece.
    let at = buffer.ybase
    if (!joins) while (at > 0 && buffer.ybase - at < FARTHEST && lines.get(at)?.isWrapped) at--
    const trimmed = Math.max(0, lines.length + copies.length - lines.maxLength)
    if (trimmed > at) at = buffer.ybase
    lines.splice(at, 0, ...copies)
    const added = copies.length - trimmed
    buffer.ybase += added
    buffer.savedY += added
    if (!this.#service.isUserScrolling) buffer.ydisp = buffer.ybase
    else buffer.ydisp = Math.max(0, buffer.ydisp + (buffer.ydisp >= at ? added : -trimmed))
    if (!this.onNormalScreen) return
    for (const [index, copy] of copies.entries()) {
      for (const link of linksIn(copy)) this.#core._oscLinkService.addLineToLink(link, at - trimmed + index)
    }
    this.#service._onScroll.fire(buffer.ydisp)
  }

  line(row: number): Line | undefined {
    return this.normal.lines.get(this.normal.ybase + row)
  }

  isEmpty(row: number): boolean {
    return this.line(row)?.getTrimmedLength() === 0
  }

  isBlank(row: number, columns: readonly (readonly [number, number])[]): boolean {
    const line = this.line(row)
    if (!line) return true
    return columns.every(([from, to]) => from >= to || line.translateToString(true, from, to).trim() === '')
  }
}

/** A copy that knows where its line begins, as the row did */
function copyOf(line: Line): Line {
  const copy = line.clone()
  if (!line.isWrapped && line.begins !== undefined) copy.begins = line.begins
  return copy
}
