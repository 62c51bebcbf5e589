/**
 * What a sequence may cost the terminal, in plain characters. To erase a full screen takes 0.1 ms, which is as long as
 * 4,000 characters take.
 */
const SEQUENCE = 4096
/** Colours, cursor moves and editing within a row cost little. */
const SMALL = 64
/** How these end */
const SMALL_FINALS = new Set(Array.from('@ABCDEFGHKPXdfmnrsu', (final) => final.charCodeAt(0)))
/** A line feed within a scroll region moves every row of it. */
const LINE = 256
/** The longest sequence whose end is looked for. */
const LONGEST = 40

const ESC = 0x1b
const BRACKET = 0x5b
const CSI = 0x9b

/** As much of a text as may be written at once, so that it keeps the main thread only for a moment */
interface Slice {
  /** Where it ends, in UTF-16 units */
  end: number
  /** What it costs, in plain characters */
  cost: number
}

/**
 * Takes as much of the text as the budget allows, and at least one character. The terminal parses a stream, so a slice
 * may end anywhere.
 */
export function sliceOf(text: string, budget: number): Slice {
  let cost = 0
  let at = 0
  while (at < text.length) {
    const next = 1 + costOf(text, at)
    if (cost + next > budget && at > 0) break
    cost += next
    at += 1
  }
  return { end: at, cost }
}

/** What the control character at this place costs more than another one */
function costOf(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code >= 0x20 && (code < 0x80 || code > 0x9f)) return 0
  switch (code) {
    case ESC:
      return text.charCodeAt(at + 1) === BRACKET && isSmall(text, at + 2) ? SMALL : SEQUENCE
    case CSI:
      return isSmall(text, at + 1) ? SMALL : SEQUENCE
    // LF, VT, FF, IND and NEL
    case 0x0a:
    case 0x0b:
    case 0x0c:
    case 0x84:
    case 0x85:
      return LINE
    default:
      return 0
  }
}

/** Whether the sequence whose parameters begin here is a small one. One that ends in the next text is not. */
function isSmall(text: string, from: number): boolean {
  for (let at = from; at < from + LONGEST; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x30 || code > 0x3b) return SMALL_FINALS.has(code)
  }
  return false
}
