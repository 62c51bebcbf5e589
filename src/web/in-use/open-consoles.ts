import { queryOptions, useQuery } from '@tanstack/react-query'
import type { OpenConsole, OpenConsoles } from '../../shared/open-consoles.ts'
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

/** The server's console, if people have it open. A part that asks for one is drawn again only when that one changes. */
export const useOpenConsole = (serverId: string): OpenConsole | undefined =>
  useQuery({ ...openConsolesQuery(), select: (all) => byServer(all).get(serverId) }).data

/** The open consoles by server: for a list, where one question for each row would take longer than to draw it. */
export const useServersInUse = (): ReadonlyMap<string, OpenConsole> | undefined =>
  useQuery({ ...openConsolesQuery(), select: byServer }).data

const indexes = new WeakMap<OpenConsoles, ReadonlyMap<string, OpenConsole>>()

/** Hundreds of rows look into the same answer. */
function byServer(all: OpenConsoles): ReadonlyMap<string, OpenConsole> {
  const known = indexes.get(all)
  if (known) return known
  const index = new Map(all.consoles.map((console) => [console.serverId, console]))
  indexes.set(all, index)
  return index
}
