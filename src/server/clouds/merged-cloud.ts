import { type Cloud, CloudError, type ServerPage } from './cloud.ts'

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
  return others.length === 0 ? first.cloud : partedCloud(parts)
}

/** One cloud of several projects that can tell which of them has a server. */
export interface PartedCloud<P extends CloudPart> extends Cloud {
  /** A single project has every server. @throws CloudError `server-not-found` */
  partOf(id: string): Promise<P>
}

export function partedCloud<P extends CloudPart>(parts: readonly P[]): PartedCloud<P> {
  const clouds = parts.map(({ cloud }) => cloud)
  const owners = new Owners<P>()

  /** Asks all clouds for the server, at once. */
  async function find(id: string) {
    const answers = await Promise.allSettled(clouds.map((cloud) => cloud.getServer(id)))
    for (const [index, answer] of answers.entries()) {
      const part = parts[index]
      if (answer.status === 'rejected' || !part) continue
      owners.remember(id, part)
      return { part, server: answer.value }
    }
    const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
    // The server is only absent if all clouds say so: one that did not answer may have it.
    throw failures.find((failure) => !isAbsent(failure)) ?? failures[0]
  }

  async function partOf(id: string): Promise<P> {
    const [only] = parts
    if (only && parts.length === 1) return only
    return owners.of(id) ?? (await find(id)).part
  }

  /** Asks the cloud that has the server. */
  async function at<T>(id: string, ask: (cloud: Cloud) => Promise<T>): Promise<T> {
    const { cloud } = await partOf(id)
    try {
      return await ask(cloud)
    } catch (error) {
      // The server may have moved to another project: the next call looks for it again.
      if (isAbsent(error)) owners.forget(id)
      throw error
    }
  }

  return {
    partOf,
    async listServers({ onPage } = {}) {
      const totals = new Totals(parts.length)
      const answers = await Promise.allSettled(
        parts.map(async (part, index) => {
          const own = ({ servers, total }: ServerPage) => {
            for (const { id } of servers) owners.remember(id, part)
            totals.tell(index, total)
            onPage?.({ servers, total: totals.all })
          }
          try {
            const list = await part.cloud.listServers({ onPage: own })
            totals.tell(index, list.servers.length)
            return list
          } catch (error) {
            totals.tell(index, 0)
            throw error
          }
        }),
      )
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
      for (const { part, list } of lists) for (const { id } of list.servers) owners.remember(id, part)
      return {
        servers: lists.flatMap(({ list }) => list.servers),
        missing: [...lists.flatMap(({ list }) => list.missing), ...missing],
      }
    },
    async getServer(id) {
      const known = owners.of(id)
      return known ? at(id, () => known.cloud.getServer(id)) : (await find(id)).server
    },
    attachments: (id) => at(id, (cloud) => cloud.attachments(id)),
    remoteConsole: (id) => at(id, (cloud) => cloud.remoteConsole(id)),
    power: (id, action) => at(id, (cloud) => cloud.power(id, action)),
    powerJob: (id, job) => at(id, (cloud) => cloud.powerJob(id, job)),
    async close() {
      await Promise.all(clouds.map((cloud) => cloud.close()))
    },
  }
}

const isAbsent = (error: unknown) => error instanceof CloudError && error.failure.cause === 'server-not-found'

/** How many servers the parts have. */
class Totals {
  readonly #totals: (number | null)[]

  constructor(parts: number) {
    this.#totals = Array.from({ length: parts }, () => null)
  }

  tell(part: number, total: number | null): void {
    this.#totals[part] = total
  }

  /** null: a part has not told yet, or never does before its end */
  get all(): number | null {
    let all = 0
    for (const total of this.#totals) {
      if (total === null) return null
      all += total
    }
    return all
  }
}

/** Remembers which part has which server. It forgets the one first that was not seen for the longest time. */
class Owners<P> {
  readonly #parts = new Map<string, P>()

  of(id: string): P | undefined {
    return this.#parts.get(id)
  }

  remember(id: string, part: P): void {
    // A `Map` keeps the order of insertion: the newest goes to its end.
    this.#parts.delete(id)
    this.#parts.set(id, part)
    if (this.#parts.size <= MAX_REMEMBERED) return
    const [oldest] = this.#parts.keys()
    if (oldest !== undefined) this.#parts.delete(oldest)
  }

  forget(id: string): void {
    this.#parts.delete(id)
  }
}
