import { mayCount, type ScreenSize, withinScreen } from './counts.ts'
import { ESC, introduces, MAX_SEQUENCE, readSequence, writesClipboard } from './sequence.ts'

/** After so much silence a string that has not ended is line noise: whoever has a clock calls `flush`. */
export const SILENCE_MS = 200

/** Where a sequence may begin: ESC, and the C1 controls as single characters. */
const SPECIAL = /[\x1b\x80-\x9f]/g
const C1 = /[\x80-\x9f]/

/**
 * Stands between a serial line and a terminal, or whatever else reads the line's text. A line may send anything: noise,
 * half a sequence, or sequences that freeze a terminal. What leaves the guard is the same text, with these promises:
 *
 * - Each sequence leaves whole and in one piece. Between two calls a terminal is never inside one.
 * - No count is larger than the screen, so no sequence takes long.
 * - A string (DCS, OSC, ...) that does not end is given up, and its text shows. It would hide all that follows.
 * - Nothing reaches the reader's clipboard.
 *
 * The result is the same however the text is split, and the guard changes nothing in its own output.
 */
export class Guard {
  readonly #size: () => ScreenSize
  /** A sequence without its end. */
  #held = ''
  /** Where the text of a held string begins. Null if no string is held. */
  #body: number | null = null
  /** The last character that left. */
  #last = 0
  #skipped = 0

  constructor(size: () => ScreenSize) {
    this.#size = size
  }

  /** How often an introducer was left out because its sequence could not be read. */
  get skipped(): number {
    return this.#skipped
  }

  /** Text is held back that `flush` would show. */
  get holding(): boolean {
    return this.#body !== null
  }

  /** What comes next is the rest of a sequence. */
  get insideSequence(): boolean {
    return this.#held !== ''
  }

  push(text: string): string {
    if (this.#held === '' && text.search(SPECIAL) < 0) {
      if (text !== '') this.#last = text.charCodeAt(text.length - 1)
      return text
    }
    const scanned = this.#body === null ? 0 : this.#scanned()
    const input = this.#held + text
    this.#held = ''
    this.#body = null
    return this.#pass(input, scanned)
  }

  /** The line has been silent: a string that has not ended by now is none. */
  flush(): string {
    if (this.#body === null) return ''
    this.#skipped += 1
    const text = this.#held.slice(this.#body, this.#scanned())
    // An ESC at its end may begin another sequence.
    this.#held = this.#held.slice(this.#scanned())
    this.#body = null
    if (text !== '') this.#last = text.charCodeAt(text.length - 1)
    return text
  }

  /** The stream breaks here. What comes next is not the rest of what is held. */
  end(): string {
    const text = this.flush()
    this.#held = ''
    return text
  }

  /** How far a held string has been read: all of it, but for an ESC at its end. */
  #scanned(): number {
    const { length } = this.#held
    return this.#held.charCodeAt(length - 1) === ESC ? length - 1 : length
  }

  #pass(input: string, scanned: number): string {
    // Almost no text has a C1 control. Looking for ESC alone is quicker.
    const next = C1.test(input) ? nextSpecial : nextEscape
    let out = ''
    /** All before this index is in `out`. */
    let copied = 0
    let last = this.#last
    const put = (until: number, added: string, goOn: number) => {
      if (until > copied) last = input.charCodeAt(until - 1)
      if (added !== '') last = added.charCodeAt(added.length - 1)
      out += input.slice(copied, until) + added
      copied = goOn
    }
    for (let at = next(input, 0); at >= 0; ) {
      const plain = endOfPlainCsi(input, at)
      if (plain > 0) {
        at = next(input, plain)
        continue
      }
      const code = input.charCodeAt(at)
      if (code !== ESC && !introduces(code)) {
        at = next(input, at + 1)
        continue
      }
      const reading = readSequence(input, at, at === 0 ? scanned : 0)
      if (reading.kind === 'open') {
        put(at, reading.controls, input.length)
        this.#held = reading.held
        this.#body = reading.body
        break
      }
      if (reading.kind === 'given-up') {
        if (reading.unreadable) this.#skipped += 1
        put(at, reading.controls, reading.end)
      } else {
        put(at, reading.controls, at)
        const passed = this.#passed(reading.string, reading.text, last)
        put(at, passed, reading.end)
      }
      at = next(input, reading.end)
    }
    put(input.length, '', input.length)
    this.#last = last
    return out
  }

  #passed(string: 'osc' | 'other' | null, sequence: string, before: number): string {
    if (string === null) return withinScreen(sequence, before, this.#size())
    return string === 'osc' && writesClipboard(sequence) ? '' : sequence
  }
}

const nextEscape = (text: string, from: number) => text.indexOf('\x1b', from)

function nextSpecial(text: string, from: number): number {
  SPECIAL.lastIndex = from
  return SPECIAL.test(text) ? SPECIAL.lastIndex - 1 : -1
}

/**
 * Passes over a CSI sequence that nothing here could change, such as a colour: most sequences are like that.
 * @returns where it ends, or 0 if it needs a closer look
 */
function endOfPlainCsi(text: string, at: number): number {
  if (text.charCodeAt(at) !== ESC || text.charCodeAt(at + 1) !== 0x5b) return 0
  const stop = Math.min(text.length, at + MAX_SEQUENCE)
  for (let index = at + 2; index < stop; index++) {
    const code = text.charCodeAt(index)
    if (code >= 0x30 && code < 0x40) continue
    return code >= 0x40 && code < 0x7f && !mayCount[code] ? index + 1 : 0
  }
  return 0
}
