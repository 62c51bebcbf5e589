import { type Cloud, CloudError } from './cloud.ts'

/** The servers of one project in one region. */
export interface CloudPart {
  /** In words, e.g. `eu-de / team-a`. */
  where: string
  cloud: Cloud
}

/** More servers than any merged list has. The memory must not grow with ids that come only once. */
const MAX_REMEMBERED = 50_000

/** Makes one cloud of several projects. A single project is returned as it is. */
export function mergeClouds(parts: readonly CloudPart[]): Cloud {
  const [first, ...others] = parts
  if (!first) throw new Error('there is nothing to merge')
  if (others.length === 0) return first.cloud
  const clouds = parts.map(({ cloud }) => cloud)
  const owners = new Owners()

  /** Asks all clouds for the server, at once. */
  async function find(id: string) {
    const answers = await Promise.allSettled(clouds.map((cloud) => cloud.getServer(id)))
    for (const [index, answer] of answers.entries()) {
      const cloud = clouds[index]
      if (answer.status === 'rejected' || !cloud) continue
      owners.remember(id, cloud)
      return { cloud, server: answer.value }
    }
    const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
    // The server is only absent if all clouds say so: one that did not answer may have it.
    throw failures.find((failure) => !isAbsent(failure)) ?? failures[0]
  }

  /** Asks the cloud that has the server. */
  async function at<T>(id: string, ask: (cloud: Cloud) => Promise<T>): Promise<T> {
    const cloud = owners.of(id) ?? (await find(id)).cloud
    try {
      return await ask(cloud)
    } catch (error) {
      // The server may have moved to another project: the next call looks for it again.
      if (isAbsent(error)) owners.forget(id)
      throw error
    }
  }

  return {
    async listServers() {
      const answers = await Promise.allSettled(clouds.map((cloud) => cloud.listServers()))
      const lists = answers.flatMap((answer, index) => {
        const part = parts[index]
        return answer.status === 'fulfilled' && part ? [{ part, list: answer.value }] : []
      })
      const failed = answers.flatMap((answer, index) =>
        answer.status === 'rejected' ? [{ where: parts[index]?.where ?? '', error: answer.reason }] : [],
      )
      if (lists.length === 0) throw failed[0]?.error
      const missing = failed.map(({ where, error }) => {
        if (error instanceof CloudError) return { where, failure: error.failure }
        throw error
      })
      for (const { part, list } of lists) for (const { id } of list.servers) owners.remember(id, part.cloud)
      return {
        servers: lists.flatMap(({ list }) => list.servers),
        missing: [...lists.flatMap(({ list }) => list.missing), ...missing],
      }
    },
    async getServer(id) {
      const cloud = owners.of(id)
      return cloud ? at(id, () => cloud.getServer(id)) : (await find(id)).server
    },
    remoteConsole: (id) => at(id, (cloud) => cloud.remoteConsole(id)),
    power: (id, action) => at(id, (cloud) => cloud.power(id, action)),
    async close() {
      await Promise.all(clouds.map((cloud) => cloud.close()))
    },
  }
}

const isAbsent = (error: unknown) => error instanceof CloudError && error.failure.cause === 'server-not-found'

/** Remembers which cloud has which server. It forgets the one first that was not seen for the longest time. */
class Owners {
  readonly #clouds = new Map<string, Cloud>()

  of(id: string): Cloud | undefined {
    return this.#clouds.get(id)
  }

  remember(id: string, cloud: Cloud): void {
    // A `Map` keeps the order of insertion: the newest goes to its end.
    this.#clouds.delete(id)
    this.#clouds.set(id, cloud)
    if (this.#clouds.size <= MAX_REMEMBERED) return
    const [oldest] = this.#clouds.keys()
    if (oldest !== undefined) this.#clouds.delete(oldest)
  }

  forget(id: string): void {
    this.#clouds.delete(id)
  }
}
