import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../../../shared/clock.ts'
import { CloudError } from '../../clouds/cloud.ts'
import type { CloudAccount, IdentityService, KeptAccount } from '../../clouds/identity-service.ts'
import { mapsNothing, type RoleMapping, roleOf } from '../roles.ts'
import { Tenants } from './tenants.ts'

/** So many choices of projects stay open: the newest, and earlier ones, whose consoles ask their clouds for new links. */
const MOST_CHOICES = 5
/** Beyond these, the account that was opened first is opened again when it is needed. */
const MOST_ACCOUNTS = 10_000

/** A sign-in whose clouds are open. The handle is known once it has begun. */
interface Owner {
  handle: string | null
}

interface Open {
  owner: Owner
  account: Promise<CloudAccount>
  /** By the keys of the projects, the one that was asked for last at the end */
  choices: Map<string, Promise<Tenants>>
}

/** What a sign-in needs of the cloud, before there is one */
export interface Opening {
  account: CloudAccount
  owner: Owner
  choice: { keys: readonly string[]; tenants: Tenants } | null
}

interface OpenAccountsOptions {
  service: IdentityService
  roles: RoleMapping
  /** The cloud no longer accepts the user of this sign-in. */
  onSignedOut: (handle: string) => void
  log: FastifyBaseLogger
  clock: Clock
}

/**
 * The accounts of signed-in users, and the clouds that they have chosen, as far as this process has opened them. Another
 * replica may have begun the sign-in: then what was kept with it opens them again.
 */
export class OpenAccounts {
  readonly #options: OpenAccountsOptions
  /** By sign-in, oldest first */
  readonly #open = new Map<string, Open>()
  /** Clouds and accounts that are being closed */
  readonly #closing = new Set<Promise<void>>()

  constructor(options: OpenAccountsOptions) {
    this.#options = options
  }

  /** The projects are opened for a sign-in that is about to begin. @throws CloudError `no-role`, or the cloud's own */
  async choose(opening: Opening, keys: readonly string[]): Promise<void> {
    opening.choice = { keys, tenants: await this.#tenants(opening.account, keys, opening.owner) }
  }

  /** The sign-in has begun. */
  adopt(handle: string, { account, owner, choice }: Opening): void {
    owner.handle = handle
    const choices = new Map(choice ? [[keyOf(choice.keys), Promise.resolve(choice.tenants)]] : [])
    this.#add(handle, { owner, account: Promise.resolve(account), choices })
  }

  /** It never began. */
  dismiss({ account, choice }: Opening): void {
    this.#giveUp([...(choice ? [choice.tenants.cloud] : []), account])
  }

  /**
   * The chosen projects of a sign-in.
   * @throws CloudError `no-role`; `signed-out` if the cloud no longer accepts the user; or the cloud's own
   */
  tenantsOf(handle: string, kept: KeptAccount, keys: readonly string[]): Promise<Tenants> {
    const open = this.#open.get(handle) ?? this.#resume(handle, kept)
    const key = keyOf(keys)
    const known = open.choices.get(key)
    const tenants = known ?? open.account.then((account) => this.#tenants(account, keys, open.owner))
    open.choices.delete(key)
    open.choices.set(key, tenants)
    if (known) return known
    // It may be better next time.
    tenants.catch(() => open.choices.get(key) === tenants && open.choices.delete(key))
    const [oldest] = open.choices
    if (open.choices.size > MOST_CHOICES && oldest) {
      open.choices.delete(oldest[0])
      this.#giveUp([closingWhenOpen(oldest[1])])
    }
    return tenants
  }

  /** The sign-in is over, everywhere. */
  end(handle: string): void {
    this.#drop(handle, (account) => account.close())
  }

  /** This process ends; others may go on with the sign-ins. */
  async close(): Promise<void> {
    for (const handle of this.#open.keys()) this.#drop(handle, (account) => account.leave())
    await Promise.all(this.#closing)
  }

  #resume(handle: string, kept: KeptAccount): Open {
    const account = this.#options.service.resume(kept)
    const open: Open = { owner: { handle }, account, choices: new Map() }
    account.catch(() => this.#open.get(handle) === open && this.#open.delete(handle))
    this.#add(handle, open)
    return open
  }

  #add(handle: string, open: Open): void {
    this.#open.set(handle, open)
    const [oldest] = this.#open.keys()
    if (this.#open.size > MOST_ACCOUNTS && oldest !== undefined)
      this.#drop(oldest, (account) => account.leave())
  }

  #drop(handle: string, how: (account: CloudAccount) => Promise<void>): void {
    const open = this.#open.get(handle)
    if (!open) return
    this.#open.delete(handle)
    const account = { close: async () => open.account.then(how, () => {}) }
    this.#giveUp([...[...open.choices.values()].map(closingWhenOpen), account])
  }

  async #tenants(account: CloudAccount, keys: readonly string[], owner: Owner): Promise<Tenants> {
    const { roles: mapping, onSignedOut, clock } = this.#options
    const tenants = new Tenants(await account.open(keys), {
      roleOf: (names) => roleOf(names, mapping, mapsNothing(mapping) ? 'operator' : null),
      onSignedOut() {
        if (owner.handle !== null) onSignedOut(owner.handle)
      },
      clock,
    })
    if (tenants.highest) return tenants
    this.#giveUp([tenants.cloud])
    throw new CloudError({
      cause: 'no-role',
      detail: `None of the roles in the cloud (${tenants.names.join(', ') || 'none'}) is in BMS_CONSOLE_*_GROUPS.`,
    })
  }

  /** Best effort: nobody waits for it, and a token that stays open ends by itself. */
  #giveUp(parts: ReadonlyArray<{ close(): Promise<void> }>): void {
    for (const part of parts) {
      const closing = part
        .close()
        .catch((error: unknown) => {
          // Only the cause is logged, since the error may hold the request.
          const cause = error instanceof CloudError ? error.failure.cause : 'proxy-error'
          this.#options.log.warn({ cause }, 'giving up a token failed')
        })
        .finally(() => this.#closing.delete(closing))
      this.#closing.add(closing)
    }
  }
}

const keyOf = (keys: readonly string[]) => JSON.stringify([...keys].sort())

/** What could not be opened need not be closed. */
const closingWhenOpen = (tenants: Promise<Tenants>) => ({
  close: () =>
    tenants.then(
      ({ cloud }) => cloud.close(),
      () => {},
    ),
})
