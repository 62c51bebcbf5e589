import type { Clock } from '../../shared/clock.ts'
import type { ProjectRef } from '../../shared/server.ts'
import type { SharedCloud } from '../clouds/snapshot.ts'
import type { Identity } from '../sign-in/identity.ts'
import { mayIn } from '../sign-in/rights.ts'

/** A page asks every few seconds. The cloud is asked this seldom whether it still shows somebody a server. */
const KNOWN_MS = 60_000

interface Place {
  server: { id: string }
  project: ProjectRef | null
}

/** Knows which of the consoles in use an asker may hear of. */
export class VisibleConsoles {
  readonly #clock: Clock
  /** What each scope of a cloud showed when it was last asked. It goes with its sign-in. */
  readonly #byScope = new WeakMap<SharedCloud, Map<string, { shown: boolean; at: number }>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * The asker needs the right to open a console in the server's project. If the cloud knows its users, they must see
   * the server, too.
   */
  async among<T extends Place>(identity: Identity, inUse: readonly T[]): Promise<readonly T[]> {
    const { cloud, cloudDecides, confined } = identity
    const all = inUse.filter(
      ({ server, project }) =>
        mayIn(identity, project, 'open') && (!confined || confined.server === server.id),
    )
    if (!cloudDecides || all.length === 0) return all
    const shown = await this.#shown(
      cloud,
      all.map(({ server }) => server.id),
    )
    return all.filter(({ server }) => shown.has(server.id))
  }

  async #shown(cloud: SharedCloud, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const now = this.#clock.now()
    const before = this.#byScope.get(cloud)
    const known = new Map(
      ids.flatMap((id) => {
        const told = before?.get(id)
        return told && now - told.at < KNOWN_MS ? [[id, told] as const] : []
      }),
    )
    const unknown = ids.filter((id) => !known.has(id))
    if (unknown.length > 0) {
      const listed = new Set((await cloud.listServers()).servers.map(({ id }) => id))
      for (const id of unknown) known.set(id, { shown: listed.has(id), at: now })
    }
    this.#byScope.set(cloud, known)
    return new Set(ids.filter((id) => known.get(id)?.shown))
  }
}
