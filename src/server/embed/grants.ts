import type { FastifyBaseLogger } from 'fastify'
import { every } from '../../shared/clock.ts'
import type { EmbedGrant } from '../../shared/embed.ts'
import type { Permission } from '../../shared/user.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { SharedCloud } from '../clouds/snapshot.ts'
import type { Identity } from '../sign-in/identity.ts'
import { plain } from '../sign-in/store/codec.ts'
import { type SignIn, SignIns } from '../sign-in/store/sign-ins.ts'
import { Launch, LaunchTickets, type LaunchTicketsOptions } from './launch-tickets.ts'
import { oneServer } from './one-server.ts'

/** How long a bearer is good, unless it is renewed. */
const GRANT_MS = 15 * 60_000
/** The time between two looks for grants that are over and whose page is silent. */
const SWEEP_MS = 5_000

/** The permissions for one server's console. Recordings are left out: they show all servers, and others' work. */
const permissions: readonly Permission[] = ['list', 'open', 'write', 'power', 'record']

export interface GrantsOptions extends LaunchTicketsOptions {
  /** With this server's own credentials */
  cloud: SharedCloud
  log: FastifyBaseLogger
}

/** Servers whose clouds are remembered. */
const MAX_CLOUDS = 10_000

/**
 * Embedded pages have a grant in place of a sign-in: a bearer for a launch ticket. The page keeps it in memory and we
 * keep its hash. A page that is loaded anew has lost its bearer, so one user may have many grants.
 */
export class Grants {
  readonly #options: GrantsOptions
  readonly #tickets: LaunchTickets
  readonly #grants: SignIns<Launch>
  readonly #clouds = new Map<string, SharedCloud>()
  readonly #stopSweeping: () => void

  constructor(options: GrantsOptions) {
    this.#options = options
    this.#tickets = new LaunchTickets(options)
    this.#grants = new SignIns({
      store: options.store,
      kind: 'grant',
      codec: plain(Launch),
      idleMs: Number.POSITIVE_INFINITY,
      totalMs: GRANT_MS,
      maxPerUser: 100,
      clock: options.clock,
    })
    this.#grants.onEnded(({ userId, reason }) => options.log.info({ user: userId, reason }, 'grant ended'))
    this.#stopSweeping = every(options.clock, SWEEP_MS, () => void this.#grants.sweep())
  }

  /** Exact origins of the pages that may embed a console */
  get origins(): readonly string[] {
    return this.#options.settings.origins
  }

  /**
   * A bearer for a ticket.
   * @param bearer the one to renew. The new one takes its place, and open consoles stay open.
   * @throws CloudError `launch-refused`; `sign-in-needed` if that bearer is over, and the ticket stays good
   */
  async exchange(ticket: string, bearer: string | null): Promise<{ grant: EmbedGrant; userId: string }> {
    const before = bearer === null ? null : await this.#find(bearer)
    if (bearer !== null && !before) throw new CloudError(over)
    const launch = await this.#tickets.redeem(ticket, before?.kept)
    const endsAt = this.#options.clock.now() + GRANT_MS
    const given = await (before ? this.#renew(before, launch, endsAt) : this.#begin(launch, endsAt))
    const { user, server, theme, language } = launch
    const { name, role } = user
    return {
      grant: { bearer: given, expiresInMs: GRANT_MS, server, user: { name, role }, theme, language },
      userId: user.id,
    }
  }

  /** The bearer's user. null: it is over, or was never given. */
  async identify(bearer: string): Promise<Identity | null> {
    const grant = await this.#find(bearer)
    if (!grant) return null
    const launch = grant.kept
    return {
      user: launch.user,
      cloud: this.#cloudOf(launch.server),
      cloudDecides: false,
      tenancy: null,
      signIn: grant.handle,
      confined: { server: launch.server, permissions },
    }
  }

  /** @returns who it was */
  async end(bearer: string): Promise<Launch['user'] | null> {
    const grant = await this.#find(bearer)
    if (grant) await this.#grants.end(grant, 'signed-out')
    return grant?.kept.user ?? null
  }

  onEnded(listener: (signIn: string) => void): void {
    this.#grants.onEnded(({ handle }) => listener(handle))
  }

  async close(): Promise<void> {
    this.#stopSweeping()
    await this.#grants.close()
  }

  /** All users of one server share its cloud, so they share the answers, too. */
  #cloudOf(server: string): SharedCloud {
    const known = this.#clouds.get(server)
    if (known) return known
    if (this.#clouds.size >= MAX_CLOUDS) this.#clouds.clear()
    const cloud = oneServer(this.#options.cloud, server, this.#options.clock)
    this.#clouds.set(server, cloud)
    return cloud
  }

  async #find(bearer: string): Promise<SignIn<Launch> | null> {
    return (await this.#grants.find(bearer, { touch: false, rotate: false }))?.signIn ?? null
  }

  async #begin(launch: Launch, endsAt: number): Promise<string> {
    return (await this.#grants.begin(launch.user.id, launch, endsAt)).id
  }

  /** @throws CloudError if it ended while the ticket was checked */
  async #renew(before: SignIn<Launch>, launch: Launch, endsAt: number): Promise<string> {
    const id = await this.#grants.renew(before, { endsAt, kept: launch })
    if (id === null) throw new CloudError(over)
    return id
  }
}

const over = {
  cause: 'sign-in-needed',
  detail: 'The bearer has expired: a new launch ticket is needed.',
} as const
