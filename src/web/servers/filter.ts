import type { Server } from '../../shared/server.ts'

/** Servers in which every word of the query occurs: name, id, address, zone, tag, image or flavor. */
export function filterServers(servers: readonly Server[], query: string): Server[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return servers.filter((server) => {
    const text = [
      server.name,
      server.id,
      server.zone,
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
