import type { Server } from '../../../shared/server.ts'
import type { Entry } from './server-index.ts'
import type { SearchWord } from './words.ts'

/** What a search found, in the order of its list. Both arrays are equally long. */
export interface Found {
  rows: readonly Server[]
  entries: readonly Entry[]
}

interface Kept {
  words: readonly SearchWord[]
  found: Found
}

/** A long search is typed and taken away again within so many. */
const KEPT = 32

/**
 * Finds servers by words. Who types asks for less with each key, and with each key taken back for what was there before.
 * So the last searches of a list are kept: one of them has all that a longer one can find.
 */
export class Searches {
  readonly #kept = new WeakMap<readonly Server[], Kept[]>()

  /**
   * @param all servers, in the order that the answer has
   * @returns the very same arrays for the same words and list
   */
  find(all: Found, words: readonly SearchWord[]): Found {
    if (words.length === 0) return all
    const kept = this.#kept.get(all.rows) ?? []
    this.#kept.set(all.rows, kept)
    let wider = all
    for (const each of kept) {
      if (!narrows(words, each.words)) continue
      if (narrows(each.words, words)) return each.found
      if (each.found.rows.length < wider.rows.length) wider = each.found
    }
    const found = filter(wider, words)
    kept.push({ words, found })
    if (kept.length > KEPT) kept.shift()
    return found
  }
}

/** Whatever has the words of the first has those of the second. */
const narrows = (words: readonly SearchWord[], wide: readonly SearchWord[]) =>
  wide.every((each) => words.some((word) => implies(word, each)))

/** Each tag is in the text, too, so a word of tags finds nothing that the same word without a field does not find. */
const implies = (word: SearchWord, wide: SearchWord) =>
  wide.tagOnly ? word.tagOnly && word.text.startsWith(wide.text) : word.text.includes(wide.text)

/** A plain loop, since the first searches run code that the browser has not compiled yet. */
function filter({ rows, entries }: Found, words: readonly SearchWord[]): Found {
  const found: { rows: Server[]; entries: Entry[] } = { rows: [], entries: [] }
  for (let at = 0; at < rows.length; at++) {
    const server = rows[at]
    const entry = entries[at]
    if (!server || !entry || !finds(words, entry)) continue
    found.rows.push(server)
    found.entries.push(entry)
  }
  return found
}

function finds(words: readonly SearchWord[], { text, tagText }: Entry): boolean {
  for (const word of words)
    if (!(word.tagOnly ? tagText.includes(`\n${word.text}`) : text.includes(word.text))) return false
  return true
}
