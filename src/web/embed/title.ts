/** As long as the contract lets a title be; UTF-16 units. */
const TITLE_LENGTH = 256

// Controls; marks that reorder what stands around them (https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings);
// line and paragraph separators.
const unwanted = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** What the machine calls its terminal, fit to be shown in another page: one line of plain text. */
export function cleanTitle(given: string): string {
  const line = given.replace(unwanted, ' ').trim().slice(0, TITLE_LENGTH)
  // Not a half of a pair.
  return /[\ud800-\udbff]$/.test(line) ? line.slice(0, -1) : line
}
