import type { Clock } from '../../shared/clock.ts'
import type { ProjectRef } from '../../shared/server.ts'
import type { Identity } from '../sign-in/identity.ts'

/** Links to more consoles than people open in an hour would be a flood. */
const MAX_LINKS = 10_000
/** A link says little about who is there after this long. */
const KEPT_MS = 3_600_000

/** The last link that was given out to a server's console */
export interface DirectLink {
  server: { id: string; name: string }
  project: ProjectRef | null
  user: Identity['user']
  /** The page that has it. A secret of its tab */
  client: string
  /** When, by the clock of durations */
  at: number
}

/**
 * Remembers who was given a link to which console. The line itself is between a browser and a gateway: whether it is
 * still up, nobody here sees. A page says when it lets go of one.
 */
export class DirectLinks {
  readonly #clock: Clock
  readonly #byServer = new Map<string, DirectLink>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  gave(link: Omit<DirectLink, 'at'>): void {
    this.#forgetOld()
    // The map's order is that of time.
    this.#byServer.delete(link.server.id)
    this.#byServer.set(link.server.id, { ...link, at: this.#clock.now() })
    const [oldest] = this.#byServer.keys()
    if (this.#byServer.size > MAX_LINKS && oldest !== undefined) this.#byServer.delete(oldest)
  }

  /** The page let go of its line. Another page's link is not its to forget. */
  released(serverId: string, client: string): void {
    if (this.#byServer.get(serverId)?.client === client) this.#byServer.delete(serverId)
  }

  /** The server's last link, if another page was given it. */
  ofAnother(serverId: string, client: string): DirectLink | null {
    this.#forgetOld()
    const link = this.#byServer.get(serverId)
    return link && link.client !== client ? link : null
  }

  all(): DirectLink[] {
    this.#forgetOld()
    return [...this.#byServer.values()]
  }

  ageOf({ at }: DirectLink): number {
    return this.#clock.now() - at
  }

  #forgetOld(): void {
    for (const [id, { at }] of this.#byServer) {
      if (this.#clock.now() - at < KEPT_MS) return
      this.#byServer.delete(id)
    }
  }
}
