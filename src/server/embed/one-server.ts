import type { Clock } from '../../shared/clock.ts'
import { CloudError, type ServerPage } from '../clouds/cloud.ts'
import { type SharedCloud, Snapshot } from '../clouds/snapshot.ts'
import { Growing } from '../growing.ts'

/** A cloud that has this server only. It is not closed with whoever uses it. */
export function oneServer(cloud: SharedCloud, server: string, clock: Clock): SharedCloud {
  const only = async <T>(id: string, ask: () => Promise<T>): Promise<T> => {
    if (id === server) return ask()
    throw new CloudError({
      cause: 'server-not-found',
      detail: `This console was opened for the server ${server} only.`,
    })
  }
  const listServers = async () => ({ servers: [await cloud.getServer(server)], missing: [] })
  const snapshot = async () => {
    const askedAt = clock.now()
    return new Snapshot(await listServers(), askedAt)
  }
  return {
    snapshot,
    present: () => null,
    async reading() {
      const read = await snapshot()
      const pages = new Growing<ServerPage>()
      pages.end()
      return { askedAt: read.askedAt, pages, answer: Promise.resolve(read) }
    },
    changed: () => cloud.changed(),
    saw: (seen) => cloud.saw(seen),
    listServers,
    getServer: (id) => only(id, () => cloud.getServer(id)),
    attachments: (id) => only(id, () => cloud.attachments(id)),
    remoteConsole: (id) => only(id, () => cloud.remoteConsole(id)),
    power: (id, action) => only(id, () => cloud.power(id, action)),
    powerJob: (id, job) => only(id, () => cloud.powerJob(id, job)),
    async close() {},
  }
}
