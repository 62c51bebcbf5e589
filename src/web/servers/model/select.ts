import type { Server } from '../../../shared/server.ts'
import { type Choice, type Facet, facets } from './facets.ts'
import { type Found, Searches } from './searches.ts'
import { type Entry, ServerIndex } from './server-index.ts'
import { ServerSorter, type SortColumn } from './sort.ts'
import type { ListView } from './view.ts'
import { searchWords } from './words.ts'

/** How many servers have each value of a facet, by value. */
export type FacetCounts = (facet: Facet) => FacetValue[]

export interface FacetValue {
  value: string
  /** The name that a person knows it by */
  name: string
  /** How many servers have it and match everything else: the facet's own choice does not count. */
  count: number
}

export interface Selected {
  rows: readonly Server[]
  counts: FacetCounts
}

/** One for the page's life: it is as good as new for other servers, and keeps none of them. */
const pageIndex = new ServerIndex()
const pageSorter = new ServerSorter()
const pageSearches = new Searches()

/** Ranks the servers by a column before a person asks for its order. */
export const rankServers = (servers: readonly Server[], column: SortColumn) =>
  void pageSorter.rank(servers, column)

/**
 * The servers of the view in its order, and what else could be chosen. The values are counted once somebody looks at
 * them: that takes longer than the search, and who types does not look.
 */
export function selectServers(
  servers: readonly Server[],
  view: ListView,
  index = pageIndex,
  sorter = pageSorter,
  searches = pageSearches,
): Selected {
  const sorted = sorter.sort(servers, view.sort)
  const chosen = chosenCodes(view.facets, index)
  const found = searches.find(whole(sorted, index), searchWords(view.query))
  let counted: Uint32Array | null = null
  return {
    rows: chosen.groups.length === 0 ? found.rows : meeting(found, chosen, index),
    counts: (facet) => {
      counted ??= countValues(found.entries, chosen, index)
      return facetValues(facet, index, servers, counted, chosen.isChosen)
    },
  }
}

/** What is chosen: of each of its groups, a server has to have one value. */
interface Chosen {
  /** By code */
  isChosen: Uint8Array
  groups: readonly number[]
}

const meets =
  ({ isChosen }: Chosen, { groupOf }: ServerIndex, { codes }: Entry) =>
  (group: number) =>
    codes.some((code) => isChosen[code] === 1 && groupOf[code] === group)

/** A list without a search and a choice asks for no entries: to read them takes a while. */
const whole = (rows: readonly Server[], index: ServerIndex): Found => ({
  rows,
  get entries() {
    return index.entries(rows)
  },
})

const meeting = ({ rows, entries }: Found, chosen: Chosen, index: ServerIndex) =>
  rows.filter((_, place) => {
    const entry = entries[place]
    return entry !== undefined && chosen.groups.every(meets(chosen, index, entry))
  })

function chosenCodes(choice: Choice, index: ServerIndex): Chosen {
  const codes = facets.flatMap((facet) => (choice[facet] ?? []).map((value) => index.code(facet, value)))
  const isChosen = new Uint8Array(index.values.length)
  for (const code of codes) isChosen[code] = 1
  return { isChosen, groups: [...new Set(codes.map((code) => index.groupOf[code] ?? 0))] }
}

/** How many of them have each value and match everything else that is chosen, by code. */
function countValues(entries: readonly Entry[], chosen: Chosen, index: ServerIndex): Uint32Array {
  const counts = new Uint32Array(index.values.length)
  for (const entry of entries) {
    const met = meets(chosen, index, entry)
    const [missed, another] = chosen.groups.filter((group) => !met(group))
    if (another !== undefined) continue
    // Who misses one group only would be found by another choice in that group.
    for (const code of entry.codes)
      if (missed === undefined || index.groupOf[code] === missed) counts[code] = (counts[code] ?? 0) + 1
  }
  return counts
}

/** Every value that a server of the list has or that is chosen, by name. */
function facetValues(
  facet: Facet,
  index: ServerIndex,
  servers: readonly Server[],
  counts: Uint32Array,
  isChosen: Uint8Array,
): FacetValue[] {
  const totals = index.totals(servers)
  const found = index.values.flatMap(({ facet: of, value, name }, code) =>
    of === facet && ((totals[code] ?? 0) > 0 || isChosen[code] === 1)
      ? [{ value, name: name ?? plainName(facet, value), count: counts[code] ?? 0 }]
      : [],
  )
  return distinct(found)
}

/** The name that a person knows a value by. */
export function valueName(facet: Facet, value: string, index = pageIndex): string {
  return index.values[index.code(facet, value)]?.name ?? plainName(facet, value)
}

/** Huawei Cloud's default enterprise project has only this number for a name. */
const plainName = (facet: Facet, value: string) =>
  facet === 'enterprise' && value === '0' ? 'default' : value

/** Adds the ids where names are the same. */
function distinct(values: FacetValue[]): FacetValue[] {
  const times = new Map<string, number>()
  for (const { name } of values) times.set(name, (times.get(name) ?? 0) + 1)
  return values.map((each) =>
    (times.get(each.name) ?? 0) > 1 ? { ...each, name: `${each.name} (${each.value.slice(0, 8)})` } : each,
  )
}

/** The facets that tell servers apart, or that are chosen: the others have no menu. */
export function usefulFacets(servers: readonly Server[], choice: Choice, index = pageIndex): Facet[] {
  const counted = index.totals(servers)
  const useful = new Set<Facet>()
  index.values.forEach(({ facet }, code) => {
    const count = counted[code] ?? 0
    // A value that all servers share tells nothing.
    if (count > 0 && count < servers.length) useful.add(facet)
  })
  return facets.filter((facet) => useful.has(facet) || (choice[facet]?.length ?? 0) > 0)
}
