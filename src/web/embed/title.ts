/** The longest title that the contract allows, in UTF-16 units. */
const TITLE_LENGTH = 256

// Control characters, line and paragraph separators, and marks that reorder the text around them:
// https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings
const unwanted = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Makes the machine's name for its terminal safe to show in another page: one line of plain text. */
export function cleanTitle(given: string): string {
  const line = given.replace(unwanted, ' ').trim().slice(0, TITLE_LENGTH)
  // The cut must not leave half of a surrogate pair.
  return /[\ud800-\udbff]$/.test(line) ? line.slice(0, -1) : line
}
