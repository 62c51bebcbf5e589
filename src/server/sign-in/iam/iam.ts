import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { detailBeginnings, exactDetails } from '../../../shared/audit-detail.ts'
import type { Failure } from '../../../shared/cause.ts'
import type { Clock } from '../../../shared/clock.ts'
import { type IamCredentials, Project, type ProjectOffer, type SignInState } from '../../../shared/sign-in.ts'
import type { CurrentUser } from '../../../shared/user.ts'
import { networkOf } from '../../addresses.ts'
import { type Audit, askerOf, outcomeOf } from '../../audit/audit.ts'
import { CloudError } from '../../clouds/cloud.ts'
import { type IdentityService, KeptAccount } from '../../clouds/identity-service.ts'
import type { PublicOrigins } from '../../origins.ts'
import type { Store } from '../../store/store.ts'
import type { Identity } from '../identity.ts'
import type { SignedOut, SignInMode } from '../mode.ts'
import type { IamSettings } from '../settings.ts'
import { BrowserSignIns } from '../store/browser-sign-ins.ts'
import { sealed } from '../store/codec.ts'
import { DeviceCookies } from '../store/device-cookies.ts'
import type { SignIn } from '../store/sign-ins.ts'
import { OpenAccounts, type Opening } from './open-accounts.ts'
import type { Tenants } from './tenants.ts'
import { accountOf, bucketsOf, settled, Throttle } from './throttle.ts'
import { TypedNames } from './typed-names.ts'
import { signedOutByCloud } from './user-cloud.ts'

/** Kept with a sign-in */
const IamKept = z.object({
  user: z.object({ id: z.string(), name: z.string() }),
  account: KeptAccount,
  /** The projects to choose from */
  offered: z.array(Project),
  /** The keys of the chosen ones */
  chosen: z.nullable(z.array(z.string())),
})
type IamKept = z.infer<typeof IamKept>

export interface IamOptions {
  service: IdentityService
  settings: IamSettings
  origins: PublicOrigins
  store: Store
  /** What all replicas know, and the store does not. null: this process is the only one. */
  replicaSecret: Uint8Array | null
  log: FastifyBaseLogger
  clock: Clock
}

/** Mode `iam`: people sign in as the cloud's own users, and the cloud decides what they may do. */
export class IamSignIn implements SignInMode {
  readonly #options: IamOptions
  readonly #signIns: BrowserSignIns<IamKept>
  readonly #throttle: Throttle
  readonly #devices: DeviceCookies
  readonly #names: TypedNames
  readonly #accounts: OpenAccounts

  constructor(options: IamOptions) {
    const { service, settings, origins, clock, store, log } = options
    const { idleMs, totalMs, secret, roles } = settings
    this.#options = options
    const codec = sealed(IamKept, options.replicaSecret)
    this.#signIns = new BrowserSignIns({ store, codec, idleMs, totalMs, origins, clock })
    this.#throttle = new Throttle({ store, clock })
    this.#devices = new DeviceCookies({ secret, origins, clock })
    this.#names = new TypedNames({ secret })
    this.#accounts = new OpenAccounts({
      service,
      roles,
      onSignedOut: (handle) => this.#endedByCloud(handle),
      log,
      clock,
    })
    this.#signIns.store.onEnded(({ handle, userId, reason }) => {
      log.info({ user: userId, reason }, 'sign-in ended')
      this.#accounts.end(handle)
    })
  }

  async identify(request: FastifyRequest, reply: FastifyReply): Promise<Identity | Failure> {
    const signIn = await this.#signIns.find(request, reply)
    if (!signIn) return notSignedIn
    const identity = await this.#identityOf(signIn)
    return identity ?? { cause: 'sign-in-needed', detail: 'Choose which projects to show first.' }
  }

  /**
   * The person of a sign-in, for what the server does in their name without a request of theirs.
   * @returns null: it is over
   * @throws CloudError, StoreError
   */
  async personOf(handle: string): Promise<Identity | null> {
    const signIn = await this.#signIns.store.byHandle(handle)
    return signIn && this.#identityOf(signIn)
  }

  async state(request: FastifyRequest, reply: FastifyReply): Promise<SignInState> {
    const signIn = await this.#signIns.find(request, reply)
    if (signIn) return this.#stateOf(signIn)
    const { name, domain, domainTerm } = this.#options.service
    return { state: 'signed-out', offer: { mode: 'iam', cloud: name, domain, domainTerm } }
  }

  /** Request limits count by this: the sign-in or the known browser, so that no neighbour uses it up. */
  async rateKey(request: FastifyRequest): Promise<string> {
    const signIn = await this.#signIns.peek(request)
    return signIn?.handle ?? (await this.#devices.of(request))?.id ?? networkOf(request.ip)
  }

  /** @throws CloudError `sign-in-throttled` before the cloud is asked, `no-role`, or the cloud's own */
  async signIn(
    request: FastifyRequest,
    reply: FastifyReply,
    credentials: IamCredentials,
    audit: Audit,
  ): Promise<SignInState> {
    const account = accountOf(credentials)
    const asker = askerOf(request)
    try {
      const opened = await this.#admitted(request, account?.key ?? null, () => this.#open(credentials))
      const signIn = await this.#begin(request, reply, opened)
      if (account) await this.#devices.give(request, reply, account.key)
      const detail = account ? this.#names.prove(account) : exactDetails.token
      audit.record('sign-in', { ...asker, outcome: 'done', user: signIn.kept.user, detail })
      return await this.#stateOf(signIn)
    } catch (error) {
      if (error instanceof CloudError) {
        const detail = account ? this.#names.tell(account) : exactDetails.token
        audit.record('sign-in', { ...asker, ...outcomeOf(error.failure.cause), user: null, detail })
      }
      throw error
    }
  }

  /** The projects to choose from, for another choice. @throws CloudError `sign-in-needed` */
  async offer(request: FastifyRequest, reply: FastifyReply): Promise<ProjectOffer> {
    const signIn = await this.#signIns.find(request, reply)
    if (!signIn) throw new CloudError(notSignedIn)
    const { offered, chosen } = signIn.kept
    return { projects: offered, chosen: chosen ?? [] }
  }

  /** @throws CloudError `sign-in-needed`, `no-permission` if a project was not offered, or the cloud's own */
  async choose(
    request: FastifyRequest,
    reply: FastifyReply,
    keys: readonly string[],
    audit: Audit,
  ): Promise<SignInState> {
    const signIn = await this.#signIns.find(request, reply)
    if (!signIn) throw new CloudError(notSignedIn)
    const { user, offered } = signIn.kept
    const facts = { ...askerOf(request), user, detail: projectsDetail(keys, offered) }
    try {
      const chosen = chosenOf(keys, offered)
      await this.#tenants(signIn, chosen)
      // It may have ended while the cloud was asked.
      if (!(await this.#signIns.renew(request, reply, signIn, { ...signIn.kept, chosen })))
        throw new CloudError(notSignedIn)
    } catch (error) {
      if (error instanceof CloudError)
        audit.record('sign-in', { ...facts, ...outcomeOf(error.failure.cause) })
      throw error
    }
    audit.record('sign-in', { ...facts, outcome: 'done' })
    return this.#stateOf(signIn)
  }

  async signOut(request: FastifyRequest, reply: FastifyReply, everywhere: boolean): Promise<SignedOut> {
    const signIn = await this.#signIns.signOut(request, reply, everywhere)
    return { user: signIn?.kept.user ?? null, answer: { continueAt: null } }
  }

  onEnded(listener: (signIn: string) => void): void {
    this.#signIns.store.onEnded(({ handle }) => listener(handle))
  }

  async close(): Promise<void> {
    await this.#signIns.close()
    await this.#accounts.close()
    await this.#options.service.close()
  }

  /** Lets an attempt through to the cloud, unless too many failed before, and counts how it ends. */
  async #admitted<T>(request: FastifyRequest, account: string | null, run: () => Promise<T>): Promise<T> {
    const device = await this.#devices.of(request)
    const known = device && (account === null || device.knows(account)) ? device.id : null
    const attempt = await this.#throttle.begin(
      bucketsOf({ network: networkOf(request.ip), account, device: known }),
    )
    if ('waitMs' in attempt)
      throw new CloudError({
        cause: 'sign-in-throttled',
        detail: 'Too many sign-ins from here failed.',
        retryAfter: Math.ceil(attempt.waitMs / 1000),
      })
    try {
      const result = await run()
      await attempt.settle('succeeded')
      return result
    } catch (error) {
      await attempt.settle(settled(error))
      throw error
    }
  }

  /** Opens everything that a sign-in needs of the cloud, or nothing. */
  async #open(credentials: IamCredentials): Promise<{ opening: Opening; offered: Project[] }> {
    let opening: Opening | null = null
    try {
      const account = await this.#options.service.signIn(credentials)
      opening = { account, owner: { handle: null }, choice: null }
      const offered = await account.projects()
      if (offered.length === 0)
        throw new CloudError({
          cause: 'no-project',
          detail: 'This user belongs to no project in the cloud.',
        })
      if (offered.length === 1) await this.#accounts.choose(opening, keysOf(offered))
      return { opening, offered }
    } catch (error) {
      if (opening) this.#accounts.dismiss(opening)
      // A pasted token is too old. `signed-out` would blame this server's own credentials.
      if (error instanceof CloudError && error.failure.cause === 'signed-out')
        throw new CloudError({ ...error.failure, cause: 'credentials-refused' })
      throw error
    }
  }

  async #begin(
    request: FastifyRequest,
    reply: FastifyReply,
    { opening, offered }: { opening: Opening; offered: Project[] },
  ): Promise<SignIn<IamKept>> {
    const { account, choice } = opening
    const { user } = account
    const kept = { user, account: account.kept, offered, chosen: choice ? [...choice.keys] : null }
    const endsAt = this.#options.clock.now() + account.leftMs()
    try {
      const signIn = await this.#signIns.begin(request, reply, { userId: user.id, kept, endsAt })
      this.#accounts.adopt(signIn.handle, opening)
      return signIn
    } catch (error) {
      this.#accounts.dismiss(opening)
      throw error
    }
  }

  /** @returns null: they have chosen no projects yet */
  async #identityOf(signIn: SignIn<IamKept>): Promise<Identity | null> {
    const { kept, handle } = signIn
    if (!kept.chosen) return null
    const tenants = await this.#tenants(signIn, kept.chosen)
    const user = { id: kept.user.id, ...this.#userOf(kept, tenants) }
    return { user, cloud: tenants.cloud, cloudDecides: true, tenancy: tenants, signIn: handle }
  }

  /** The sign-in ends if the cloud no longer accepts the user. */
  async #tenants({ handle, kept }: SignIn<IamKept>, keys: readonly string[]): Promise<Tenants> {
    try {
      return await this.#accounts.tenantsOf(handle, kept.account, keys)
    } catch (error) {
      if (!(error instanceof CloudError && error.failure.cause === 'signed-out')) throw error
      await this.#signIns.store.end({ handle }, 'cloud-ended')
      throw new CloudError(signedOutByCloud)
    }
  }

  #endedByCloud(handle: string): void {
    this.#signIns.store.end({ handle }, 'cloud-ended').catch((error: unknown) => {
      // The cloud will say it again.
      this.#options.log.warn({ err: error }, 'ending a sign-in failed')
    })
  }

  /** Roles are known for chosen projects only. */
  #userOf({ user: { id, name } }: IamKept, tenants: Tenants | null): CurrentUser {
    const user = { name, role: tenants?.highest ?? 'viewer' }
    return this.#options.settings.installationAdmins.includes(id)
      ? { ...user, installationAdmin: true }
      : user
  }

  async #stateOf(signIn: SignIn<IamKept>): Promise<SignInState> {
    const { kept } = signIn
    const { offered, chosen } = kept
    if (!chosen) return { state: 'choosing-projects', user: this.#userOf(kept, null), projects: offered }
    const user = this.#userOf(kept, await this.#tenants(signIn, chosen))
    const projects = offered.filter(({ key }) => chosen.includes(key))
    return { state: 'signed-in', user, maySignOut: true, projects }
  }
}

const keysOf = (projects: readonly Project[]) => projects.map(({ key }) => key)

/** @throws CloudError `no-permission` */
function chosenOf(keys: readonly string[], offered: readonly Project[]): string[] {
  const chosen = keysOf(offered.filter(({ key }) => keys.includes(key)))
  if (chosen.length === new Set(keys).size) return chosen
  throw new CloudError({
    cause: 'no-permission',
    detail: 'The cloud did not offer all of these projects.',
  })
}

/** Only what the cloud offered is told: other keys may be any text. */
function projectsDetail(keys: readonly string[], offered: readonly Project[]): string {
  const known = keys.filter((chosen) => offered.some(({ key }) => key === chosen))
  const others = keys.length - known.length
  return `${detailBeginnings.projects}${[...known, ...(others > 0 ? [`${others} not offered`] : [])].join(', ')}`
}

const notSignedIn: Failure = { cause: 'sign-in-needed', detail: 'No one is signed in with this browser.' }
