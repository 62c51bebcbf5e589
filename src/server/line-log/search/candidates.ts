import { endOfHarmless, skipHarmless, withoutColours } from './plain-line.ts'
import type { CompiledQuery, Literal } from './query.ts'

/** Where a line is in a chunk. Its end is before the line feed. */
export interface Span {
  start: number
  end: number
}

const BACKSPACE = 0x08
const NEWLINE = 0x0a
const ESC = 0x1b

/**
 * Lines of a chunk that may match, in order. Each other line does not match: what they leave out was looked for in its
 * bytes, past colours.
 */
export function candidates(chunk: Buffer, query: CompiledQuery): Span[] {
  const found = new Candidates(chunk)
  const { literal, block } = query
  if (literal) findLiteral(chunk, literal, found)
  else if (block.test(withoutColours(chunk.toString()))) return found.all()
  findHidden(chunk, literal, found)
  return found.inOrder()
}

function findLiteral(chunk: Buffer, { text, matchCase, pattern }: Literal, found: Candidates): void {
  const searched = chunk.toString('latin1')
  for (let from = 0; ; ) {
    let at: number
    if (matchCase) at = searched.indexOf(text, from)
    else {
      pattern.lastIndex = from
      at = pattern.test(searched) ? pattern.lastIndex - text.length : -1
    }
    if (at < 0) return
    from = found.add(at)
    if (from >= searched.length) return
  }
}

/** Lines in which a colour parts the text, or in which the cursor goes back or elsewhere: only the latter's look tells. */
function findHidden(chunk: Buffer, literal: Literal | null, found: Candidates): void {
  const parts = literal && new Parts(literal)
  for (let at = chunk.indexOf(ESC); at >= 0; ) {
    const end = endOfHarmless(chunk, at)
    let next: number
    if (end === 0 || parts?.areAround(chunk, at, end)) next = found.add(at)
    else next = end
    at = next < chunk.length ? chunk.indexOf(ESC, next) : -1
  }
  for (let at = chunk.indexOf(BACKSPACE); at >= 0; ) {
    const next = found.add(at)
    at = next < chunk.length ? chunk.indexOf(BACKSPACE, next) : -1
  }
}

/** Tells whether a sequence parts a literal in two. */
class Parts {
  readonly #bytes: Uint8Array
  readonly #fold: Uint8Array
  /** Bytes that can stand before the sequence, and after it */
  readonly #ends = new Uint8Array(256)
  readonly #begins = new Uint8Array(256)

  constructor({ bytes, matchCase }: Literal) {
    this.#bytes = bytes
    this.#fold = matchCase ? same : lower
    for (const byte of bytes.subarray(0, -1)) this.#ends[byte] = 1
    for (const byte of bytes.subarray(1)) this.#begins[byte] = 1
  }

  areAround(chunk: Uint8Array, sequence: number, end: number): boolean {
    const before = this.#folded(chunk, sequence - 1)
    if (this.#ends[before] !== 1) return false
    const after = this.#folded(chunk, skipHarmless(chunk, end))
    if (this.#begins[after] !== 1) return false
    for (let length = 1; length < this.#bytes.length; length++) {
      if (this.#bytes[length] === after && this.#endsWith(chunk, sequence, length)) return true
    }
    return false
  }

  /** Whether the literal's first part, of this length, ends there. */
  #endsWith(chunk: Uint8Array, end: number, length: number): boolean {
    for (let back = 1; back <= length; back++) {
      if (this.#folded(chunk, end - back) !== this.#bytes[length - back]) return false
    }
    return true
  }

  #folded(chunk: Uint8Array, at: number): number {
    return this.#fold[chunk[at] ?? 0] ?? 0
  }
}

const same = Uint8Array.from({ length: 256 }, (_, byte) => byte)
const lower = same.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte))

class Candidates {
  readonly #chunk: Buffer
  readonly #ends = new Map<number, number>()

  constructor(chunk: Buffer) {
    this.#chunk = chunk
  }

  /** Adds the line around a place. @returns where the next line begins */
  add(at: number): number {
    const start = this.#chunk.lastIndexOf(NEWLINE, at) + 1
    const end = this.#lineEnd(at)
    this.#ends.set(start, end)
    return end + 1
  }

  all(): Span[] {
    const spans: Span[] = []
    for (let start = 0; start < this.#chunk.length; ) {
      const end = this.#lineEnd(start)
      spans.push({ start, end })
      start = end + 1
    }
    return spans
  }

  inOrder(): Span[] {
    return [...this.#ends].map(([start, end]) => ({ start, end })).sort((a, b) => a.start - b.start)
  }

  #lineEnd(from: number): number {
    const end = this.#chunk.indexOf(NEWLINE, from)
    return end < 0 ? this.#chunk.length : end
  }
}
