import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { ProjectRef } from '../../shared/server.ts'
import { Fresh } from '../store/fresh.ts'
import { RecentKeys } from '../store/recent-keys.ts'
import type { Store } from '../store/store.ts'

/** Links to more consoles than people open in an hour would be a flood. */
const MAX_LINKS = 10_000
/** A link says little about who is there after this long. */
const KEPT_MS = 3_600_000
/** Pages ask for all of them every few seconds. */
const FRESH_MS = 1_000

const DirectLink = z.object({
  server: z.object({ id: z.string(), name: z.string() }),
  project: z.nullable(ProjectRef),
  user: z.object({ id: z.string(), name: z.string() }),
  /** The page that has it: a hash of its tab's secret */
  client: z.string(),
  /** When, ms since the epoch */
  at: z.number(),
})
/** The last link that was given out to a server's console */
export type DirectLink = z.infer<typeof DirectLink>

/**
 * Remembers who was given a link to which console, by any replica. The line itself is between a browser and a gateway:
 * whether it is still up, nobody here sees. A page says when it lets go of one.
 */
export class DirectLinks {
  readonly #store: Store
  readonly #clock: Clock
  readonly #recent: RecentKeys
  /** All of them, as they were read last */
  readonly #all: Fresh<DirectLink[]>

  /** @param clock tells the time of day, as the replicas' clocks are compared */
  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
    this.#recent = new RecentKeys(store, MAX_LINKS, (serverId) => this.#forget(serverId))
    this.#all = new Fresh(() => this.#read(), FRESH_MS, clock)
  }

  /** @param client the secret of the page's tab */
  async gave(link: Omit<DirectLink, 'at'>): Promise<void> {
    const { id } = link.server
    const { user, server } = link
    const text = JSON.stringify({
      ...link,
      server: { id, name: server.name },
      user: { id: user.id, name: user.name },
      client: hashOf(link.client),
      at: this.#clock.now(),
    } satisfies DirectLink)
    this.#all.forget()
    await Promise.all([
      this.#store.put(keyOf(id), text, KEPT_MS),
      this.#store.join(GROUP, id, text, KEPT_MS),
      this.#recent.wrote(id),
    ])
  }

  /** The page let go of its line. Another page's link is not its to forget. */
  async released(serverId: string, client: string): Promise<void> {
    const text = await this.#store.get(keyOf(serverId))
    if (text === null || linkOf(text)?.client !== hashOf(client)) return
    // Another may be given one now.
    if (!(await this.#store.replace(keyOf(serverId), text, '', 1))) return
    this.#all.forget()
    await this.#store.leave(GROUP, serverId)
  }

  /** The server's last link, if another page was given it. */
  async ofAnother(serverId: string, client: string): Promise<DirectLink | null> {
    const text = await this.#store.get(keyOf(serverId))
    const link = text === null ? null : linkOf(text)
    return link && link.client !== hashOf(client) ? link : null
  }

  /** All of them, a second old at most, oldest first */
  all(): Promise<DirectLink[]> {
    return this.#all.get()
  }

  /** How long ago, ms */
  ageOf({ at }: DirectLink): number {
    return Math.max(0, this.#clock.now() - at)
  }

  async #read(): Promise<DirectLink[]> {
    const members = await this.#store.members(GROUP)
    return [...members.values()].flatMap((text) => linkOf(text) ?? []).sort((a, b) => a.at - b.at)
  }

  async #forget(serverId: string): Promise<void> {
    this.#all.forget()
    await Promise.all([this.#store.remove(keyOf(serverId)), this.#store.leave(GROUP, serverId)])
  }
}

const GROUP = 'direct-links'
const keyOf = (serverId: string) => `direct-link:${serverId}`
const hashOf = (client: string) => createHash('sha256').update(client).digest('base64url')

/** @returns null: it is a later version's */
const linkOf = (text: string): DirectLink | null =>
  text === '' ? null : (DirectLink.safeParse(JSON.parse(text)).data ?? null)
