/** One row of the screen that is about to go. */
export interface Row {
  text: string
  /** The row goes on with the line above it, which was too long for one row. */
  wrapped: boolean
}

/** How many rows back a row counts as known, in screens. */
const SCREENS = 4
/** On the smallest screens this many rows are remembered all the same. */
const LEAST = 100

/**
 * Decides which doomed rows go to the scrollback. A program such as `top` erases the screen each second and paints nearly
 * the same one again, so kept is only what is new against the last few erased screens.
 */
export class History {
  readonly #erased = new RecentTexts()
  readonly #gone = new RecentTexts()

  /**
   * An erase or a reset blanks these rows. A screen that is mostly known is a repaint, and only its new lines are kept:
   * digits aside, since counters and clocks change each time. Any other screen is kept as a whole, so that a second panic
   * does not lose the lines that it shares with the first.
   * @param rows from top to bottom
   * @param height of the screen
   * @returns for each row, whether it is kept
   */
  erase(rows: readonly Row[], height: number): boolean[] {
    const lines = linesOf(rows)
    const isNew = new Set<Line>()
    const texts: string[] = []
    let printed = 0
    let above: Line | undefined
    for (const line of lines) {
      if (line.text === '') continue
      printed += 1
      if (line.text === above?.text) {
        if (isNew.has(above)) isNew.add(line)
      } else {
        texts.push(line.text)
        if (!this.#erased.has(withoutDigits(line.text))) isNew.add(line)
      }
      above = line
    }
    const repaint = isNew.size * 2 < printed
    this.#erased.add(texts.map(withoutDigits), height)
    this.#gone.add(texts, height)
    return rowsOf(lines, repaint ? (line) => isNew.has(line) : () => true)
  }

  /**
   * Rows leave the screen because others were inserted, or because they were deleted. A pager or an editor shows them
   * again, so each text is kept once. Digits count here: two messages of an installer may differ in nothing else.
   * @param rows from top to bottom
   * @param height of the screen
   * @returns for each row, whether it is kept
   */
  pushOut(rows: readonly Row[], height: number): boolean[] {
    const lines = linesOf(rows)
    const isNew = new Set(lines.filter(({ text }) => text !== '' && !this.#gone.has(text)))
    this.#gone.add(
      lines.map(({ text }) => text),
      height,
    )
    return rowsOf(lines, (line) => isNew.has(line))
  }
}

/** A line with its rows: one, or more if it was too long for one. */
interface Line {
  text: string
  rows: number
}

/** Joins wrapped rows, so that a line is kept or dropped as a whole. Blanks at its end do not count. */
function linesOf(rows: readonly Row[]): Line[] {
  const lines: Line[] = []
  for (const row of rows) {
    const last = lines.at(-1)
    if (row.wrapped && last) {
      last.text += row.text
      last.rows += 1
    } else {
      lines.push({ text: row.text, rows: 1 })
    }
  }
  for (const line of lines) line.text = line.text.trimEnd()
  return lines
}

/** @returns for each row, whether its line is kept. Blank lines are kept only between two others that are. */
function rowsOf(lines: readonly Line[], keeps: (line: Line) => boolean): boolean[] {
  const result: boolean[] = []
  let above = false
  let blanks = 0
  for (const line of lines) {
    if (line.text === '') {
      blanks += line.rows
      continue
    }
    const kept = keeps(line)
    push(result, blanks, above && kept)
    push(result, line.rows, kept)
    above = kept
    blanks = 0
  }
  push(result, blanks, false)
  return result
}

function push(to: boolean[], times: number, value: boolean): void {
  for (let count = 0; count < times; count++) to.push(value)
}

const withoutDigits = (text: string) => text.replace(/\d+/g, '0')

/** Remembers the texts that were seen last. A text that is seen again counts as new once more. */
class RecentTexts {
  readonly #texts = new Set<string>()

  has(text: string): boolean {
    return this.#texts.has(text)
  }

  add(texts: readonly string[], height: number): void {
    for (const text of texts) {
      this.#texts.delete(text)
      this.#texts.add(text)
    }
    const limit = Math.max(LEAST, SCREENS * height)
    for (const oldest of this.#texts) {
      if (this.#texts.size <= limit) break
      this.#texts.delete(oldest)
    }
  }
}
