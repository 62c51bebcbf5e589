/** From this index on the text was printed at `at`, which is a second or an offset. */
interface Mark {
  from: number
  at: number
}

const HALVES = /[\ud800-\udfff]/

/** A line that a machine printed, without colours and controls. */
export class PlainLine {
  readonly text: string
  readonly #marks: readonly Mark[]

  constructor(text: string, marks: readonly Mark[]) {
    // Writing over half of a character leaves the other half.
    this.text = HALVES.test(text) ? text.replace(/\p{Surrogate}/gu, ' ') : text
    this.#marks = marks
  }

  upTo(length: number): PlainLine {
    return length >= this.text.length ? this : new PlainLine(this.text.slice(0, length), this.#marks)
  }

  /** When or where the character at `index` was printed: what `push` was given with it. */
  at(index: number): number {
    return (this.#marks.findLast(({ from }) => from <= index) ?? this.#marks[0])?.at ?? 0
  }
}

/** A row before it was written over or erased. */
interface Before {
  line: PlainLine
  /** How far its last two texts reached */
  extents: readonly [number, number]
  /** How many of its characters may be kept */
  credit: number
  worthALine: boolean
}

/** A move of the cursor makes a row no longer than this. Printed text may make it longer. */
const MAX_COLUMN = 256
const TAB = 8
/** A row remembers so many times. What is printed in it after that has the time of what stands before it. */
const MAX_MARKS = 512

/**
 * The row in which the cursor is. A program may write over it or erase it. What was there before is then kept as a line
 * of its own, with one exception: taking letters back with backspace is how a person corrects a typing mistake.
 */
export class Row {
  readonly #keep: (line: PlainLine) => void
  #text = ''
  #marks: readonly Mark[] = []
  #column = 0
  #before: Before | null = null
  /** The cursor went back by more than a backspace. */
  #wentBack = false
  /** How far text was written since the last carriage return, and between the two before. */
  #extent = 0
  #extentBefore = 0
  /**
   * Characters printed here that no kept line has used up. Where they are too few for the row, only what was printed last
   * is kept of it. So a program that changes one letter of a long row again and again makes no more text than it printed.
   */
  #credit = 0
  /** The same when the cursor went back: what is printed since has a claim of its own. */
  #creditBefore = 0

  constructor(keep: (line: PlainLine) => void) {
    this.#keep = keep
  }

  get length(): number {
    return this.#text.length
  }

  get column(): number {
    return this.#column
  }

  get isBlank(): boolean {
    return this.#text.trim() === ''
  }

  write(text: string, at: number): void {
    const column = this.#column
    if (column > this.#text.length) this.#text = this.#text.padEnd(column)
    if (column === this.#text.length) {
      const last = this.#marks.at(-1)
      // An erased end may have left marks beyond the text.
      if (!last || ((last.at !== at || last.from > column) && this.#marks.length < MAX_MARKS)) {
        this.#marks = [...this.#marks.filter(({ from }) => from < column), { from: column, at }]
      }
      this.#text += text
    } else {
      const end = column + text.length
      const lost = firstLoss(this.#text.slice(column, end), text)
      if (lost > 0) {
        // What it loses nothing of is written first. So it does not matter in which pieces the text comes.
        this.write(text.slice(0, lost), at)
        this.write(text.slice(lost), at)
        return
      }
      if (lost === 0) this.#remember(this.#wentBack, this.#wentBack ? this.#creditBefore : this.#credit)
      this.#text = this.#text.slice(0, column) + text + this.#text.slice(end)
      this.#marks = overwritten(this.#marks, { from: column, at }, end, this.#text.length)
    }
    this.#column = column + text.length
    this.#extent = Math.max(this.#extent, this.#column)
    this.#credit += text.length
  }

  /** Carriage return: what comes next writes over the row, unless the line ends here. */
  goToBegin(): void {
    this.#settle()
    this.goTo(0)
    this.#extentBefore = this.#extent
    this.#extent = 0
  }

  goTo(column: number): void {
    const to = Math.max(0, Math.min(column, Math.max(MAX_COLUMN, this.#text.length)))
    if (to < this.#column) {
      this.#wentBack = true
      this.#creditBefore = this.#credit
    }
    this.#column = to
  }

  backspace(): void {
    const before = this.#text.charCodeAt(this.#column - 1)
    const secondHalf = before >= 0xdc00 && before < 0xe000
    this.#column = Math.max(0, this.#column - (secondHalf ? 2 : 1))
  }

  tab(): void {
    this.goTo((Math.floor(this.#column / TAB) + 1) * TAB)
  }

  erase(from: number, to: number): void {
    this.#taking(from, to)
    const rest = this.#text.slice(to)
    this.#text =
      this.#text.slice(0, from) + (rest && ' '.repeat(Math.min(to, this.#text.length) - from) + rest)
  }

  /** Takes characters out; what is to the right moves up. */
  delete(count: number): void {
    const from = this.#column
    this.#taking(from, from + count)
    this.#text = this.#text.slice(0, from) + this.#text.slice(from + count)
  }

  /** Moves what is to the right of the cursor by some blanks. */
  insert(count: number): void {
    const rest = this.#text.slice(this.#column)
    if (rest) this.#text = this.#text.slice(0, this.#column) + ' '.repeat(Math.min(count, MAX_COLUMN)) + rest
  }

  /** Ends the line. The next one begins at `column`. */
  end(column: number): PlainLine {
    this.#settle()
    const line = new PlainLine(this.#text, this.#marks)
    this.#text = ''
    this.#marks = []
    this.#column = Math.min(column, MAX_COLUMN)
    this.#extent = 0
    this.#extentBefore = 0
    this.#credit = 0
    return line
  }

  #taking(from: number, to: number): void {
    if (this.#text.slice(from, to).trim() === '') return
    if (this.#before?.worthALine) this.#settle()
    this.#remember(true, this.#credit)
  }

  #remember(worthALine: boolean, credit: number): void {
    if (!this.#before) {
      const line = new PlainLine(this.#text, this.#marks)
      this.#before = { line, extents: [this.#extent, this.#extentBefore], credit, worthALine }
    } else if (worthALine) this.#before.worthALine = true
  }

  /** Keeps what was there before, if any of it is gone. */
  #settle(): void {
    const before = this.#before
    this.#before = null
    this.#wentBack = false
    if (!before?.worthALine || firstLoss(before.line.text, this.#text) < 0) return
    const affordable = [before.line.text.length, ...before.extents].filter(
      (length) => length <= before.credit,
    )
    const length = Math.max(0, ...affordable)
    if (length === 0) return
    this.#credit -= length
    this.#keep(before.line.upTo(length))
  }
}

/** The first character of `before` that is not in its place in `after`, or -1. Blanks do not count. */
function firstLoss(before: string, after: string): number {
  if (after.startsWith(before)) return -1
  for (let index = 0; index < before.length; index++) {
    const character = before.charAt(index)
    if (character !== ' ' && character !== after.charAt(index)) return index
  }
  return -1
}

/** The marks of a row of `length` characters, after the text from `mark.from` to `end` was printed anew. */
function overwritten(marks: readonly Mark[], mark: Mark, end: number, length: number): readonly Mark[] {
  if (marks.length >= MAX_MARKS) return marks
  const after = marks.findLast(({ from }) => from <= end)
  const rest = end < length && after ? [{ from: end, at: after.at }] : []
  return [
    ...marks.filter(({ from }) => from < mark.from),
    mark,
    ...rest,
    ...marks.filter(({ from }) => from > end && from < length),
  ]
}
