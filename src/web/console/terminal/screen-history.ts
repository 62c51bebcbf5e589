import type { IFunctionIdentifier, IModes, IParser } from '@xterm/xterm'
import { Scrollback } from './scrollback.ts'
import { type BufferService, type Core, coreOf, cursorRow } from './xterm-buffer.ts'

/** What this needs of a terminal with or without a screen (`@xterm/xterm`, `@xterm/headless`) */
interface Hookable {
  readonly parser: IParser
  readonly modes: Pick<IModes, 'originMode'>
}

type Params = (number | number[])[]

/**
 * Nothing that a machine prints takes history away. Before xterm.js erases rows of the normal screen, or drops them when
 * it scrolls, copies go to the scrollback. The screen looks the same as without it. Full-screen programs on the alternate
 * screen are left alone, and so is editing within a row.
 */
export class ScreenHistory {
  readonly #core: Core
  readonly #service: BufferService
  readonly #modes: () => Pick<IModes, 'originMode'>
  readonly #scrollback: Scrollback

  constructor(terminal: Hookable) {
    this.#core = coreOf(terminal)
    this.#service = this.#core._bufferService
    this.#scrollback = new Scrollback(this.#core)
    this.#modes = () => terminal.modes
    this.#hookSequences(terminal.parser)
    this.#hookService()
  }

  #hookSequences(parser: IParser): void {
    // A handler that returns false leaves the work to xterm.js.
    const before = (id: IFunctionIdentifier, keep: (count: number) => void) =>
      parser.registerCsiHandler(id, (params) => {
        if (this.#scrollback.onNormalScreen) keep(countOf(params))
        return false
      })
    parser.registerCsiHandler({ final: 'J' }, (params) => this.#eraseInDisplay(params, false))
    parser.registerCsiHandler({ prefix: '?', final: 'J' }, (params) => this.#eraseInDisplay(params, true))
    before({ final: 'L' }, (count) => this.#insertLines(count))
    before({ final: 'M' }, (count) => this.#deleteLines(count))
    before({ final: 'S' }, (count) => this.#scrollUp(count))
    before({ final: 'T' }, (count) => this.#scrollDown(count))
    before({ intermediates: ' ', final: '@' }, (count) => this.#shiftColumns((_x, cols) => [[count, cols]]))
    before({ intermediates: ' ', final: 'A' }, (count) =>
      this.#shiftColumns((_x, cols) => [[0, cols - count]]),
    )
    before({ intermediates: "'", final: '}' }, (count) =>
      this.#shiftColumns((x, cols) => [[0, Math.max(x, cols - count)]]),
    )
    before({ intermediates: "'", final: '~' }, (count) =>
      this.#shiftColumns((x, cols) => [
        [0, x],
        [x + count, cols],
      ]),
    )
    parser.registerEscHandler({ final: 'M' }, () => {
      if (this.#scrollback.onNormalScreen) this.#reverseIndex()
      return false
    })
    parser.registerEscHandler({ intermediates: '#', final: '8' }, () => {
      if (this.#scrollback.onNormalScreen) this.#fillWithPattern()
      return false
    })
  }

  #hookService(): void {
    const service = this.#service
    const scroll = service.scroll.bind(service)
    service.scroll = (attributes, wrapped) => {
      // xterm.js keeps what scrolls out of the screen, but not what scrolls out of a region below the top.
      const buffer = service.buffers.normal
      if (buffer.scrollTop > 0 && this.#scrollback.onNormalScreen)
        this.#scrollback.keepScrolled(buffer.scrollTop)
      scroll(attributes, wrapped)
    }
    const resize = service.resize.bind(service)
    service.resize = (cols, rows) => {
      this.#beforeResize(cols, rows)
      resize(cols, rows)
    }
    // RIS and `terminal.reset()`. The original drops the scrollback, and takes about 100 times as long.
    service.reset = () => this.#reset()
  }

  get #cursorRow(): number {
    return cursorRow(this.#service.buffers.active, this.#service.rows, this.#modes().originMode)
  }

  /** @returns whether nothing is left to do */
  #eraseInDisplay(params: Params, selective: boolean): boolean {
    const { active } = this.#service.buffers
    const row = this.#cursorRow
    const [part] = params
    if (part === 1 && active.x + 1 >= this.#service.cols && !active.lines.get(row + 1)) {
      // xterm.js 6.0.0 throws here, and then the terminal shows nothing ever again. "Erase all" does the same.
      if (this.#scrollback.onNormalScreen) this.#scrollback.erase(0, this.#scrollback.lastRow)
      return this.#core._inputHandler.eraseInDisplay({ length: 1, params: [2] }, selective)
    }
    if (!this.#scrollback.onNormalScreen) return false
    switch (part) {
      case 0:
        this.#scrollback.erase(
          this.#scrollback.isBlank(row, [[0, active.x]]) ? row : row + 1,
          this.#scrollback.lastRow,
        )
        return false
      case 1:
        this.#scrollback.erase(
          0,
          this.#scrollback.isBlank(row, [[active.x + 1, this.#service.cols]]) ? row : row - 1,
        )
        return false
      case 2:
        this.#scrollback.erase(0, this.#scrollback.lastRow)
        return false
      case 3:
        // It would clear the scrollback. All that remains of it is how it moves the cursor.
        active.x = Math.min(active.x, this.#service.cols)
        active.y = row
        return true
      default:
        return false
    }
  }

  #insertLines(count: number): void {
    const { scrollTop, scrollBottom } = this.#scrollback.normal
    const row = this.#cursorRow
    if (row < scrollTop || row > scrollBottom) return
    this.#scrollback.pushOut(Math.max(row, scrollBottom - count + 1), scrollBottom)
  }

  #deleteLines(count: number): void {
    const { scrollTop, scrollBottom } = this.#scrollback.normal
    const row = this.#cursorRow
    if (row < scrollTop || row > scrollBottom) return
    this.#scrollback.pushOut(row, Math.min(scrollBottom, row + count - 1))
  }

  #scrollUp(count: number): void {
    const { scrollTop, scrollBottom } = this.#scrollback.normal
    this.#scrollback.pushOut(scrollTop, Math.min(scrollBottom, scrollTop + count - 1))
  }

  #scrollDown(count: number): void {
    const { scrollTop, scrollBottom } = this.#scrollback.normal
    this.#scrollback.pushOut(Math.max(scrollTop, scrollBottom - count + 1), scrollBottom)
  }

  #reverseIndex(): void {
    if (this.#cursorRow === this.#scrollback.normal.scrollTop) this.#scrollDown(1)
  }

  /** DECALN fills the screen from the first row that the cursor can reach. */
  #fillWithPattern(): void {
    this.#scrollback.erase(
      this.#modes().originMode ? this.#scrollback.normal.scrollTop : 0,
      this.#scrollback.lastRow,
    )
  }

  /**
   * SL, SR, DECIC and DECDC move text sideways out of the scroll region's rows. Like other editing within a row this
   * keeps nothing, unless nothing is left of the row.
   * @param remaining the columns whose text stays
   */
  #shiftColumns(remaining: (x: number, cols: number) => [number, number][]): void {
    const { scrollTop, scrollBottom, x, y } = this.#scrollback.normal
    if (y < scrollTop || y > scrollBottom) return
    const columns = remaining(x, this.#service.cols)
    for (let row = scrollTop; row <= scrollBottom; row++) {
      if (!this.#scrollback.isEmpty(row) && this.#scrollback.isBlank(row, columns))
        this.#scrollback.erase(row, row)
    }
  }

  /** Brings the screens back to their first state. xterm.js itself resets modes, character sets and attributes. */
  #reset(): void {
    const { buffers, rows } = this.#service
    const { normal, alt } = buffers
    if (buffers.active === alt) buffers.activateNormalBuffer()
    this.#scrollback.erase(0, rows - 1)
    for (const buffer of [normal, alt]) {
      buffer.x = 0
      buffer.y = 0
      buffer.scrollTop = 0
      buffer.scrollBottom = rows - 1
      buffer.savedX = 0
      buffer.savedY = buffer.ybase
      buffer.savedCurAttrData.fg = 0
      buffer.savedCurAttrData.bg = 0
      buffer.savedCharset = undefined
      buffer.setupTabStops()
    }
    const blank = normal.getBlankLine(normal.savedCurAttrData)
    for (let row = 0; row < rows; row++) {
      this.#scrollback.line(row)?.copyFrom(blank)
      normal.clearMarkers(normal.ybase + row)
    }
  }

  /** xterm.js takes the rows below the cursor for blank, and drops them when the screen shrinks. */
  #beforeResize(cols: number, rows: number): void {
    const buffer = this.#scrollback.normal
    const dropped = Math.min(this.#service.rows - rows, this.#scrollback.lastRow - buffer.y)
    if (dropped > 0) this.#scrollback.erase(this.#scrollback.lastRow - dropped + 1, this.#scrollback.lastRow)
    if (cols >= this.#service.cols || buffer.ybase > 0) return
    for (let row = buffer.y + 1; row <= this.#scrollback.lastRow; row++) {
      if (this.#scrollback.isEmpty(row)) continue
      // With a row in the scrollback it scrolls instead, so that longer lines push nothing out at the bottom.
      this.#scrollback.insert([buffer.getBlankLine({ fg: 0, bg: 0 })], false)
      return
    }
  }
}

/** The count of a sequence that repeats something: absent and 0 mean 1. */
function countOf(params: Params): number {
  const [count] = params
  return typeof count === 'number' && count > 0 ? count : 1
}
