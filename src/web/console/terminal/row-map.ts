import type { Terminal } from '@xterm/xterm'
import type { Write } from './write-pump.ts'
import { type BufferService, coreOf, type Line, type ScreenBuffer } from './xterm-buffer.ts'

/** What this needs of a terminal with or without a screen (`@xterm/xterm`, `@xterm/headless`) */
type Hookable = Pick<Terminal, 'onLineFeed'>

/** The machine's bytes that a text was made from */
export interface TextSource {
  bytes: Uint8Array
  /** The position of the first: how many came before it */
  at: number
}

/** A text on its way into the terminal. */
interface Queued {
  /** Where its first byte is */
  at: number
  /** Characters that the terminal has not begun with */
  left: number
  /** Where the byte after each line feed is */
  feeds: readonly number[]
  /** How many of these are behind */
  used: number
}

/** Rows of a line that is longer than this are not followed to its beginning. */
const LONGEST = 2_000

/**
 * Knows at which byte the text of each row begins. Line feeds are counted in the bytes and in the terminal, and each row
 * that one leads to keeps its place with it: so it stays right when old rows go, when lines are wrapped anew, and on the
 * other screen. No row costs more than a number. Where a program moves the cursor to a row and writes, the row counts as
 * written then, to the piece of output that did it.
 */
export class RowMap {
  readonly #service: BufferService
  readonly #queue: Queued[] = []
  /** The position of the byte that comes next */
  #end = 0
  /** Where the byte after each line feed is, in the text that the terminal parses now */
  #feeds: number[] = []
  #fed = 0
  /** Where the terminal is in the bytes, roughly */
  #here = 0
  /** A program has moved the cursor to this row. `column`: it has written nothing since if the cursor is still there. */
  #visit: { at: number; column: number } | null = null
  /** The one on which the cursor was moved last */
  #screen: ScreenBuffer

  constructor(terminal: Hookable) {
    const core = coreOf(terminal)
    this.#service = core._bufferService
    this.#screen = this.#buffer
    terminal.onLineFeed(() => this.#lineFed())
    const input = core._inputHandler
    const setCursor = input._setCursor.bind(input)
    input._setCursor = (column, row) => this.#watch(() => setCursor(column, row))
    const restoreCursor = input.restoreCursor.bind(input)
    input.restoreCursor = () => this.#watch(restoreCursor)
  }

  /** The terminal has parsed the bytes before this position, and the rows that they lead to are there. */
  get here(): number {
    return this.#here
  }

  /** The terminal gets this text next. @param source null: it is our own, and no byte of the machine's */
  queue(text: string, source: TextSource | null): void {
    const feeds = source ? feedsIn(source, text) : feedPlaces(text).map(() => this.#end)
    this.#queue.push({ at: source?.at ?? this.#end, left: text.length, feeds, used: 0 })
    if (source) this.#end = source.at + source.bytes.length
  }

  /** @returns the same write, which is followed as the terminal parses it */
  watched(write: Write): Write {
    const { pieces, begun, done } = write
    return {
      ...write,
      begun: () => {
        begun()
        this.begin(pieces)
      },
      done: () => {
        this.done()
        done()
      },
    }
  }

  /** The terminal parses this next. It is a part of what was queued, in order. */
  begin(pieces: readonly string[]): void {
    this.#feeds = []
    this.#fed = 0
    let left = pieces.reduce((sum, { length }) => sum + length, 0)
    const [first] = this.#queue
    if (first) this.#here = first.feeds[first.used - 1] ?? first.at
    this.#look()
    for (let piece = this.#queue[0]; piece && left > 0; piece = this.#queue[0]) {
      const { feeds, used } = piece
      if (piece.left > left) {
        piece.left -= left
        piece.used += feedPlaces(lastOf(pieces, left)).length
        this.#feeds.push(...feeds.slice(used, piece.used))
        return
      }
      left -= piece.left
      for (let index = used; index < feeds.length; index++) this.#feeds.push(feeds[index] ?? 0)
      this.#queue.shift()
    }
  }

  /** The terminal has parsed it. */
  done(): void {
    const buffer = this.#buffer
    if (this.#visit && buffer.x !== this.#visit.column) this.#written(buffer.ybase + buffer.y)
    this.#look()
  }

  /** No line feed leads to the first row, and other sequences lead to new rows, too. */
  #look(): void {
    const { lines, ybase, y } = this.#buffer
    const line = lines.get(ybase + y)
    if (line && !line.isWrapped && !this.#isKnown(line)) line.begins = this.#here
  }

  /**
   * @param row counted from the oldest one that the normal screen still has above it
   * @returns the position of the byte with which the row's line begins; null: nobody knows
   */
  beginOf(row: number): number | null {
    const { lines } = this.#service.buffers.normal
    for (let above = row; above >= Math.max(0, row - LONGEST); above--) {
      const line = lines.get(above)
      if (line && !line.isWrapped && this.#isKnown(line)) return line.begins ?? null
    }
    return null
  }

  /** What the reader sees of the normal screen and the rows above it. null: a full-screen program has the screen. */
  get shown(): { top: number; rows: number } | null {
    const { buffers, rows } = this.#service
    return buffers.active === buffers.normal ? { top: buffers.normal.ydisp, rows } : null
  }

  /** @returns where the row's line begins; null: it is blank, or goes on with the line above it, or nobody knows */
  lineAt(row: number): number | null {
    const line = this.#service.buffers.normal.lines.get(row)
    if (!line || line.isWrapped || line.getTrimmedLength() === 0) return null
    return this.beginOf(row)
  }

  /** The oldest row with which a line begins, and where that is. null: none is known */
  get oldest(): { row: number; at: number } | null {
    for (const first of this.begins()) return first
    return null
  }

  /** The row with which the line begins that has this byte; null: it is not among the rows any more. */
  rowAt(at: number): number | null {
    const { lines } = this.#service.buffers.normal
    const { oldest } = this
    if (!oldest || at < oldest.at) return null
    for (let row = lines.length - 1; row >= oldest.row; row--) {
      const line = lines.get(row)
      if (!line || line.isWrapped || line.begins === undefined) continue
      // One that nothing has led to since it was used again has an older place.
      if (line.begins >= oldest.at && line.begins <= at) return row
    }
    return null
  }

  /** The rows with which lines begin, from the oldest on */
  *begins(): Generator<{ row: number; at: number }> {
    const { lines } = this.#service.buffers.normal
    for (let row = 0; row < lines.length; row++) {
      const line = lines.get(row)
      if (line && !line.isWrapped && line.begins !== undefined) yield { row, at: line.begins }
    }
  }

  get #buffer(): ScreenBuffer {
    return this.#service.buffers.active
  }

  /** xterm.js uses rows again that went. One that nothing has led to since has the place that it had then. */
  #isKnown({ begins }: Line): boolean {
    return begins !== undefined && begins >= (this.oldest?.at ?? 0)
  }

  #lineFed(): void {
    const { lines, ybase, y } = this.#buffer
    if (this.#visit) this.#written(ybase + y - 1)
    // A sequence may swallow a line feed, and the terminal then counts fewer.
    this.#here = this.#feeds[this.#fed++] ?? this.#here
    const line = lines.get(ybase + y)
    if (line) line.begins = this.#here
  }

  #watch<T>(move: () => T): T {
    const { x, y } = this.#buffer
    const moved = move()
    const buffer = this.#buffer
    if (buffer !== this.#screen) {
      // Back from the other screen, it is where it was.
      this.#screen = buffer
      this.#visit = null
      return moved
    }
    if (buffer.y === y) return moved
    if (this.#visit && x !== this.#visit.column) this.#written(buffer.ybase + y)
    this.#visit = { at: this.#here, column: buffer.x }
    return moved
  }

  /** The program wrote in this row since it moved the cursor there. */
  #written(row: number): void {
    const line = this.#buffer.lines.get(row)
    if (line && this.#visit) line.begins = this.#visit.at
    this.#visit = null
  }
}

/** Almost every line ends with LF, and `indexOf` finds these in a fraction of the time that a loop takes. */
const FEED = '\n'
const RARE_FEEDS = ['\v', '\f']

/** @returns where the line feeds of a text are, in order */
function feedPlaces(text: string): number[] {
  const places: number[] = []
  for (let at = text.indexOf(FEED); at >= 0; at = text.indexOf(FEED, at + 1)) places.push(at)
  const before = places.length
  for (const feed of RARE_FEEDS)
    for (let at = text.indexOf(feed); at >= 0; at = text.indexOf(feed, at + 1)) places.push(at)
  return places.length > before ? places.sort((a, b) => a - b) : places
}

/** @returns the last characters of the text that is in these pieces */
function lastOf(pieces: readonly string[], length: number): string {
  let text = ''
  for (let index = pieces.length - 1; index >= 0 && text.length < length; index--) text = pieces[index] + text
  return text.slice(text.length - length)
}

const isFeed = (byte: number | undefined) => byte === 0x0a || byte === 0x0b || byte === 0x0c

/** @returns where the byte after each line feed of the text is. Some in the bytes may not be in the text, or come late. */
function feedsIn({ bytes, at }: TextSource, text: string): number[] {
  const feeds = feedPlaces(text)
  // Plain ASCII, as most output is
  const isPlain = text.length === bytes.length && feeds.every((place) => isFeed(bytes[place]))
  if (isPlain) return feeds.map((place) => at + place + 1)
  const heard: number[] = []
  for (let index = 0; index < bytes.length; index++) if (isFeed(bytes[index])) heard.push(at + index + 1)
  return feeds.map((_, index) => heard[index - feeds.length + heard.length] ?? at)
}
