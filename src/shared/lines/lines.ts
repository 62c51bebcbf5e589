import { Guard } from '../guard/guard.ts'
import { CharacterSets } from './character-sets.ts'
import { type PlainLine, Row } from './row.ts'

export type { PlainLine } from './row.ts'

/** A longer line is cut in two. */
export const MAX_LINE = 8 * 1024

/** Repeats and moves go no further than this. Only counts need a size here. */
const SIZE = { cols: 256, rows: 1 }

const CONTROL = /[\x00-\x1f\x7f-\x9f]/g
/** Parameters, intermediates, final */
const CSI = /(?:\x1b\[|\x9b)([0-?]*)([ -/]*)([@-~])/y
const OSC = /(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)/y
/** DCS, SOS, PM and APC */
const OTHER_STRING = /(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)/y
const ESCAPE = /\x1b[ -/]*[0-~]/y

/** The second half of a character beyond 16 bits. */
const isHalf = (code: number) => code >= 0xdc00 && code < 0xe000

/** Passes over what most sequences are: a colour. @returns where it ends, or 0 if it is something else */
function endOfColour(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x1b || text.charCodeAt(at + 1) !== 0x5b) return 0
  for (let index = at + 2; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x30 || code > 0x3b) return code === 0x6d ? index + 1 : 0
  }
  return 0
}

/**
 * Turns a serial line's text into lines of plain text: for search, export, and whatever else reads. It keeps everything
 * that was printed. A row that is written over or erased is a line of its own, and so is what a full-screen program
 * draws. It follows the cursor along its row only: a move to another row ends the line.
 */
export class Lines {
  readonly #guard = new Guard(() => SIZE)
  readonly #emit: (line: PlainLine) => void
  readonly #row: Row
  readonly #sets = new CharacterSets()
  /** The last character printed, if nothing came after it. */
  #repeatable = ''

  constructor(emit: (line: PlainLine) => void) {
    this.#emit = emit
    this.#row = new Row(emit)
  }

  /** @param at when or where the text was printed: a line gives it back for each character */
  push(text: string, at: number): void {
    this.#read(this.#guard.push(text), at)
  }

  /** The line was silent for `SILENCE_MS`. */
  flush(at: number): void {
    this.#read(this.#guard.flush(), at)
  }

  /** The stream breaks: what comes next is not the rest of a sequence. */
  break(at: number): void {
    this.#read(this.#guard.end(), at)
    this.#sets.reset()
  }

  /** No more comes: the last row is a line, too. */
  end(at: number): void {
    this.break(at)
    this.#leaveRow(0)
  }

  #read(text: string, at: number): void {
    for (let from = 0; from < text.length; ) {
      CONTROL.lastIndex = from
      const control = CONTROL.test(text) ? CONTROL.lastIndex - 1 : text.length
      if (control > from) this.#print(text.slice(from, control), at)
      from = control < text.length ? this.#obey(text, control, at) : control
    }
  }

  #print(printed: string, at: number): void {
    const text = this.#sets.drawn(printed)
    for (let from = 0; from < text.length; ) {
      const room = Math.max(1, MAX_LINE - this.#row.column)
      // Both halves of a character stay together.
      const end = from + room + (isHalf(text.charCodeAt(from + room)) ? 1 : 0)
      this.#row.write(text.slice(from, end), at)
      from = end
      if (this.#row.length >= MAX_LINE) this.#emit(this.#row.end(0))
    }
    this.#repeatable = printed.slice(isHalf(printed.charCodeAt(printed.length - 1)) ? -2 : -1)
  }

  /** @returns the index after the control at `index` */
  #obey(text: string, index: number, at: number): number {
    const repeatable = this.#repeatable
    this.#repeatable = ''
    switch (text.charAt(index)) {
      case '\n':
      case '\v':
      case '\f':
      case '\x84':
      case '\x85':
        this.#emit(this.#row.end(0))
        return index + 1
      case '\r':
        this.#row.goToBegin()
        return index + 1
      case '\b':
        this.#row.backspace()
        return index + 1
      case '\t':
        this.#row.tab()
        return index + 1
      case '\x0e':
      case '\x0f':
        this.#sets.shift(text.charAt(index) === '\x0e' ? 1 : 0)
        return index + 1
      case '\x8d':
        this.#leaveRow(this.#row.column)
        return index + 1
      default:
        return endOfColour(text, index) || this.#sequence(text, index, at, repeatable)
    }
  }

  #sequence(text: string, index: number, at: number, repeatable: string): number {
    CSI.lastIndex = index
    const csi = CSI.exec(text)
    if (csi) {
      const [, parameters = '', intermediates = '', final = ''] = csi
      if (intermediates === '') this.#control(final, parameters, at, repeatable)
      // A soft reset
      else if (intermediates === '!' && final === 'p') this.#sets.reset()
      return CSI.lastIndex
    }
    for (const string of [OSC, OTHER_STRING]) {
      string.lastIndex = index
      if (string.test(text)) return string.lastIndex
    }
    ESCAPE.lastIndex = index
    const [sequence] = ESCAPE.exec(text) ?? []
    if (sequence === undefined) return index + 1
    this.#escape(sequence)
    return ESCAPE.lastIndex
  }

  #escape(sequence: string): void {
    this.#sets.escape(sequence)
    switch (sequence.slice(1)) {
      // A line feed, with and without a carriage return
      case 'D':
      case 'E':
        this.#emit(this.#row.end(0))
        return
      // Up, back to a saved place, reset, a screen full of E
      case 'M':
        this.#leaveRow(this.#row.column)
        return
      case '8':
      case 'c':
      case '#8':
        this.#leaveRow(0)
    }
  }

  #control(final: string, parameters: string, at: number, repeatable: string): void {
    const row = this.#row
    const [first = 0, second = 0] = parameters.split(';').map((number) => Number.parseInt(number, 10) || 0)
    const count = first || 1
    if (parameters.startsWith('?')) return this.#privateControl(final, parameters)
    if (/^[<=>]/.test(parameters)) return
    switch (final) {
      case 'C':
      case 'a':
        return row.goTo(row.column + count)
      case 'D':
        return row.goTo(row.column - count)
      case 'G':
      case '`':
        return row.goTo(count - 1)
      case 'I':
        return row.tab()
      case 'Z':
        return row.goTo(row.column - 8)
      case 'K':
        return this.#eraseInRow(first)
      case 'J':
        return first === 0 ? this.#eraseInRow(0) : this.#leaveRow(row.column)
      case 'P':
        return row.delete(count)
      case 'X':
        return row.erase(row.column, row.column + count)
      case '@':
        return row.insert(count)
      case 'b':
        this.#print(repeatable.repeat(count), at)
        this.#repeatable = ''
        return
      // Up, down, to a row, scroll
      case 'A':
      case 'B':
      case 'd':
      case 'e':
      case 'S':
      case 'T':
        return this.#leaveRow(row.column)
      case 'H':
      case 'f':
        return this.#leaveRow(Math.max(0, second - 1))
      // Next and previous row, insert and delete rows, scroll region
      case 'E':
      case 'F':
      case 'L':
      case 'M':
      case 'r':
        return this.#leaveRow(0)
      case 's':
        return this.#sets.save()
      case 'u':
        this.#sets.restore()
        return this.#leaveRow(0)
    }
  }

  #privateControl(final: string, parameters: string): void {
    switch (final) {
      // Programs use these for text that is not protected, so they erase like the others.
      case 'J':
      case 'K':
        return this.#eraseInRow(Number.parseInt(parameters.slice(1), 10) || 0)
      // To the other screen and back
      case 'h':
      case 'l':
        if (/(?:^\?|;)(?:47|1047|1049)(?:;|$)/.test(parameters)) this.#leaveRow(0)
    }
  }

  #eraseInRow(part: number): void {
    const { column, length } = this.#row
    if (part === 0) this.#row.erase(column, length)
    else if (part === 1) this.#row.erase(0, column + 1)
    else if (part === 2) this.#row.erase(0, length)
  }

  /** The cursor goes to another row. An empty row is no line then: nothing was printed. */
  #leaveRow(column: number): void {
    const { isBlank } = this.#row
    const line = this.#row.end(column)
    if (!isBlank) this.#emit(line)
  }
}
