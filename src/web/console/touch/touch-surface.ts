import type { Terminal } from '@xterm/xterm'
import type { Point } from './gestures.ts'
import { RowsOf } from './momentum.ts'
import { type CellRange, wordAt } from './word.ts'

/** Programs scroll about three rows for one report of a wheel. */
const ROWS_A_REPORT = 3

/** The rows on the page */
interface Area {
  left: number
  top: number
  right: number
  bottom: number
  cell: number
  row: number
}

/** The terminal as fingers see it: what is under one, what moves with it, and what is selected. */
export class TouchSurface {
  readonly #term: Terminal
  readonly #place: HTMLElement
  readonly #history = new RowsOf()
  readonly #reports = new RowsOf()

  /** @param place the terminal may be larger than it, and is then panned */
  constructor(term: Terminal, place: HTMLElement) {
    this.#term = term
    this.#place = place
  }

  /** The part of the page where it is seen: above a keyboard on the screen it is lower than the terminal. */
  get #window(): HTMLElement {
    return this.#place.parentElement ?? this.#place
  }

  get #screen(): HTMLElement | null {
    return this.#place.querySelector('.xterm-screen')
  }

  get #area(): Area | null {
    const box = this.#screen?.getBoundingClientRect()
    if (!box || box.width === 0) return null
    const { left, top, right, bottom, width, height } = box
    return { left, top, right, bottom, cell: width / this.#term.cols, row: height / this.#term.rows }
  }

  /** A new drag begins: what was left of the one before does not count. */
  begin(): void {
    this.#history.forget()
    this.#reports.forget()
  }

  /**
   * What is under the finger goes with it: first a terminal that is larger than its place, then its history. In a program
   * that has the whole screen, or that listens for the mouse, it does what a wheel does.
   */
  drag(by: Point, at: Point): void {
    const rest = this.#pan(by)
    if (this.#turnsWheel) this.#turn(rest, at)
    else this.scroll(rest)
  }

  /** A finger that has left moves the history only: no program gets keys from nobody's hand. */
  get mayFling(): boolean {
    return !this.#turnsWheel
  }

  /** @returns whether it can go on this way */
  scroll(pixels: number): boolean {
    const { row } = this.#area ?? { row: 0 }
    const rows = this.#history.rows(pixels, row)
    if (rows !== 0) this.#term.scrollLines(-rows)
    const { viewportY, baseY } = this.#term.buffer.active
    return pixels > 0 ? viewportY > 0 : viewportY < baseY
  }

  /** @returns how many vertical pixels are left for what is in the terminal */
  #pan({ x, y }: Point): number {
    this.#place.scrollLeft -= x
    return scrolled(this.#window, scrolled(this.#place, y))
  }

  get #turnsWheel(): boolean {
    const { modes, buffer } = this.#term
    // X10's mode reports buttons only.
    const listens = modes.mouseTrackingMode !== 'none' && modes.mouseTrackingMode !== 'x10'
    return listens || buffer.active.type === 'alternate'
  }

  /** xterm.js makes keys or reports of it, whichever the program has asked for. */
  #turn(pixels: number, { x, y }: Point): void {
    const { row } = this.#area ?? { row: 0 }
    const perStep = this.#term.modes.mouseTrackingMode === 'none' ? row : row * ROWS_A_REPORT
    const steps = this.#reports.rows(pixels, perStep)
    for (let step = 0; step < Math.abs(steps); step++) {
      this.#screen?.dispatchEvent(
        new WheelEvent('wheel', {
          bubbles: true,
          cancelable: true,
          clientX: x,
          clientY: y,
          deltaY: -Math.sign(steps),
          deltaMode: WheelEvent.DOM_DELTA_LINE,
        }),
      )
    }
  }

  /** The cell under the finger, counted from the oldest row on. Null: the terminal is not in the page. */
  cellAt({ x, y }: Point): number | null {
    const area = this.#area
    if (!area) return null
    const { cols, rows } = this.#term
    const column = within(0, Math.floor((x - area.left) / area.cell), cols - 1)
    const row = within(0, Math.floor((y - area.top) / area.row), rows - 1)
    return (this.#term.buffer.active.viewportY + row) * cols + column
  }

  /** Which way the rows have to move, for a finger that is at their edge: -1 up, 1 down. */
  edgeAt({ y }: Point): -1 | 0 | 1 {
    const area = this.#area
    if (!area) return 0
    const box = this.#window.getBoundingClientRect()
    if (y < Math.max(area.top, box.top) + area.row) return -1
    return y > Math.min(area.bottom, box.bottom) - area.row ? 1 : 0
  }

  scrollRow(by: -1 | 0 | 1): void {
    if (by !== 0) this.#term.scrollLines(by)
  }

  wordAt(cell: number): CellRange {
    const { cols } = this.#term
    const { active } = this.#term.buffer
    return wordAt(cell, {
      cols,
      charAt(at) {
        const found = active.getLine(Math.floor(at / cols))?.getCell(at % cols)
        if (!found) return ' '
        return found.getWidth() === 0 ? '' : found.getChars() || ' '
      },
      isWrapped: (row) => active.getLine(row)?.isWrapped ?? false,
    })
  }

  select({ start, end }: CellRange): void {
    const { cols } = this.#term
    this.#term.select(start % cols, Math.floor(start / cols), end - start)
  }

  selectAll(): void {
    this.#term.selectAll()
  }

  clear(): void {
    this.#term.clearSelection()
  }

  get selected(): CellRange | null {
    const range = this.#term.getSelectionPosition()
    if (!range) return null
    const { cols } = this.#term
    const { start, end } = range
    return { start: start.y * cols + start.x, end: end.y * cols + end.x }
  }

  /** Where a cell's lower left corner is on the page. Null: it is not to be seen. */
  cornerOf(cell: number): Point | null {
    const area = this.#area
    if (!area) return null
    const { cols, rows, buffer } = this.#term
    const row = Math.floor(cell / cols) - buffer.active.viewportY
    if (row < 0 || row >= rows) return null
    const [x, y] = [area.left + (cell % cols) * area.cell, area.top + (row + 1) * area.row]
    const box = this.#window.getBoundingClientRect()
    const seen = x >= box.left - 1 && x <= box.right + 1 && y >= box.top && y <= box.bottom + area.row
    return seen ? { x, y } : null
  }

  get cellWidth(): number {
    return this.#area?.cell ?? 0
  }

  get rowHeight(): number {
    return this.#area?.row ?? 0
  }

  /** Calls when something of this may have moved. @returns stops it */
  onChanged(listener: () => void): () => void {
    const ends = [
      this.#term.onSelectionChange(listener),
      this.#term.onRender(listener),
      this.#term.onResize(listener),
    ]
    for (const element of [this.#place, this.#window]) element.addEventListener('scroll', listener)
    return () => {
      for (const end of ends) end.dispose()
      for (const element of [this.#place, this.#window]) element.removeEventListener('scroll', listener)
    }
  }
}

/** @returns what is left of the way where it ends */
function scrolled(element: HTMLElement, by: number): number {
  const { scrollTop } = element
  element.scrollTop -= by
  return by - (scrollTop - element.scrollTop)
}

const within = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value))
