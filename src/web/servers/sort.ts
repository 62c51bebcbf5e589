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
  status: (server) => server.status,
  power: (server) => server.power,
  os: (server) => server.os.image ?? '',
  addresses: (server) => server.addresses[0]?.address ?? '',
  zone: (server) => server.zone ?? '',
  flavor: (server) => server.flavor.name,
}

/** In the order that a person expects: `web-2` before `web-10`. Servers without a value come last, both ways. */
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

/** As it stands in the address bar: `zone`, or `-zone` for the other way. */
export const formatSort = ({ column, descending }: Sort) => (descending ? `-${column}` : column)

/** @returns null for what no column is called */
export function parseSort(text: string | undefined): Sort | null {
  const descending = text?.startsWith('-') ?? false
  const column = sortColumns.find((known) => known === (descending ? text?.slice(1) : text))
  return column ? { column, descending } : null
}

/** A click on a column's heading: upwards, downwards, as the cloud gave them. */
export function nextSort(current: Sort | null, column: SortColumn): Sort | null {
  if (current?.column !== column) return { column, descending: false }
  return current.descending ? null : { column, descending: true }
}
