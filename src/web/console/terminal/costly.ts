import type { IFunctionIdentifier, IModes, IParser } from '@xterm/xterm'
import { type Clock, steadyClock } from '../../../shared/clock.ts'
import {
  type Attributes,
  type BufferService,
  type Core,
  coreOf,
  cursorRow,
  type Line,
  type ScreenBuffer,
} from './xterm-buffer.ts'

interface Hookable {
  readonly parser: IParser
  readonly modes: Pick<IModes, 'originMode' | 'wraparoundMode' | 'insertMode'>
}

interface Region {
  first: number
  last: number
  /** The cursor goes to the first column. */
  homes?: boolean
}

/** More links than this on the normal screen and in its scrollback would make each line feed slow. */
const MOST_LINKS = 1000
/** What one cell may hold, in UTF-16 units. Letters have few marks, and thousands take a browser seconds to draw. */
const MOST_MARKS = 64
/** A colour scheme sets about 22 colours, and each makes the page build its styles anew. */
const COLOURS_AT_ONCE = 32
const COLOURS_PER_SECOND = 16
/** OSC sequences that set or restore colours */
const COLOURS = [4, 10, 11, 12, 104, 110, 111, 112] as const
/** New lines end rows (LNM) */
const LNM = 20
/** The cursor blinks. The reader chooses that. */
const BLINK = 12

/**
 * Does cheaply what xterm.js 6.0.0 does at great cost, so that no stream keeps the page busy. To scroll a full screen it
 * takes and inserts rows one by one, and two of its modes are options: each change of them builds the page's styles anew.
 */
export class CostlySequences {
  readonly #core: Core
  readonly #service: BufferService
  readonly #clock: Clock
  #colours = COLOURS_AT_ONCE
  #filledAt: number

  constructor(terminal: Hookable, clock: Clock = steadyClock) {
    this.#core = coreOf(terminal)
    this.#service = this.#core._bufferService
    this.#clock = clock
    this.#filledAt = clock.now()
    this.#hookScrolling(terminal)
    this.#hookRepeat(terminal)
    this.#hookModes(terminal.parser)
    this.#hookAlternateScreen()
    for (const colour of COLOURS) {
      terminal.parser.registerOscHandler(colour, (data) => !data.includes('?') && !this.#mayColour())
    }
    this.#boundLinks()
    boundMarks(this.#service.buffers.normal)
  }

  #hookScrolling(terminal: Hookable): void {
    /** @param region the rows that move. Null if the cursor is outside of the scroll region. */
    const many = (
      final: string,
      region: (buffer: ScreenBuffer) => Region | null,
      up: boolean,
      blank: () => Attributes,
    ) =>
      terminal.parser.registerCsiHandler({ final }, ([count]) => {
        const { active } = this.#service.buffers
        const rows = region(active)
        if (typeof count !== 'number' || count < 2 || !rows) return false
        this.#shift(active, rows, Math.min(count, rows.last - rows.first + 1), up, blank())
        return true
      })
    const whole = ({ scrollTop, scrollBottom }: ScreenBuffer) => ({ first: scrollTop, last: scrollBottom })
    const belowCursor = (buffer: ScreenBuffer) => {
      const { scrollTop, scrollBottom } = buffer
      const row = cursorRow(buffer, this.#service.rows, terminal.modes.originMode)
      if (row < scrollTop || row > scrollBottom) return null
      return { first: row, last: scrollBottom, homes: true }
    }
    const erased = () => this.#core._inputHandler._eraseAttrData()
    many('S', whole, true, erased)
    many('T', whole, false, () => ({ fg: 0, bg: 0 }))
    many('M', belowCursor, true, erased)
    many('L', belowCursor, false, erased)
  }

  #shift(
    buffer: ScreenBuffer,
    { first, last, homes = false }: Region,
    count: number,
    up: boolean,
    blank: Attributes,
  ): void {
    const blankLine = buffer.getBlankLine(blank)
    const atTop = buffer.ybase + first
    const atBottom = buffer.ybase + last - count + 1
    const [from, to] = up ? [atTop, atBottom] : [atBottom, atTop]
    const recycled: Line[] = []
    for (let index = from; index < from + count; index++) {
      const line = buffer.lines.get(index)
      if (line) recycled.push(line)
    }
    buffer.lines.splice(from, count)
    for (const line of recycled) line.copyFrom(blankLine)
    buffer.lines.splice(to, 0, ...recycled)
    if (homes) buffer.x = 0
    this.#core._inputHandler.markRangeDirty(first, last)
  }

  /** REP over many rows: xterm.js prints the first full row character by character, and the others are copies of it. */
  #hookRepeat(terminal: Hookable): void {
    const input = this.#core._inputHandler
    const repeat = (count: number) => input.repeatPrecedingCharacter({ length: 1, params: [count] })
    terminal.parser.registerCsiHandler({ final: 'b' }, ([count]) => {
      const { cols, rows, buffers } = this.#service
      const buffer = buffers.active
      const nothingBefore = buffer.x === 0 || input._parser.precedingJoinState === 0
      if (typeof count !== 'number' || count < 3 * cols || nothingBefore) return false
      const width = this.#lineOfCursor(buffer)?.getWidth(buffer.x - 1) === 1 ? 1 : 2
      const { wraparoundMode, insertMode } = terminal.modes
      if (cols % width > 0 || !wraparoundMode || insertMode) return false
      const perRow = cols / width
      const first = Math.floor((cols - buffer.x) / width) + perRow
      repeat(first)
      const full = this.#lineOfCursor(buffer)?.clone()
      if (!full) return true
      for (let row = 0; row < Math.floor((count - first) / perRow); row++) {
        this.#wrap(buffer)
        this.#lineOfCursor(buffer)?.copyFrom(full)
      }
      input.markRangeDirty(0, rows - 1)
      const rest = (count - first) % perRow
      if (rest > 0) repeat(rest)
      return true
    })
  }

  #lineOfCursor(buffer: ScreenBuffer): Line | undefined {
    return buffer.lines.get(buffer.ybase + buffer.y)
  }

  /** Moves the cursor as a character does that no longer fits into its row. */
  #wrap(buffer: ScreenBuffer): void {
    if (buffer.y === buffer.scrollBottom) {
      this.#service.scroll(this.#core._inputHandler._eraseAttrData(), true)
    } else {
      buffer.y = Math.min(buffer.y + 1, this.#service.rows - 1)
    }
  }

  /** xterm.js builds the alternate screen anew at each switch. To use its old rows again takes a tenth of the time. */
  #hookAlternateScreen(): void {
    const { alt } = this.#service.buffers
    const clear = alt.clear.bind(alt)
    let spare: Line[] = []
    alt.clear = () => {
      spare = []
      for (let row = 0; row < Math.min(alt.lines.length, this.#service.rows); row++) {
        const line = alt.lines.get(row)
        if (line) spare.push(line)
      }
      clear()
    }
    alt.fillViewportRows = (attributes = { fg: 0, bg: 0 }) => {
      if (alt.lines.length > 0) return
      const blank = alt.getBlankLine(attributes)
      for (let row = 0; row < this.#service.rows; row++) {
        const line = spare.pop() ?? blank.clone()
        line.copyFrom(blank)
        alt.lines.push(line)
      }
    }
  }

  #hookModes(parser: IParser): void {
    const input = this.#core._inputHandler
    const without = (
      id: IFunctionIdentifier,
      mode: number,
      take: () => void,
      others: (params: { length: number; params: number[] }) => boolean,
    ) =>
      parser.registerCsiHandler(id, (params) => {
        if (!params.includes(mode)) return false
        take()
        const rest = params.filter((param): param is number => typeof param === 'number' && param !== mode)
        return others({ length: rest.length, params: rest })
      })
    const { rawOptions } = this.#core.optionsService
    const newLines = (on: boolean) => () => {
      rawOptions.convertEol = on
    }
    without({ final: 'h' }, LNM, newLines(true), (params) => input.setMode(params))
    without({ final: 'l' }, LNM, newLines(false), (params) => input.resetMode(params))
    without(
      { prefix: '?', final: 'h' },
      BLINK,
      () => {},
      (params) => input.setModePrivate(params),
    )
    without(
      { prefix: '?', final: 'l' },
      BLINK,
      () => {},
      (params) => input.resetModePrivate(params),
    )
  }

  /** For text of our own, which puts the page's colours back after a line that may have used up all of them. */
  allowColours(): void {
    this.#colours = COLOURS_AT_ONCE
  }

  #mayColour(): boolean {
    const now = this.#clock.now()
    const filled = this.#colours + ((now - this.#filledAt) / 1000) * COLOURS_PER_SECOND
    this.#filledAt = now
    this.#colours = Math.min(COLOURS_AT_ONCE, filled)
    if (this.#colours < 1) return false
    this.#colours -= 1
    return true
  }

  /** xterm.js compares each printed character of a link with all lines of the link. */
  #boundLinks(): void {
    const links = this.#core._oscLinkService
    const full = () => this.#service.buffers.active.markers.length >= MOST_LINKS
    const [register, addLine] = [links.registerLink.bind(links), links.addLineToLink.bind(links)]
    // 0 is no link.
    links.registerLink = (link) => (full() ? 0 : register(link))
    links.addLineToLink = (link, index) => {
      if (!full()) addLine(link, index)
    }
  }
}

const bounded = new WeakSet<object>()

/** All rows share one prototype, so this is done once for all terminals. */
function boundMarks(buffer: ScreenBuffer): void {
  const prototype = Object.getPrototypeOf(buffer.getBlankLine({ fg: 0, bg: 0 }))
  if (bounded.has(prototype)) return
  bounded.add(prototype)
  const add: Line['addCodepointToCell'] = prototype.addCodepointToCell
  prototype.addCodepointToCell = function (this: Line, column: number, code: number, width: number) {
    if (this.isCombined(column) && this.getString(column).length >= MOST_MARKS) return
    add.call(this, column, code, width)
  }
}
