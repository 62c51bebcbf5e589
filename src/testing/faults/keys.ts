/** Bytes of a numbered key. The window and all pieces are multiples of it, so no key is ever cut. */
export const KEY_BYTES = 4

const DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const BASE = DIGITS.length
/** A key begins with a letter of its page, which is its highest digit, too. */
const FIRST = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const PER_PAGE = FIRST.length / 2

/** The key of this number on page 0 or 1. */
function keyOf(page: number, number: number): string {
  let text = ''
  let rest = number
  for (let digit = 0; digit < 3; digit++) {
    text = DIGITS.charAt(rest % BASE) + text
    rest = Math.floor(rest / BASE)
  }
  return FIRST.charAt(page * PER_PAGE + rest) + text
}

/** @throws Error if this is no key */
function readKey(text: string): { page: number; number: number } {
  const first = FIRST.indexOf(text.charAt(0))
  let number = first % PER_PAGE
  for (const digit of text.slice(1)) {
    const value = DIGITS.indexOf(digit)
    if (value < 0) throw new Error(`“${text}” is no key.`)
    number = number * BASE + value
  }
  if (first < 0 || text.length !== KEY_BYTES) throw new Error(`“${text}” is no key.`)
  return { page: Math.floor(first / PER_PAGE), number }
}

/** All keys of a text, in order. */
export function readKeys(text: string): { page: number; number: number }[] {
  return Array.from({ length: Math.ceil(text.length / KEY_BYTES) }, (_, index) =>
    readKey(text.slice(index * KEY_BYTES, (index + 1) * KEY_BYTES)),
  )
}

/** What became of each key of a page. Nothing may contradict anything. */
export class KeyLedger {
  readonly typed: number
  readonly wrong: string[] = []
  readonly #page: number
  readonly #arrived: Uint8Array
  readonly #notSent: Uint8Array
  readonly #unknown: Uint8Array
  #next = 0
  #last = -1
  #resolved = 0
  arrivals = 0
  announcedNotSent = 0
  announcedUnknown = 0

  constructor(page: number, keys: number) {
    this.#page = page
    this.typed = keys
    this.#arrived = new Uint8Array(keys)
    this.#notSent = new Uint8Array(keys)
    this.#unknown = new Uint8Array(keys)
  }

  get left(): number {
    return this.typed - this.#next
  }

  /** Typed, and nothing is known of it. */
  get open(): number {
    return this.#next - this.#resolved
  }

  type(count: number): string {
    let text = ''
    for (let typed = 0; typed < count && this.left > 0; typed++) text += keyOf(this.#page, this.#next++)
    return text
  }

  /** The machine read it. */
  arrives(number: number): void {
    if (number <= this.#last) this.#blame(`key ${number} came after ${this.#last}`)
    if (this.#notSent[number]) this.#blame(`key ${number} came, and was called not sent`)
    this.#last = Math.max(this.#last, number)
    this.#resolve(number)
    this.#arrived[number] = 1
    this.arrivals += 1
  }

  /** The page said that it did not arrive, or may not have. */
  announce(number: number, fate: 'notSent' | 'unknown'): void {
    if (fate === 'notSent' && this.#arrived[number]) this.#blame(`key ${number} is called not sent, but came`)
    this.#resolve(number)
    if (fate === 'notSent') {
      this.announcedNotSent += 1
      this.#notSent[number] = 1
    } else {
      this.announcedUnknown += 1
      this.#unknown[number] = 1
    }
  }

  /** Numbers whose fate is open. */
  openNumbers(): number[] {
    const open: number[] = []
    for (let number = 0; number < this.#next; number++) {
      if (!this.#arrived[number] && !this.#notSent[number] && !this.#unknown[number]) open.push(number)
    }
    return open
  }

  hasArrived(number: number): boolean {
    return this.#arrived[number] === 1
  }

  #resolve(number: number): void {
    if (!this.#arrived[number] && !this.#notSent[number] && !this.#unknown[number]) this.#resolved += 1
  }

  #blame(what: string): void {
    if (this.wrong.length < 10) this.wrong.push(`page ${this.#page}: ${what}`)
  }
}
