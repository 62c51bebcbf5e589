import type { Server } from '../../../shared/server.ts'
import { placeOf } from '../places.ts'
import { ranksOf } from './sort-keys.ts'

/** What a list can be ordered by. */
export const sortColumns = [
  'name',
  'status',
  'power',
  'os',
  'addresses',
  'zone',
  'flavor',
  'tags',
  'region',
  'project',
  'enterprise',
  'created',
] as const
export type SortColumn = (typeof sortColumns)[number]
export interface Sort {
  column: SortColumn
  descending: boolean
}

const texts: Record<SortColumn, (server: Server) => string> = {
  name: (server) => server.name,
  status: (server) => server.cloudStatus ?? server.status,
  power: (server) => server.power,
  os: (server) => server.os.image ?? '',
  addresses: (server) => server.addresses[0]?.address ?? '',
  zone: (server) => server.zone ?? '',
  flavor: (server) => server.flavor.name,
  tags: (server) => server.tags.join(' '),
  region: (server) => server.region ?? '',
  project: (server) => placeOf.project(server)?.name ?? '',
  enterprise: (server) => placeOf.enterprise(server)?.name ?? '',
  created: (server) => server.created ?? '',
}

/** The place of each server in a column's order, by its place in the list. `none`: it has no value. */
interface Ranked {
  ranks: Uint32Array
  none: number
}

/**
 * Sorts by the first column, where that is equal by the second, and so on, at last by name. Servers without a value come
 * last in both directions. Each column's order is kept, so a refresh and a second sort by the same column cost less.
 */
export class ServerSorter {
  readonly #ranks = new Map<SortColumn, ReadonlyMap<string, number>>()
  readonly #ranked = new WeakMap<readonly Server[], Map<SortColumn, Ranked>>()
  /** The last order of a list */
  readonly #last = new WeakMap<readonly Server[], { by: string; sorted: readonly Server[] }>()

  /** @returns the same array for the same servers and order */
  sort(servers: readonly Server[], order: readonly Sort[]): readonly Server[] {
    if (order.length === 0) return servers
    const by = formatSort(order)
    const known = this.#last.get(servers)
    if (known?.by === by) return known.sorted
    const last = order.at(-1)
    const whole = order.some(({ column }) => column === 'name')
      ? order
      : [...order, { column: 'name', descending: last?.descending ?? false } as const]
    // The least column goes first: each pass keeps the order of the one before among equals.
    let places = new Uint32Array(servers.length).map((_, place) => place)
    for (const { column, descending } of whole.toReversed())
      places = passed(places, this.rank(servers, column), descending)
    const sorted: Server[] = []
    for (let at = 0; at < places.length; at++) {
      const server = servers[places[at] ?? 0]
      if (server) sorted.push(server)
    }
    this.#last.set(servers, { by, sorted })
    return sorted
  }

  /** Does beforehand what takes the longest of a sort by this column. */
  rank(servers: readonly Server[], column: SortColumn): Ranked {
    const columns = this.#ranked.get(servers) ?? new Map<SortColumn, Ranked>()
    this.#ranked.set(servers, columns)
    const known = columns.get(column)
    if (known) return known
    const words = servers.map(texts[column])
    const byWord = this.#ranksFor(column, words)
    const none = byWord.size
    const ranks = Uint32Array.from(words, (word) => (word === '' ? none : (byWord.get(word) ?? 0)))
    columns.set(column, { ranks, none })
    return { ranks, none }
  }

  #ranksFor(column: SortColumn, words: readonly string[]): ReadonlyMap<string, number> {
    const known = this.#ranks.get(column)
    if (known && words.every((word) => known.has(word))) return known
    const ranks = ranksOf(words)
    this.#ranks.set(column, ranks)
    return ranks
  }
}

/**
 * Ranks are small whole numbers, so they are counted and not compared. Plain loops, since a first sort runs code that the
 * browser has not compiled yet.
 */
function passed(places: Uint32Array<ArrayBuffer>, { ranks, none }: Ranked, descending: boolean) {
  // Servers without a value come last both ways.
  const bucketOf = (rank: number) => (rank === none || !descending ? rank : none - 1 - rank)
  const begins = new Uint32Array(none + 2)
  for (let at = 0; at < ranks.length; at++) {
    const next = bucketOf(ranks[at] ?? 0) + 1
    begins[next] = (begins[next] ?? 0) + 1
  }
  for (let at = 1; at < begins.length; at++) begins[at] = (begins[at] ?? 0) + (begins[at - 1] ?? 0)
  const sorted = new Uint32Array(places.length)
  for (let at = 0; at < places.length; at++) {
    const place = places[at] ?? 0
    const bucket = bucketOf(ranks[place] ?? 0)
    const to = begins[bucket] ?? 0
    sorted[to] = place
    begins[bucket] = to + 1
  }
  return sorted
}

/** Writes the order for the address: `zone,-name` is by zone, and names of a zone descend. */
export const formatSort = (order: readonly Sort[]) =>
  order.map(({ column, descending }) => (descending ? `-${column}` : column)).join(',')

/** Reads what `formatSort` wrote. What is no column, or comes again, is passed over. */
export function parseSort(text: string): Sort[] {
  const order: Sort[] = []
  for (const part of text.split(',')) {
    const descending = part.startsWith('-')
    const column = sortColumns.find((known) => known === (descending ? part.slice(1) : part))
    if (column && !order.some((before) => before.column === column)) order.push({ column, descending })
  }
  return order
}

/**
 * The order after a press on a column's heading: ascending, then descending, then without it.
 * @param add keeps the other columns, and begins with the column behind them
 */
export function nextSort(order: readonly Sort[], column: SortColumn, add: boolean): Sort[] {
  const before = order.find((sort) => sort.column === column)
  const next = !before
    ? [{ column, descending: false }]
    : before.descending
      ? []
      : [{ column, descending: true }]
  if (!add) return next
  return before ? order.flatMap((sort) => (sort === before ? next : [sort])) : [...order, ...next]
}
