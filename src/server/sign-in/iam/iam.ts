import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import type { Failure } from '../../../shared/cause.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { IamCredentials, Project, ProjectOffer, SignInState } from '../../../shared/sign-in.ts'
import type { CurrentUser } from '../../../shared/user.ts'
import { networkOf } from '../../addresses.ts'
import { type Audit, askerOf, outcomeOf } from '../../audit/audit.ts'
import { CloudError } from '../../clouds/cloud.ts'
import type { CloudAccount, IdentityService } from '../../clouds/identity-service.ts'
import type { PublicOrigins } from '../../origins.ts'
import type { Identity } from '../identity.ts'
import type { SignedOut, SignInMode } from '../mode.ts'
import { mapsNothing, roleOf } from '../roles.ts'
import type { IamSettings } from '../settings.ts'
import { BrowserSignIns } from '../store/browser-sign-ins.ts'
import { DeviceCookies } from '../store/device-cookies.ts'
import type { SignIn } from '../store/sign-ins.ts'
import { Tenants } from './tenants.ts'
import { accountOf, bucketsOf, settled, Throttle } from './throttle.ts'
import { TypedNames } from './typed-names.ts'
import { signedOutByCloud } from './user-cloud.ts'

/** So many clouds of earlier choices stay open, for the consoles that were opened with them. */
const EARLIER_CHOICES = 4

/** The chosen projects. */
interface Choice {
  projects: Project[]
  tenants: Tenants
}

/** Kept with a sign-in. */
interface IamKept {
  account: CloudAccount
  /** The projects to choose from */
  offered: Project[]
  chosen: Choice | null
  /** Earlier choices, oldest first. Consoles that were opened then ask their clouds for new links. */
  earlier: Choice[]
  /** Ends this sign-in once there is one: the cloud no longer accepts the user. */
  onSignedOut: () => void
}

export interface IamOptions {
  service: IdentityService
  settings: IamSettings
  origins: PublicOrigins
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
  /** Clouds and accounts that are being closed */
  readonly #closing = new Set<Promise<void>>()

  constructor(options: IamOptions) {
    const { settings, origins, clock } = options
    const { idleMs, totalMs, secret } = settings
    this.#options = options
    this.#signIns = new BrowserSignIns({ idleMs, totalMs, origins, clock })
    this.#throttle = new Throttle({ clock })
    this.#devices = new DeviceCookies({ secret, origins, clock })
    this.#names = new TypedNames({ secret })
    this.#signIns.store.onEnded(({ kept }, reason) => {
      options.log.info({ user: kept.account.user.id, reason }, 'sign-in ended')
      const choices = [...kept.earlier, ...(kept.chosen ? [kept.chosen] : [])]
      this.#giveUp([...choices.map(({ tenants }) => tenants.cloud), kept.account])
    })
  }

  identify(request: FastifyRequest, reply: FastifyReply): Identity | Failure {
    const signIn = this.#signIns.find(request, reply)
    if (!signIn) return notSignedIn
    const { chosen } = signIn.kept
    if (!chosen) return { cause: 'sign-in-needed', detail: 'Choose which projects to show first.' }
    const { tenants } = chosen
    const { id } = signIn.kept.account.user
    const user = { id, ...this.#userOf(signIn.kept) }
    return { user, cloud: tenants.cloud, cloudDecides: true, tenancy: tenants, signIn: signIn.handle }
  }

  state(request: FastifyRequest, reply: FastifyReply): SignInState {
    const signIn = this.#signIns.find(request, reply)
    if (signIn) return this.#stateOf(signIn.kept)
    const { name, domain, domainTerm } = this.#options.service
    return { state: 'signed-out', offer: { mode: 'iam', cloud: name, domain, domainTerm } }
  }

  /** Request limits count by this: the sign-in or the known browser, so that no neighbour uses it up. */
  async rateKey(request: FastifyRequest): Promise<string> {
    const signIn = this.#signIns.peek(request)
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
      const kept = await this.#admitted(request, account?.key ?? null, () => this.#open(credentials))
      const { user } = kept.account
      const endsAt = this.#options.clock.now() + kept.account.leftMs()
      const signIn = this.#signIns.begin(request, reply, { userId: user.id, kept, endsAt })
      kept.onSignedOut = () => this.#signIns.store.end(signIn, 'cloud-ended')
      if (account) await this.#devices.give(request, reply, account.key)
      const detail = account ? this.#names.prove(account) : 'token'
      audit.record('sign-in', { ...asker, outcome: 'done', user, detail })
      return this.#stateOf(kept)
    } catch (error) {
      if (error instanceof CloudError) {
        const detail = account ? this.#names.tell(account) : 'token'
        audit.record('sign-in', { ...asker, ...outcomeOf(error.failure.cause), user: null, detail })
      }
      throw error
    }
  }

  /** The projects to choose from, for another choice. @throws CloudError `sign-in-needed` */
  offer(request: FastifyRequest, reply: FastifyReply): ProjectOffer {
    const signIn = this.#signIns.find(request, reply)
    if (!signIn) throw new CloudError(notSignedIn)
    const { offered, chosen } = signIn.kept
    return { projects: offered, chosen: chosen?.projects.map(({ key }) => key) ?? [] }
  }

  /** @throws CloudError `sign-in-needed`, `no-permission` if a project was not offered, or the cloud's own */
  async choose(
    request: FastifyRequest,
    reply: FastifyReply,
    keys: readonly string[],
    audit: Audit,
  ): Promise<SignInState> {
    const signIn = this.#signIns.find(request, reply)
    if (!signIn) throw new CloudError(notSignedIn)
    try {
      await this.#choose(signIn, keys)
    } catch (error) {
      if (error instanceof CloudError) {
        const { user } = signIn.kept.account
        const detail = projectsDetail(keys, signIn.kept.offered)
        audit.record('sign-in', { ...askerOf(request), ...outcomeOf(error.failure.cause), user, detail })
      }
      throw error
    }
    const facts = {
      ...askerOf(request),
      user: signIn.kept.account.user,
      detail: projectsDetail(keys, signIn.kept.offered),
    }
    audit.record('sign-in', { ...facts, outcome: 'done' })
    this.#signIns.renew(request, reply, signIn)
    return this.#stateOf(signIn.kept)
  }

  async signOut(request: FastifyRequest, reply: FastifyReply, everywhere: boolean): Promise<SignedOut> {
    const signIn = this.#signIns.signOut(request, reply, everywhere)
    return { user: signIn?.kept.account.user ?? null, answer: { continueAt: null } }
  }

  onEnded(listener: (signIn: string) => void): void {
    this.#signIns.store.onEnded(({ handle }) => listener(handle))
  }

  async close(): Promise<void> {
    this.#signIns.close()
    await Promise.all(this.#closing)
    await this.#options.service.close()
  }

  /** Lets an attempt through to the cloud, unless too many failed before, and counts how it ends. */
  async #admitted<T>(request: FastifyRequest, account: string | null, run: () => Promise<T>): Promise<T> {
    const device = await this.#devices.of(request)
    const known = device && (account === null || device.knows(account)) ? device.id : null
    const attempt = this.#throttle.begin(
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
      attempt.settle('succeeded')
      return result
    } catch (error) {
      attempt.settle(settled(error))
      throw error
    }
  }

  /** Opens everything that a sign-in needs of the cloud, or nothing. */
  async #open(credentials: IamCredentials): Promise<IamKept> {
    let account: CloudAccount | null = null
    try {
      account = await this.#options.service.signIn(credentials)
      const offered = await account.projects()
      if (offered.length === 0)
        throw new CloudError({
          cause: 'no-project',
          detail: 'This user belongs to no project in the cloud.',
        })
      const kept: IamKept = { account, offered, chosen: null, earlier: [], onSignedOut() {} }
      if (offered.length === 1) kept.chosen = await this.#choice(kept, offered)
      return kept
    } catch (error) {
      if (account) this.#giveUp([account])
      // A pasted token is too old. `signed-out` would blame this server's own credentials.
      if (error instanceof CloudError && error.failure.cause === 'signed-out')
        throw new CloudError({ ...error.failure, cause: 'credentials-refused' })
      throw error
    }
  }

  async #choice(kept: IamKept, projects: Project[]): Promise<Choice> {
    const { roles: mapping } = this.#options.settings
    const opened = await kept.account.open(projects.map(({ key }) => key))
    const tenants = new Tenants(opened, {
      roleOf: (names) => roleOf(names, mapping, mapsNothing(mapping) ? 'operator' : null),
      onSignedOut: () => kept.onSignedOut(),
      clock: this.#options.clock,
    })
    if (tenants.highest) return { projects, tenants }
    this.#giveUp([tenants.cloud])
    throw new CloudError({
      cause: 'no-role',
      detail: `None of the roles in the cloud (${tenants.names.join(', ') || 'none'}) is in BMS_CONSOLE_*_GROUPS.`,
    })
  }

  async #choose(signIn: SignIn<IamKept>, keys: readonly string[]): Promise<void> {
    const { kept } = signIn
    const projects = kept.offered.filter(({ key }) => keys.includes(key))
    if (projects.length < new Set(keys).size)
      throw new CloudError({
        cause: 'no-permission',
        detail: 'The cloud did not offer all of these projects.',
      })
    const choice = await this.#choice(kept, projects).catch((error: unknown) => {
      if (!(error instanceof CloudError && error.failure.cause === 'signed-out')) throw error
      this.#signIns.store.end(signIn, 'cloud-ended')
      throw new CloudError(signedOutByCloud)
    })
    // It may have ended while the cloud was asked.
    if (!this.#signIns.store.has(signIn)) {
      this.#giveUp([choice.tenants.cloud])
      throw new CloudError(notSignedIn)
    }
    if (kept.chosen) kept.earlier.push(kept.chosen)
    const given = kept.earlier.splice(0, kept.earlier.length - EARLIER_CHOICES)
    this.#giveUp(given.map(({ tenants }) => tenants.cloud))
    kept.chosen = choice
  }

  /** Roles are known for chosen projects only. */
  #userOf({ account, chosen }: IamKept): CurrentUser {
    const { id, name } = account.user
    const user = { name, role: chosen?.tenants.highest ?? 'viewer' }
    return this.#options.settings.installationAdmins.includes(id)
      ? { ...user, installationAdmin: true }
      : user
  }

  #stateOf(kept: IamKept): SignInState {
    const { offered, chosen } = kept
    const user = this.#userOf(kept)
    return chosen
      ? { state: 'signed-in', user, maySignOut: true, projects: chosen.projects }
      : { state: 'choosing-projects', user, projects: offered }
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

/** Only what the cloud offered is told: other keys may be any text. */
function projectsDetail(keys: readonly string[], offered: readonly Project[]): string {
  const known = keys.filter((chosen) => offered.some(({ key }) => key === chosen))
  const others = keys.length - known.length
  return `projects ${[...known, ...(others > 0 ? [`${others} not offered`] : [])].join(', ')}`
}

const notSignedIn: Failure = { cause: 'sign-in-needed', detail: 'No one is signed in with this browser.' }
