/**
 * What a sequence may cost the terminal, in plain characters. To fill a screen, keep its rows and erase it takes 0.2 ms,
 * which is as long as 8,000 characters take.
 */
const SEQUENCE = 8192
/** A line feed moves rows. In a scroll region that takes 2.5 µs; a row for the scrollback, fresh memory and twice that. */
const LINE = 128
/** Editing within a row touches each of its cells. */
const ROW = 64
/** Colours and cursor moves cost little. */
const SMALL = 8
/** What a CSI sequence costs, by its final character */
const finals = new Uint16Array(0x80).fill(SEQUENCE)
for (const final of 'ABCDEFGHdfmrsu') finals[final.charCodeAt(0)] = SMALL
for (const final of '@KPX') finals[final.charCodeAt(0)] = ROW
/** The longest sequence whose end is looked for. */
const LONGEST = 40

const ESC = '\x1b'
const BRACKET = 0x5b
const CSI = '\x9b'
/** The control characters that cost more than others: besides ESC and CSI they are LF, VT, FF, IND and NEL. */
const costly = [ESC, CSI, '\n', '\v', '\f', '\x84', '\x85']

/** As much of a text as may be written at once, so that it keeps the main thread only for a moment */
interface Slice {
  /** Where it ends, in UTF-16 units */
  end: number
  /** What it costs, in plain characters */
  cost: number
}

/**
 * Takes as much of the text as the budget allows, and at least one character. The terminal parses a stream, so a slice
 * may end anywhere. It hops from one costly character to the next, since most text has few.
 */
export function sliceOf(text: string, budget: number): Slice {
  const kinds = costly.filter((character) => text.includes(character))
  const next = kinds.map((character) => text.indexOf(character))
  let cost = 0
  let from = 0
  while (from < text.length) {
    let nearest = 0
    let at = text.length
    for (let kind = 0; kind < next.length; kind++) {
      const place = next[kind] ?? at
      if (place >= at) continue
      nearest = kind
      at = place
    }
    if (cost + at - from > budget) {
      const end = Math.max(1, from + budget - cost)
      return { end, cost: cost + end - from }
    }
    cost += at - from
    from = at
    const character = kinds[nearest]
    if (at === text.length || character === undefined) break
    const own = 1 + costOf(text, at, character)
    if (cost + own > budget && at > 0) break
    cost += own
    from = at + 1
    next[nearest] = find(text, character, from)
  }
  return { end: from, cost }
}

function find(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from)
  return at < 0 ? text.length : at
}

/** What the control character at this place costs more than another one */
function costOf(text: string, at: number, character: string): number {
  switch (character) {
    case ESC:
      return text.charCodeAt(at + 1) === BRACKET ? costOfCsi(text, at + 2) : SEQUENCE
    case CSI:
      return costOfCsi(text, at + 1)
    default:
      return LINE
  }
}

/** @param from where its parameters begin. A sequence that ends in the next text counts as a costly one. */
function costOfCsi(text: string, from: number): number {
  for (let at = from; at < from + LONGEST; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x30 || code > 0x3b) return finals[code] ?? SEQUENCE
  }
  return SEQUENCE
}
