import type { Server } from '../../shared/server.ts'

/** Columns that a list of servers can be ordered by. */
export const sortColumns = ['name', 'status', 'power', 'os', 'addresses', 'zone', 'flavor'] as const
export type SortColumn = (typeof sortColumns)[number]
export interface Sort {
  column: SortColumn
  descending: boolean
}

const keys: Record<SortColumn, (server: Server) => string> = {
  name: (server) => server.name,
  status: (server) => server.cloudStatus ?? server.status,
  power: (server) => server.power,
  os: (server) => server.os.image ?? '',
  addresses: (server) => server.addresses[0]?.address ?? '',
  zone: (server) => server.zone ?? '',
  flavor: (server) => server.flavor.name,
}

/** Sorts as a person expects: `web-2` before `web-10`. Servers without a value come last in both directions. */
export function sortServers(servers: readonly Server[], { column, descending }: Sort): Server[] {
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
  const key = keys[column]
  return servers.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)]
    if (left === '' || right === '') return Number(left === '') - Number(right === '')
    const order = collator.compare(left, right) || collator.compare(a.name, b.name)
    return descending ? -order : order
  })
}

/** Writes the order for the address bar: `zone`, or `-zone` for descending. */
export const formatSort = ({ column, descending }: Sort) => (descending ? `-${column}` : column)

/** @returns null when there is no such column */
export function parseSort(text: string | undefined): Sort | null {
  const descending = text?.startsWith('-') ?? false
  const column = sortColumns.find((known) => known === (descending ? text?.slice(1) : text))
  return column ? { column, descending } : null
}

/** The order after a click on a column's heading: ascending, then descending, then the cloud's order. */
export function nextSort(current: Sort | null, column: SortColumn): Sort | null {
  if (current?.column !== column) return { column, descending: false }
  return current.descending ? null : { column, descending: true }
}
