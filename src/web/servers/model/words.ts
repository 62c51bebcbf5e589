/** A word of a search. Without a field it may stand in any fact of a server. */
export interface SearchWord {
  text: string
  tagOnly: boolean
}

const TAG = 'tag:'

/** A MAC address, or its beginning, as Windows writes it. */
const DASHED_MAC = /^[0-9a-f]{2}(-[0-9a-f]{2}){2,5}$/

/** The words of a query. Quotes keep words together: `tag:"owner=Jane Doe"`. */
export function searchWords(query: string): SearchWord[] {
  const parts = query.toLowerCase().match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []
  return parts
    .map((part) => part.replaceAll('"', ''))
    .map((part) => ({
      text: part.startsWith(TAG) ? part.slice(TAG.length) : macText(part),
      tagOnly: part.startsWith(TAG),
    }))
    .filter(({ text }) => text !== '')
}

const macText = (word: string) => (DASHED_MAC.test(word) ? word.replaceAll('-', ':') : word)
