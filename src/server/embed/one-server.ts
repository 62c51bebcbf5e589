import { type Cloud, CloudError } from '../clouds/cloud.ts'

/** A cloud that has this server only. It is not closed with whoever uses it. */
export function oneServer(cloud: Cloud, server: string): Cloud {
  const only = async <T>(id: string, ask: () => Promise<T>): Promise<T> => {
    if (id === server) return ask()
    throw new CloudError({
      cause: 'server-not-found',
      detail: `This console was opened for the server ${server} only.`,
    })
  }
  return {
    listServers: async () => ({ servers: [await cloud.getServer(server)], missing: [] }),
    getServer: (id) => only(id, () => cloud.getServer(id)),
    remoteConsole: (id) => only(id, () => cloud.remoteConsole(id)),
    power: (id, action) => only(id, () => cloud.power(id, action)),
    async close() {},
  }
}
