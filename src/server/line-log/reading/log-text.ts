import { setImmediate } from 'node:timers/promises'
import { Lines } from '../../../shared/lines/lines.ts'
import type { LogReader, PlacedMark } from '../store/store.ts'
import { splitPieces } from './pieces.ts'

/** A line of plain text. `offset`: where its text begins. `end`: where it ended; null: it has not. */
interface TextLine {
  kind: 'line'
  offset: number
  end: number | null
  text: string
}

export type TextRow = TextLine | ({ kind: 'mark' } & PlacedMark)

export interface TextPage {
  /** In order. Lines that have not ended are the last, and only there if the page reaches the end. */
  rows: TextRow[]
  /** Where the page before ends. null: nothing before it is kept. */
  before: number | null
  /** Where the page after begins. What is shown and is not before it comes again: it may still change. */
  after: number
  /** The page reaches the newest byte. */
  atEnd: boolean
}

/** What a reader is shown of what the log knows. The rest is how sessions find their place, and ends no line. */
const shownKinds: ReadonlySet<string> = new Set<string>(['seam', 'gap', 'boot', 'power', 'note'])
export const isShown = ({ mark }: PlacedMark): boolean => shownKinds.has(mark.kind)

const KIB = 1024
const sizes = {
  /** Text is made from blocks of about so many bytes, each for itself. */
  block: 64 * KIB,
  /** A block begins with a line, if one begins this soon. */
  lookAhead: 8 * KIB,
}
/** One page reads no more than this. */
const MAX_BLOCKS = 16

/**
 * A line's log as plain text, in pages.
 *
 * What a row of text is depends on the bytes before it. To read all of them for each page would take too long, so the
 * log has blocks, and each block is read as if nothing were before it. Where a block begins depends on its bytes alone,
 * and so does its text. So pages meet without loss, whatever their size and order. Two things a block does not know
 * from the one before: half a sequence, and a character set that was chosen.
 *
 * A cursor is a place between bytes. Before it are the lines that end there or earlier, and the marks that are earlier.
 */
export class LogText {
  readonly #reader: LogReader
  readonly #sizes: typeof sizes

  constructor(reader: LogReader, own = sizes) {
    this.#reader = reader
    this.#sizes = own
  }

  /** The lines that end after this place. */
  async from(cursor: number, most: number): Promise<TextPage> {
    const from = clamp(cursor, this.#reader.start, this.#reader.end)
    const rows: TextRow[] = []
    let lines = 0
    let lastEnd: number | null | undefined
    let block = await this.#blockAt(from)
    let begin = from
    for (let read = 0; read < MAX_BLOCKS; read++) {
      if (read > 0) await setImmediate()
      const parsed = await this.#parse(block)
      for (const row of parsed.rows) {
        if (row.kind === 'mark') {
          if (row.at >= from) rows.push(row)
          continue
        }
        if (row.end !== null && row.end <= from) continue
        // Lines that end at the same place stay together.
        if (lines >= most && row.end !== lastEnd)
          return { rows: dropFrom(rows, begin), before: this.#orNull(from), after: begin, atEnd: false }
        rows.push(row)
        lines++
        lastEnd = row.end
        if (row.end !== null) begin = row.end
      }
      if (parsed.next === null) return { rows, before: this.#orNull(from), after: begin, atEnd: true }
      block++
      begin = Math.max(from, parsed.next)
    }
    return { rows: dropFrom(rows, begin), before: this.#orNull(from), after: begin, atEnd: false }
  }

  /** The lines that end before this place, or at it. */
  async before(cursor: number, most: number): Promise<TextPage> {
    return this.#before(clamp(cursor, this.#reader.start, this.#reader.end), most, false)
  }

  /** The newest lines. */
  async last(most: number): Promise<TextPage> {
    return this.#before(Number.POSITIVE_INFINITY, most, true)
  }

  async #before(until: number, most: number, open: boolean): Promise<TextPage> {
    let rows: TextRow[] = []
    let before: number | null = null
    let block = await this.#blockAt(open ? this.#reader.end + 1 : until)
    for (let read = 0; ; read++) {
      const parsed = await this.#parse(block, until)
      const fit = parsed.rows.filter((row) =>
        row.kind === 'mark' ? row.at < until : (row.end ?? Number.POSITIVE_INFINITY) <= until,
      )
      rows = [...fit, ...rows]
      before = this.#orNull(parsed.begin)
      if (before === null || rows.length > most || read + 1 >= MAX_BLOCKS) break
      block--
      await setImmediate()
    }
    const cut = placeOfNewest(rows, most)
    if (cut !== null) {
      before = cut
      rows = rows.filter((row) => (row.kind === 'mark' ? row.at >= cut : row.end === null || row.end > cut))
    }
    if (!open) return { rows, before, after: until, atEnd: false }
    const ended = rows.findLast((row) => row.kind === 'line' && row.end !== null)
    const after = ended?.kind === 'line' ? ended.end : null
    return { rows, before, after: after ?? before ?? this.#reader.start, atEnd: true }
  }

  #orNull(place: number): number | null {
    return place > this.#reader.start ? place : null
  }

  async #blockAt(place: number): Promise<number> {
    const block = Math.floor(place / this.#sizes.block)
    const begin = await this.#beginOf(block)
    return block > 0 && (begin === null || begin >= place) ? block - 1 : block
  }

  /** @returns null: not known yet, so the bytes belong to the block before */
  async #beginOf(block: number): Promise<number | null> {
    const nominal = block * this.#sizes.block
    if (nominal <= this.#reader.start) return this.#reader.start
    const limit = nominal + this.#sizes.lookAhead
    for (let place = nominal; place < limit; ) {
      const { at, bytes } = await this.#reader.read(place, limit - place)
      if (bytes.length === 0) return at >= limit ? limit : null
      const feed = bytes.indexOf(0x0a)
      if (feed >= 0 && at + feed < limit) return at + feed + 1
      place = at + bytes.length
    }
    return limit
  }

  /** The bytes up to `to`, or up to where some are missing. How the store reads them must not matter. */
  async #stretch(from: number, to: number): Promise<{ at: number; bytes: Buffer }> {
    const first = await this.#reader.read(from, to - from)
    if (first.bytes.length === 0 || first.at >= to) return { at: to, bytes: Buffer.alloc(0) }
    const { at } = first
    // After a gap there may be more than was asked for.
    const pieces = [first.bytes.subarray(0, to - at)]
    let end = at + first.bytes.length
    while (end < to) {
      const more = await this.#reader.read(end, to - end)
      if (more.bytes.length === 0 || more.at > end) break
      pieces.push(more.bytes)
      end += more.bytes.length
    }
    return { at, bytes: pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces) }
  }

  /** @param until the caller needs nothing that ends later */
  async #parse(block: number, until = Number.POSITIVE_INFINITY) {
    const begin = (await this.#beginOf(block)) ?? this.#reader.start
    const next = await this.#beginOf(block + 1)
    const to = next ?? this.#reader.end
    const marks = begin <= to ? (await this.#reader.marks(begin, to)).filter(isShown) : []
    const text = new BlockText(begin)
    const isOpen = next === null && marks.at(-1)?.at !== to
    let place = begin
    while (place < to && place < until) {
      const stop = marks.find(({ at }) => at > place)?.at ?? to
      const { at, bytes } = await this.#stretch(place, Math.min(stop, to))
      if (bytes.length === 0) break
      text.stop(place)
      text.push(bytes, at, isOpen && at + bytes.length === to)
      place = at + bytes.length
    }
    if (isOpen && place >= to) text.open()
    else text.stop(place)
    // The mark at the block's end is the next block's.
    const own = marks.filter(({ at }) => next === null || at < next)
    return { begin, next, rows: merged(text.lines, own) }
  }
}

/** Makes the lines of one block. */
class BlockText {
  readonly lines: TextLine[] = []
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #lines = this.#newLines()
  /** The piece that is being read, from `#from` to `#end` */
  #from: number
  #end: number | null

  constructor(begin: number) {
    this.#from = begin
    this.#end = begin
  }

  /** @param last more may follow at once, so what the last piece ends may still change */
  push(bytes: Uint8Array, at: number, last: boolean): void {
    for (const [from, to, whole] of splitPieces(bytes)) {
      this.#from = at + from
      this.#end = last && to === bytes.length && !whole ? null : at + to
      this.#lines.push(this.#decoder.decode(bytes.subarray(from, to), { stream: true }), at + from)
    }
  }

  /** The row ends here: a mark is here, or bytes are missing. */
  stop(at: number): void {
    this.#end = at
    this.#lines.push(this.#decoder.decode(), at)
    this.#lines.end(at)
    this.#lines = this.#newLines()
  }

  /** The log ends here for now. What has no end yet is a line without one. */
  open(): void {
    this.#end = null
    this.#lines.end(this.#from)
  }

  #newLines(): Lines {
    return new Lines((line) =>
      this.lines.push({
        kind: 'line',
        offset: line.text === '' ? this.#from : Math.min(line.at(0), this.#end ?? Number.POSITIVE_INFINITY),
        end: this.#end,
        text: line.text.trimEnd(),
      }),
    )
  }
}

function merged(lines: readonly TextLine[], marks: readonly PlacedMark[]): TextRow[] {
  const rows: TextRow[] = []
  let next = 0
  for (const line of lines) {
    for (
      let mark = marks[next];
      mark && mark.at < (line.end ?? Number.POSITIVE_INFINITY);
      mark = marks[++next]
    )
      rows.push({ kind: 'mark', ...mark })
    rows.push(line)
  }
  return [...rows, ...marks.slice(next).map((mark) => ({ kind: 'mark', ...mark }) as const)]
}

/** @returns the place before the newest lines; null: there are no more than these */
function placeOfNewest(rows: readonly TextRow[], most: number): number | null {
  const lines = rows.filter((row) => row.kind === 'line')
  let first = lines.length - most
  // Lines that end at the same place stay together.
  while (first > 0 && lines[first - 1]?.end === lines[first]?.end) first--
  return first > 0 ? (lines[first - 1]?.end ?? null) : null
}

/** A mark at the page's end begins the next page. */
const dropFrom = (rows: readonly TextRow[], end: number) =>
  rows.filter((row) => row.kind === 'line' || row.at < end)

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most))
