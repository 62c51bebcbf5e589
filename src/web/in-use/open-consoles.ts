import { queryOptions, useQuery } from '@tanstack/react-query'
import type { GivenLink, OpenConsole, OpenConsoles } from '../../shared/open-consoles.ts'
import { openConsoles } from '../api/client.ts'
import { retry } from '../api/queries.ts'

const EVERY_MS = 10_000

/** Who has which console open. A hidden page does not ask. */
const openConsolesQuery = () =>
  queryOptions({
    queryKey: ['open-consoles'],
    queryFn: ({ signal }) => openConsoles(signal),
    staleTime: EVERY_MS,
    refetchInterval: EVERY_MS,
    retry,
  })

/** What is known of one server's console. Undefined: nothing, or nobody has it open. */
export interface InUse {
  console?: OpenConsole
  link?: GivenLink
}

/** A part that asks for one server is drawn again only when that one changes. */
export const useInUse = (serverId: string): InUse | undefined =>
  useQuery({ ...openConsolesQuery(), select: (all) => byServer(all).get(serverId) }).data

/** All of them by server: for a list, where one question for each row would take longer than to draw it. */
export const useServersInUse = (): ReadonlyMap<string, InUse> | undefined =>
  useQuery({ ...openConsolesQuery(), select: byServer }).data

const indexes = new WeakMap<OpenConsoles, ReadonlyMap<string, InUse>>()

/** Hundreds of rows look into the same answer. */
function byServer(all: OpenConsoles): ReadonlyMap<string, InUse> {
  const known = indexes.get(all)
  if (known) return known
  const index = new Map<string, InUse>([
    ...all.links.map((link) => [link.serverId, { link }] as const),
    ...all.consoles.map((console) => [console.serverId, { console }] as const),
  ])
  indexes.set(all, index)
  return index
}
