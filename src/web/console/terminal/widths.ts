import type { Terminal } from '@xterm/xterm'

/** What this needs of a terminal with or without a screen (`@xterm/xterm`, `@xterm/headless`) */
type Counting = Pick<Terminal, 'unicode'>

const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{16fff}\u{17000}-\u{18d7f}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}]|\p{Emoji_Presentation}/u
const NOT_WIDE = /[\u303f\p{Regional_Indicator}]/u
/** Marks that go onto the character before, and Hangul's vowels and finals */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]/u
/** Format characters that are seen */
const NOT_ZERO = /[\u00ad\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u

function measured(codePoint: number): 0 | 1 | 2 {
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) return 0
  const character = String.fromCodePoint(codePoint)
  if (ZERO.test(character) && !NOT_ZERO.test(character)) return 0
  return WIDE.test(character) && !NOT_WIDE.test(character) ? 2 : 1
}

/** Widths that are known, plus 1 */
const known = new Uint8Array(0x20000)

/**
 * How many columns a character takes, as the C library of the machine counts (`wcwidth` of glibc 2.36, compared for each
 * assigned character): programs there place their cursor by it. It counts single characters, so an emoji of several takes
 * the columns of all its parts. The browser's own tables say what is a mark and what is an emoji, so new ones are right
 * without a new release.
 */
export function widthOf(codePoint: number): 0 | 1 | 2 {
  const before = known[codePoint]
  // No table is as large as what is beyond these planes.
  if (before === undefined) return measured(codePoint)
  if (before !== 0) return before === 1 ? 0 : before === 2 ? 1 : 2
  const width = measured(codePoint)
  known[codePoint] = width + 1
  return width
}

/** The properties of a cell in xterm.js: bit 0 says that the character joins the one before, bits 1 and 2 are its width. */
const ONE_COLUMN = 1 << 1
const joins = (width: number) => (width << 1) | 1

/** Has the terminal count columns so. Its own tables are those of Unicode 6. */
export function countColumns(terminal: Counting): void {
  terminal.unicode.register({
    version: 'wcwidth',
    wcwidth: widthOf,
    charProperties(codePoint, preceding) {
      // Almost all that a line says
      if (codePoint >= 0x20 && codePoint < 0x7f) return ONE_COLUMN
      const width = widthOf(codePoint)
      const before = (preceding >> 1) & 3
      return width === 0 && before !== 0 ? joins(before) : width << 1
    },
  })
  terminal.unicode.activeVersion = 'wcwidth'
}
