import { createHash } from 'node:crypto'
import { compactVerify, decodeProtectedHeader, errors } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { EmbedTheme, Language } from '../../shared/embed.ts'
import { ServerId } from '../../shared/server.ts'
import { visibleName } from '../../shared/visible.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { PublicOrigins } from '../origins.ts'
import { type Store, StoreFull } from '../store/store.ts'
import { type LaunchKeys, launchKeys, shortOf } from './launch-keys.ts'
import type { EmbeddingSettings } from './settings.ts'

/** How long a ticket may be good, seconds. */
const MAX_LIFETIME = 60
/** How far the portal's clock may be ahead of ours, seconds. */
const MAX_SKEW = 5
const USED = 'The ticket was already used (jti).'

/** People read it, in the list of viewers and in the audit log. */
const Shown = z
  .string()
  .min(1)
  .max(256)
  .refine((value) => !/\p{Cc}/u.test(value), 'has control characters')
const Seconds = z.number().min(0).max(1e11)

const Claims = z.object({
  sub: Shown,
  name: Shown.transform(visibleName),
  server: ServerId,
  role: z.enum(['viewer', 'operator']),
  aud: z.union([z.string().max(256), z.array(z.string().max(256)).max(10)]),
  iss: z.string().max(512).nullish(),
  iat: Seconds,
  exp: Seconds,
  nbf: Seconds.nullish(),
  jti: z.string().min(1).max(128),
  theme: z.nullish(EmbedTheme),
  language: z.nullish(Language),
})
type Claims = z.infer<typeof Claims>

/** A user that a portal sends, and the server to show. */
export const Launch = z.object({
  user: z.object({ id: z.string(), name: z.string(), role: z.enum(['viewer', 'operator']) }),
  server: ServerId,
  theme: z.nullable(EmbedTheme),
  language: z.nullable(z.string()),
})
export type Launch = z.infer<typeof Launch>

export interface LaunchTicketsOptions {
  settings: EmbeddingSettings
  /** A ticket must be for one of this server's addresses. */
  origins: PublicOrigins
  clock: Clock
  /** Knows the uses of all replicas. */
  store: Store
  keys?: LaunchKeys
  /** Reads a set of keys */
  fetch?: typeof fetch
}

/** Verifies the tickets that a portal's backend has signed, and lets each be used once. */
export class LaunchTickets {
  readonly #options: LaunchTicketsOptions
  readonly #keys: LaunchKeys
  /** Whole seconds, as `iat` often has. What was used before is not known, unless the store is shared. */
  readonly #startedAt: number

  constructor(options: LaunchTicketsOptions) {
    this.#options = options
    this.#startedAt = Math.floor(options.clock.now() / 1000)
    this.#keys = options.keys ?? launchKeys(options.settings.key, options.fetch ?? fetch)
  }

  /**
   * Uses a ticket up. A refused ticket is not remembered, so nobody without the key can fill the memory.
   * @param renews the launch whose user and server it must repeat
   * @throws CloudError `launch-refused`, in words for the portal's operator
   */
  async redeem(ticket: string, renews: Pick<Launch, 'user' | 'server'> | null = null): Promise<Launch> {
    const claims = claimsOf(await this.#payload(ticket))
    this.#mustBeOurs(claims)
    this.#mustBeNow(claims)
    const launch = this.#launchOf(claims)
    if (renews) mustRenew(launch, renews)
    await this.#use(claims)
    return launch
  }

  /** @returns what was signed */
  async #payload(ticket: string): Promise<Uint8Array> {
    const { source } = this.#options.settings.key
    const { algorithms } = this.#keys
    const header = headerOf(ticket)
    // RFC 7515, section 4.1.11: an unknown critical header must be refused, and all are unknown here.
    if (header.crit !== undefined) throw refused('The ticket has an unknown “crit” header.')
    if (typeof header.alg !== 'string' || !algorithms.includes(header.alg))
      throw refused(
        `The ticket is signed with the algorithm ${shortOf(header.alg)}; ${source} takes ${algorithms.join(', ')}.`,
      )
    const key = await this.#keys.find(header)
    if ('why' in key) throw refused(`The ticket ${key.why}.`)
    try {
      return (await compactVerify(ticket, key, { algorithms: [...algorithms] })).payload
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed)
        throw refused(`The ticket's signature does not verify with ${source}.`)
      throw refused('The ticket is not a JWT.')
    }
  }

  #mustBeOurs({ aud, iss }: Claims): void {
    const { origins } = this.#options
    const audience = [aud].flat()
    const { addresses } = origins
    if (!audience.some((each) => addresses.includes(each)))
      throw refused(
        `The ticket's audience (aud) is ${audience.join(', ')}; expected ${addresses.join(' or ')}.`,
      )
    const { issuer } = this.#options.settings
    if (issuer !== null && iss !== issuer)
      throw refused(
        `The ticket's issuer (iss) is ${iss ?? 'missing'}; BMS_CONSOLE_LAUNCH_ISSUER is ${issuer}.`,
      )
  }

  #mustBeNow({ iat, exp, nbf }: Claims): void {
    const now = this.#options.clock.now() / 1000
    const lifetime = exp - iat
    if (lifetime > MAX_LIFETIME)
      throw refused(
        `The ticket is valid for ${inSeconds(lifetime)} (iat to exp); the limit is ${MAX_LIFETIME} s.`,
      )
    if (now >= exp) throw refused(`The ticket expired ${inSeconds(now - exp)} ago.`)
    const early = Math.max(iat, nbf ?? 0) - now
    if (early > MAX_SKEW)
      throw refused(
        `The ticket begins (iat, nbf) ${inSeconds(early)} from now: the clocks of portal and console differ.`,
      )
    // It may have been used before a restart. A portal whose clock is late meets this in its first seconds.
    if (!this.#options.store.shared && iat < this.#startedAt)
      throw refused(
        `The ticket was made (iat) ${inSeconds(this.#startedAt - iat)} before this console started: ask for a new one.`,
      )
  }

  #launchOf({ sub, name, role, server, theme, language }: Claims): Launch {
    return {
      user: { id: `embed:${this.#options.settings.issuer ?? 'portal'}#${sub}`, name, role },
      server,
      theme: theme ?? null,
      language: language ?? null,
    }
  }

  /** One of several at once wins. */
  async #use({ jti, exp }: Claims): Promise<void> {
    const { clock, store } = this.#options
    const leftMs = Math.max(1, Math.ceil(exp * 1000 - clock.now()))
    const claimed = await store.claim(keyOf(jti), '', leftMs).catch((error: unknown) => {
      // No ticket is forgotten early to make room, since it could be used again.
      if (!(error instanceof StoreFull)) throw error
      throw refused('Too many tickets were used within a minute: try again later.')
    })
    if (!claimed) throw refused(USED)
  }
}

/** A portal's own text, of any length and form */
const keyOf = (jti: string) => `launch-ticket:${createHash('sha256').update(jti).digest('base64url')}`

function headerOf(ticket: string) {
  try {
    return decodeProtectedHeader(ticket)
  } catch {
    throw refused('The ticket is not a JWT.')
  }
}

function claimsOf(payload: Uint8Array): Claims {
  const parsed = Claims.safeParse(jsonOf(payload))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const claim = issue && issue.path.length > 0 ? `claim “${issue.path.join('.')}” is` : 'claims are'
  throw refused(`The ticket's ${claim} missing or not valid: ${issue?.message}.`)
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    return undefined
  }
}

/** A renewal goes on with the screen as it is. It changes neither the user nor the rights. */
function mustRenew({ user, server }: Launch, before: Pick<Launch, 'user' | 'server'>): void {
  if (server !== before.server)
    throw refused(`The ticket is for the server ${server}; the console it renews is for ${before.server}.`)
  if (user.id !== before.user.id)
    throw refused('The ticket is for another user (sub) than the console it renews.')
  if (user.role !== before.user.role)
    throw refused(`The ticket has the role ${user.role}; the console it renews has ${before.user.role}.`)
}

const inSeconds = (value: number) => `${Math.ceil(value)} s`

const refused = (detail: string) => new CloudError({ cause: 'launch-refused', detail })
