import type { Server } from '../../shared/server.ts'
import { type Places, placeKinds, placeOf } from './places.ts'

/** Servers of the places in which every word of the query occurs: any fact that a person may know of one. */
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
