import { stripVTControlCharacters } from 'node:util'

/** A sequence that may go on in the next event. No terminal's sequence is longer. */
const UNFINISHED = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]{0,4096}\x1b?|[ -/]*)$/
/** DCS, SOS, PM, APC: strings that a terminal never shows. */
const STRINGS = /\x1b[PX^_][^\x07\x1b]*(?:\x1b\\|\x07)/g
/** Moves to another row. What follows is not the same line. */
const MOVES = /\x1b\[[0-9;]*[EFHfd]|\r(?!\n)/g
/** All control characters but backspace and line feed. */
const CONTROLS = /[\x00-\x07\x0b-\x1f\x7f]/g
const MAX_LINE = 8 * 1024

/** A line that a machine printed, without escape sequences. */
export interface PlainLine {
  text: string
  /** When the character at `index` was printed. */
  secondAt(index: number): number
}

/**
 * Turns events into lines of plain text for a search. It is quick because it ignores rows and columns; `screenText`
 * shows what the screen showed.
 */
export class PlainLines {
  #unfinished = ''
  #text = ''
  #pieces: { from: number; second: number }[] = [];

  /** The lines that end in this event. */
  *feed(second: number, data: string): Generator<PlainLine> {
    let input = this.#unfinished + data
    this.#unfinished = UNFINISHED.exec(input)?.[0] ?? ''
    if (this.#unfinished) input = input.slice(0, -this.#unfinished.length)
    if (input.includes('\x1b')) {
      input = stripVTControlCharacters(input.replace(STRINGS, '').replace(MOVES, '\n'))
    } else input = input.replace(MOVES, '\n')
    const rows = input.replaceAll('\t', ' ').replace(CONTROLS, '').split('\n')
    for (const [index, row] of rows.entries()) {
      if (index > 0) yield* this.end()
      this.#append(second, row)
      if (this.#text.length > MAX_LINE) yield* this.end()
    }
  }

  /** The line that has not ended yet. */
  *end(): Generator<PlainLine> {
    const text = this.#text
    const pieces = this.#pieces
    this.#text = ''
    this.#pieces = []
    if (text === '') return
    yield {
      text,
      secondAt: (index) => (pieces.findLast(({ from }) => from <= index) ?? pieces[0])?.second ?? 0,
    }
  }

  #append(second: number, row: string): void {
    if (row === '') return
    this.#pieces.push({ from: this.#text.length, second })
    if (!row.includes('\b')) {
      this.#text += row
      return
    }
    // A line editor rubs out with backspace, space, backspace. Each backspace takes one character.
    const characters = [...this.#text]
    for (const character of row) {
      if (character === '\b') characters.pop()
      else characters.push(character)
    }
    this.#text = characters.join('')
  }
}
