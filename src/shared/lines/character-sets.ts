/**
 * The VT100's special graphics, as xterm.js draws them.
 * https://vt100.net/docs/vt100-ug/table3-9.html
 */
const GRAPHICS = '◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·'
const FIRST = '`'.charCodeAt(0)
const LETTERS = /[`-~]/g
/** What a program that draws does not print: a capital, a digit, most punctuation. */
const TEXT = /[!-^]/

/** `ESC ( 0` puts a set into slot 0, and so on. */
const SLOTS = '()*+'

interface Sets {
  /** One bit for each of the four slots: it has the graphics. Every other set counts as ASCII. */
  graphics: number
  /** The slot that is printed with */
  shift: number
}

const ASCII: Sets = { graphics: 0, shift: 0 }

/**
 * The character sets that a program switches to draw boxes: between `ESC ( 0` and `ESC ( B`, `q` is a line. A machine
 * that restarts in the middle of a box switches nothing back, and a terminal shows its boot log in boxes. Here the first
 * capital, digit or bracket proves that it is text, so the sets are ASCII again.
 */
export class CharacterSets {
  #sets = ASCII
  #saved = ASCII

  /** @param text printed characters, without controls. @returns as many, as they look */
  drawn(text: string): string {
    const { graphics, shift } = this.#sets
    if (((graphics >> shift) & 1) === 0) return text
    const proof = TEXT.exec(text)
    const drawn = text
      .slice(0, proof?.index)
      .replace(LETTERS, (letter) => GRAPHICS.charAt(letter.charCodeAt(0) - FIRST))
    if (!proof) return drawn
    this.reset()
    return drawn + text.slice(proof.index)
  }

  /** @param slot 1 for SO, 0 for SI */
  shift(slot: number): void {
    this.#sets = { ...this.#sets, shift: slot }
  }

  /** @param sequence an escape sequence, whatever it means */
  escape(sequence: string): void {
    const kind = sequence.charAt(1)
    const slot = SLOTS.indexOf(kind)
    if (slot >= 0) return this.#fill(slot, sequence.slice(2) === '0')
    switch (kind) {
      case 'n':
        return this.shift(2)
      case 'o':
        return this.shift(3)
      case '7':
        return this.save()
      case '8':
        return this.restore()
      case 'c':
        return this.reset()
    }
  }

  /** With the cursor's place */
  save(): void {
    this.#saved = this.#sets
  }

  restore(): void {
    this.#sets = this.#saved
  }

  reset(): void {
    this.#sets = ASCII
    this.#saved = ASCII
  }

  #fill(slot: number, withGraphics: boolean): void {
    const { graphics, shift } = this.#sets
    const bit = 1 << slot
    this.#sets = { graphics: withGraphics ? graphics | bit : graphics & ~bit, shift }
  }
}
