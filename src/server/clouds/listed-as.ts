import type { ServerList } from '../../shared/api.ts'
import type { Server } from '../../shared/server.ts'
import type { Cloud, ListWant } from './cloud.ts'

/** Lists, and adds something to each server. It does so once, so that pages and the list have the same objects. */
export async function listedAs(
  cloud: Cloud,
  { onPage }: ListWant = {},
  change: (server: Server) => Server,
): Promise<ServerList> {
  const changed = new Map<Server, Server>()
  const as = (server: Server) => {
    const known = changed.get(server) ?? change(server)
    changed.set(server, known)
    return known
  }
  const { servers, missing } = await cloud.listServers({
    onPage: onPage && (({ servers, total }) => onPage({ servers: servers.map(as), total })),
  })
  return { servers: servers.map(as), missing }
}
