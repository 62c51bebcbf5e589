import type { Clock } from '../../shared/clock.ts'
import { CloudError } from '../clouds/cloud.ts'
import { type SharedCloud, Snapshot } from '../clouds/snapshot.ts'

/** A cloud that has this server only. It is not closed with whoever uses it. */
export function oneServer(cloud: SharedCloud, server: string, clock: Clock): SharedCloud {
  const only = async <T>(id: string, ask: () => Promise<T>): Promise<T> => {
    if (id === server) return ask()
    throw new CloudError({
      cause: 'server-not-found',
      detail: `This console was opened for the server ${server} only.`,
    })
  }
  let version = 0
  const listServers = async () => ({ servers: [await cloud.getServer(server)], missing: [] })
  return {
    async snapshot() {
      const askedAt = clock.now()
      return new Snapshot(await listServers(), ++version, askedAt)
    },
    changed: () => cloud.changed(),
    saw: (seen) => cloud.saw(seen),
    listServers,
    getServer: (id) => only(id, () => cloud.getServer(id)),
    remoteConsole: (id) => only(id, () => cloud.remoteConsole(id)),
    power: (id, action) => only(id, () => cloud.power(id, action)),
    async close() {},
  }
}
