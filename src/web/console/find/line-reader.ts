import type { Clock } from '../../../shared/clock.ts'
import type { Match } from './matches.ts'
import type { Found } from './matching.ts'

export interface LineRows {
  readonly first: number
  readonly end: number
  isWrapped(row: number): boolean
  text(row: number, trimmed: boolean): string
}

/** A batch ends here: the page does other things, too. */
const BATCH_UNITS = 64 * 1024
const BATCH_MS = 6

/** Lines on their way to the matcher */
interface Batch {
  texts: readonly string[]
  /** The row after the last one */
  end: number
  place(found: Found): Match
}

/** One line of the machine's: its row, and how long the text of each of its rows is. */
interface Line {
  row: number
  lengths: number[]
}

/** Reads rows as lines: what was too long for one row is in one piece again. */
export class LineReader {
  /** Longer lines are cut, so that each batch is bounded. A match across such a cut is not found. */
  static readonly MOST_ROWS = 256
  readonly #rows: LineRows
  readonly #clock: Clock

  constructor(rows: LineRows, clock: Clock) {
    this.#rows = rows
    this.#clock = clock
  }

  /** @returns where this row's line begins */
  startOf(row: number): number {
    const { first } = this.#rows
    let start = row
    while (start > first && row - start < LineReader.MOST_ROWS && this.#rows.isWrapped(start)) start -= 1
    return start
  }

  /** Reads lines up to this row, as many as one batch has. */
  read(from: number, until: number): Batch {
    const began = this.#clock.now()
    return this.#read(from, until, (units) => units < BATCH_UNITS && this.#clock.now() - began < BATCH_MS)
  }

  /** Reads all lines from this row on. */
  readAll(from: number): Batch {
    return this.#read(from, this.#rows.end, () => true)
  }

  #read(from: number, until: number, goOn: (units: number) => boolean): Batch {
    const texts: string[] = []
    const lines: Line[] = []
    let units = 0
    let row = from
    do {
      const line: Line = { row, lengths: [] }
      let text = ''
      let wrapped: boolean
      do {
        row += 1
        wrapped = row < until && line.lengths.length < LineReader.MOST_ROWS - 1 && this.#rows.isWrapped(row)
        const part = this.#rows.text(row - 1, !wrapped)
        line.lengths.push(part.length)
        text += part
      } while (wrapped)
      texts.push(text)
      lines.push(line)
      units += text.length
    } while (row < until && goOn(units))
    return { texts, end: row, place: (found) => place(lines[found.line], found) }
  }
}

function place(line: Line | undefined, { from, to }: Found): Match {
  const { row = 0, lengths = [] } = line ?? {}
  const spotOf = (at: number) => {
    let left = at
    let index = 0
    for (; index < lengths.length - 1 && left >= (lengths[index] ?? 0); index++) left -= lengths[index] ?? 0
    return { row: row + index, at: left }
  }
  const first = spotOf(from)
  const last = spotOf(to - 1)
  return { row: first.row, from: first.at, toRow: last.row, to: last.at + 1 }
}
