/** What stands at an ESC or a C1 introducer, up to where plain text goes on. */
export type Reading =
  /** A complete sequence. `text` is the sequence without the controls that came inside it. */
  | { kind: 'whole'; end: number; controls: string; text: string; string: StringKind | null }
  /** Nothing of it can be used. `end` is where the text goes on: after the introducer, or at what cut it off. */
  | { kind: 'given-up'; end: number; controls: string; unreadable: boolean }
  /** The text ends inside the sequence. `body` is where a string's text begins in `held`, null if it is no string. */
  | { kind: 'open'; controls: string; held: string; body: number | null }

type StringKind = 'osc' | 'other'

/**
 * The longest string. A link (OSC 8) has 2,083 characters of address and 250 of name at most, and the pictures that some
 * programs send come in pieces of 4,096. Line noise that looks like the begin of a string hides no more than this.
 */
export const MAX_STRING = 8192

/** The longest CSI or ESC sequence. xterm.js reads 32 parameters, and a colour has 17 characters. */
export const MAX_SEQUENCE = 256

const CAN = 0x18
const SUB = 0x1a
export const ESC = 0x1b
const DEL = 0x7f
const CSI_C1 = 0x9b
const OSC_C1 = 0x9d
const BRACKET = 0x5b

/** What ends a string, or shows that it is none. Only an OSC ends at BEL. */
const OSC_END = /[\x07\n\r\x18\x1a\x1b\x80-\x9f]/g
const STRING_END = /[\n\r\x18\x1a\x1b\x80-\x9f]/g

/** DCS, SOS, OSC, PM and APC after ESC. */
function stringAfterEscape(code: number): StringKind | null {
  switch (code) {
    case 0x5d:
      return 'osc'
    case 0x50:
    case 0x58:
    case 0x5e:
    case 0x5f:
      return 'other'
    default:
      return null
  }
}

/** The same as one character. */
function stringOfC1(code: number): StringKind | null {
  switch (code) {
    case OSC_C1:
      return 'osc'
    case 0x90:
    case 0x98:
    case 0x9e:
    case 0x9f:
      return 'other'
    default:
      return null
  }
}

/** Whether a C1 control begins a sequence. The others are one character and pass. */
export const introduces = (code: number) => code === CSI_C1 || stringOfC1(code) !== null

/**
 * Reads one sequence as xterm.js does.
 * @param at the index of ESC, or of a C1 control that `introduces` one
 * @param scanned a held string has no end before this index
 */
export function readSequence(text: string, at: number, scanned: number): Reading {
  const first = text.charCodeAt(at)
  const c1String = stringOfC1(first)
  if (c1String)
    return readString(text, at + 1, scanned, { kind: c1String, begin: text.charAt(at), controls: '' })
  let csi = first === CSI_C1
  let sequence = text.charAt(at)
  let controls = ''
  for (let index = at + 1; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (runsInside(code)) {
      // A terminal obeys it at once and goes on with the sequence. Moved in front, it does the same.
      controls += text.charAt(index)
      continue
    }
    // CAN, SUB, ESC, C1 and letters beyond ASCII cut the sequence off. They are read next.
    if (code < 0x20 || code >= 0x80) return { kind: 'given-up', end: index, controls, unreadable: false }
    if (!csi && sequence.length === 1) {
      const kind = stringAfterEscape(code)
      const begin = sequence + text.charAt(index)
      if (kind) return readString(text, index + 1, scanned, { kind, begin, controls })
      csi = code === BRACKET
      sequence = begin
      if (csi) continue
    } else sequence += text.charAt(index)
    if (code >= (csi ? 0x40 : 0x30)) {
      return { kind: 'whole', end: index + 1, controls, text: sequence, string: null }
    }
    if (sequence.length > MAX_SEQUENCE) {
      const shown = controls + sequence.slice(first === ESC && csi ? 2 : 1)
      return { kind: 'given-up', end: index + 1, controls: shown, unreadable: true }
    }
  }
  return { kind: 'open', controls, held: sequence, body: null }
}

/** A control that does not end a sequence. */
const runsInside = (code: number) =>
  (code < 0x20 && code !== CAN && code !== SUB && code !== ESC) || code === DEL

interface Begun {
  kind: StringKind
  /** The introducer */
  begin: string
  controls: string
}

/** @param body where the string's text begins */
function readString(text: string, body: number, scanned: number, { kind, begin, controls }: Begun): Reading {
  const ends = kind === 'osc' ? OSC_END : STRING_END
  ends.lastIndex = Math.max(body, scanned)
  const end = ends.test(text) ? ends.lastIndex - 1 : text.length
  const open = (): Reading => ({ kind: 'open', controls, held: begin + text.slice(body), body: begin.length })
  const whole = (after: number): Reading => ({
    kind: 'whole',
    end: after,
    controls,
    text: begin + text.slice(body, after),
    string: kind,
  })
  if (end - body <= MAX_STRING) {
    if (end === text.length) return open()
    switch (text.charCodeAt(end)) {
      case 0x07:
      case 0x9c:
        return whole(end + 1)
      case ESC:
        if (end + 1 === text.length) return open()
        if (text.charAt(end + 1) === '\\') return whole(end + 2)
    }
  }
  return { kind: 'given-up', end: body, controls, unreadable: true }
}

/** Writing to the reader's clipboard (OSC 52). A terminal would ignore the same controls inside the number. */
const CLIPBOARD = /^(?:\x1b\]|\x9d)[\x00-\x1f0]*5[\x00-\x1f]*2[\x00-\x1f]*(?:[;\x1b\x07\x9c])/

export const writesClipboard = (osc: string) => CLIPBOARD.test(osc)
