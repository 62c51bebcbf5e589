import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Failure } from '../../../shared/cause.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { SignInState } from '../../../shared/sign-in.ts'
import { Role } from '../../../shared/user.ts'
import { networkOf } from '../../addresses.ts'
import { CloudError } from '../../clouds/cloud.ts'
import type { SharedCloud } from '../../clouds/snapshot.ts'
import type { PublicOrigins } from '../../origins.ts'
import type { Store } from '../../store/store.ts'
import type { Identity } from '../identity.ts'
import type { SignedOut, SignInMode } from '../mode.ts'
import { roleOf } from '../roles.ts'
import type { OidcSettings } from '../settings.ts'
import { BrowserSignIns } from '../store/browser-sign-ins.ts'
import { plain } from '../store/codec.ts'
import { DeviceCookies } from '../store/device-cookies.ts'
import { OidcClient } from './client.ts'
import { StartCookies } from './start-cookies.ts'
import { OidcStarts, type Start } from './starts.ts'

interface OidcOptions {
  /** With this server's own credentials: the cloud does not know these users, the role decides. */
  cloud: SharedCloud
  settings: OidcSettings
  origins: PublicOrigins
  log: FastifyBaseLogger
  clock: Clock
  fetch: typeof fetch
  store: Store
}

const User = z.object({ id: z.string(), name: z.string(), role: Role })
type User = z.infer<typeof User>

export const oidcPaths = { start: '/api/sign-in/oidc', callback: '/api/sign-in/oidc/callback' } as const

/** The provider knows this person, but none of the groups has a role. */
export class NoRole extends CloudError {
  constructor(readonly user: { id: string; name: string }) {
    super({ cause: 'no-role', detail: "None of this user's groups has a role here." })
  }
}

/** Mode `oidc`: people sign in at an OpenID provider, whose groups give them a role here. */
export class OidcSignIn implements SignInMode {
  readonly #options: OidcOptions
  readonly #client: OidcClient
  readonly #starts: OidcStarts
  readonly #startCookies: StartCookies
  readonly #signIns: BrowserSignIns<User>
  readonly #devices: DeviceCookies

  constructor(options: OidcOptions) {
    const { settings, origins, clock, store } = options
    const { idleMs, totalMs, secret } = settings
    this.#options = options
    this.#client = new OidcClient(settings, clock, options.fetch)
    this.#starts = new OidcStarts({ secret, clock, store })
    this.#startCookies = new StartCookies(origins)
    this.#signIns = new BrowserSignIns({ store, codec: plain(User), idleMs, totalMs, origins, clock })
    this.#devices = new DeviceCookies({ secret, origins, clock })
    this.#signIns.store.onEnded(({ userId, reason }) => {
      options.log.info({ user: userId, reason }, 'sign-in ended')
    })
  }

  async identify(request: FastifyRequest, reply: FastifyReply): Promise<Identity | Failure> {
    const signIn = await this.#signIns.find(request, reply)
    if (!signIn) return { cause: 'sign-in-needed' }
    return {
      user: signIn.kept,
      cloud: this.#options.cloud,
      cloudDecides: false,
      tenancy: null,
      signIn: signIn.handle,
    }
  }

  async state(request: FastifyRequest, reply: FastifyReply): Promise<SignInState> {
    const signIn = await this.#signIns.find(request, reply)
    if (!signIn)
      return {
        state: 'signed-out',
        offer: { mode: 'oidc', provider: this.#options.settings.providerName },
      }
    const { name, role } = signIn.kept
    return { state: 'signed-in', user: { name, role }, maySignOut: true, projects: null }
  }

  /** The limit of begun sign-ins counts by this. No neighbour uses up the limit of a known browser. */
  async rateKey(request: FastifyRequest): Promise<string> {
    const signIn = await this.#signIns.peek(request)
    return signIn?.handle ?? (await this.#devices.of(request))?.id ?? networkOf(request.ip)
  }

  /** The same for the way back from the provider, which brings no other cookie. */
  async rateKeyOfAnswer(request: FastifyRequest, state: string): Promise<string> {
    const sealed = this.#startCookies.of(request, state)
    const start = sealed === null ? null : await this.#starts.open(sealed, state)
    return start?.state ?? networkOf(request.ip)
  }

  /**
   * @param to the page's path to go to afterwards
   * @returns where the person signs in
   * @throws CloudError `sign-in-failed` if the provider does not answer
   */
  async begin(request: FastifyRequest, reply: FastifyReply, to: string): Promise<string> {
    const { url, checks } = await this.#client.begin(`${this.#addressOf(request)}${oidcPaths.callback}`)
    // It is looked up now, since the cookie of a sign-in does not come with the way back from another site.
    const before = await this.#signIns.peek(request)
    const sealed = await this.#starts.seal({
      ...checks,
      to,
      before: before && { handle: before.handle },
    })
    this.#startCookies.set(request, reply, checks.state, sealed)
    return url
  }

  /**
   * Uses up the sign-in that this browser began.
   * @throws CloudError `sign-in-failed`
   */
  async begun(request: FastifyRequest, reply: FastifyReply, state: string): Promise<Start> {
    const sealed = this.#startCookies.of(request, state)
    const start = sealed === null ? null : await this.#starts.redeem(sealed, state)
    if (sealed !== null) this.#startCookies.clear(request, reply, state)
    if (start) return start
    throw new CloudError({
      cause: 'sign-in-failed',
      detail: 'This browser did not start this sign-in, started it too long ago, or already finished it.',
    })
  }

  /** @throws CloudError `sign-in-failed`, or `NoRole` */
  async finish(request: FastifyRequest, reply: FastifyReply, start: Start): Promise<User> {
    // Path and host are the ones that we asked for, however the request spells them.
    const answer = new URL(`${this.#addressOf(request)}${oidcPaths.callback}`)
    answer.search = new URL(request.url, answer).search
    const user = this.#userOf(await this.#client.finish(answer, start))
    if (start.before) await this.#signIns.store.end(start.before, 'replaced')
    await this.#signIns.begin(request, reply, { userId: user.id, kept: user })
    await this.#devices.give(request, reply, user.id)
    return user
  }

  async signOut(request: FastifyRequest, reply: FastifyReply, everywhere: boolean): Promise<SignedOut> {
    const ended = await this.#signIns.signOut(request, reply, everywhere)
    return { user: ended?.kept ?? null, answer: { continueAt: ended && (await this.#continueAt(request)) } }
  }

  onEnded(listener: (signIn: string) => void): void {
    this.#signIns.store.onEnded(({ handle }) => listener(handle))
  }

  async close(): Promise<void> {
    await this.#signIns.close()
    await this.#options.cloud.close()
  }

  /** The provider ends its own session there. Signing out here does not depend on it. */
  async #continueAt(request: FastifyRequest): Promise<string | null> {
    try {
      return await this.#client.signOutUrl(`${this.#addressOf(request)}/sign-in`)
    } catch (error) {
      if (!(error instanceof CloudError)) throw error
      request.log.warn({ detail: error.failure.detail }, "no way to the provider's sign-out")
      return null
    }
  }

  #userOf({ subject, name, groups }: { subject: string; name: string; groups: readonly string[] }): User {
    const { issuer, roles } = this.#options.settings
    const role = roleOf(groups, roles, null)
    const id = `oidc:${issuer}#${subject}`
    if (role) return { id, name, role }
    throw new NoRole({ id, name })
  }

  /** The path below which all pages are, or nothing */
  get base(): string {
    return this.#options.origins.base
  }

  /** The public origin that the browser came by, with the path. The request guard lets in no other. */
  #addressOf(request: FastifyRequest): string {
    return this.#options.origins.originOf(request.headers.host) + this.base
  }
}
