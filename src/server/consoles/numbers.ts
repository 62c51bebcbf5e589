import { SmallMap } from '../../shared/small-map.ts'

/** People and tabs of a person whose numbers are remembered after they left. */
const MOST_REMEMBERED = 1_000

interface Numbered {
  number: number
  /** The last tab's number */
  lastTab: number
  /** By client */
  tabs: SmallMap<string, number>
}

/**
 * Numbers people, and the tabs of each, in the order in which they came. A reload keeps its numbers. Someone who joins
 * as somebody new each time fills no memory: the oldest are forgotten, and no number is given twice.
 */
export class Numbers {
  readonly #people = new SmallMap<string, Numbered>()
  #last = 0

  of({ person, client }: { person: string; client: string }): { number: number; tab: number } {
    const known = this.#people.get(person) ?? { number: ++this.#last, lastTab: 0, tabs: new SmallMap() }
    const tab = known.tabs.get(client) ?? ++known.lastTab
    remember(known.tabs, client, tab)
    remember(this.#people, person, known)
    return { number: known.number, tab }
  }
}

/** Puts it last, and forgets the first if there are too many. */
function remember<T>(map: SmallMap<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= MOST_REMEMBERED) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
