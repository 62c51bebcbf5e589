import type { Server } from '../../shared/server.ts'
import { type Places, placeKinds, placeOf } from './places.ts'

/** The servers of these places that match every word of the query. Any fact that is shown may match. */
export function filterServers(servers: readonly Server[], query: string, places: Places = {}): Server[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const asked = placeKinds.filter((kind) => places[kind] !== undefined)
  return servers.filter((server) => {
    if (asked.some((kind) => placeOf[kind](server)?.id !== places[kind])) return false
    const text = [
      server.name,
      server.id,
      server.zone,
      server.region,
      server.project?.id,
      server.project?.name,
      server.enterpriseProject,
      server.os.image,
      server.flavor.name,
      ...server.tags,
      ...server.addresses.map(({ address }) => address),
    ]
      .join('\n')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
