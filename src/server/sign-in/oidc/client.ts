import * as oidc from 'openid-client'
import type { Clock } from '../../../shared/clock.ts'
import { visibleName } from '../../../shared/visible.ts'
import { CloudError } from '../../clouds/cloud.ts'
import { AnswerTooLong, boundedFetch } from '../../outbound/bounded.ts'
import { wayError } from '../../outbound/way-error.ts'
import type { OidcSettings } from '../settings.ts'
import { type Claims, nameOf, textsOf } from './claims.ts'

/** The provider, and who we are to it. Plain http is for this machine only: the settings refuse it elsewhere. */
export type OidcProvider = Pick<
  OidcSettings,
  'issuer' | 'clientId' | 'clientSecret' | 'scopes' | 'groupsClaim' | 'nameClaim'
>

/** Ties the provider's answer to the browser that asked. Secret until it is used up. */
export interface OidcChecks {
  state: string
  nonce: string
  verifier: string
}

export interface OidcPerson {
  /** Unique and lasting at this provider */
  subject: string
  name: string
  groups: string[]
}

/** The provider's metadata is read again after this. */
const METADATA_TTL_MS = 60 * 60_000

/** The limit of one call to the provider, seconds */
const TIMEOUT = 10
/** Metadata, tokens, claims and keys have a few KiB. */
const ANSWER_LIMIT = 1024 * 1024

/**
 * The code flow with PKCE at one provider. Asks for the provider's metadata when it is first needed and then once an
 * hour; a provider that is down fails the sign-in that needs it, and the next one asks again.
 * Every method rejects with a `CloudError` `sign-in-failed` and nothing else.
 */
export class OidcClient {
  #metadata: { configuration: Promise<oidc.Configuration>; until: number } | null = null

  constructor(
    readonly provider: OidcProvider,
    readonly clock: Clock,
    readonly fetch: typeof globalThis.fetch,
  ) {}

  /** @returns where the person signs in, and what to keep until they come back */
  async begin(redirectUri: string): Promise<{ url: string; checks: OidcChecks }> {
    const configuration = await this.#configuration()
    const checks = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    }
    return explained('the authorization request', async () => {
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: this.provider.scopes ?? usualScopes(configuration.serverMetadata()),
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, checks }
    })
  }

  /**
   * Checks the provider's answer (state, the issuer where it names itself), trades the code for tokens, and checks
   * those (signature, issuer, audience, nonce, times). No token is kept: nothing is done in the person's name.
   * @param answer the URL that the browser was sent back to
   */
  async finish(answer: URL, checks: OidcChecks): Promise<OidcPerson> {
    const configuration = await this.#configuration()
    return explained('the sign-in', async () => {
      const tokens = await oidc.authorizationCodeGrant(configuration, answer, {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.verifier,
      })
      const idToken = tokens.claims()
      // The library refuses an answer without one, as a nonce is expected.
      if (!idToken) throw new Error('there is no ID token')
      const person = this.#person(idToken)
      if ((person.groups && person.name) || !configuration.serverMetadata().userinfo_endpoint)
        return {
          subject: idToken.sub,
          name: person.name ?? visibleName(idToken.sub),
          groups: person.groups ?? [],
        }
      // Providers may keep claims out of the ID token and give them here only.
      // https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
      const more = this.#person(await oidc.fetchUserInfo(configuration, tokens.access_token, idToken.sub))
      return {
        subject: idToken.sub,
        name: person.name ?? more.name ?? visibleName(idToken.sub),
        groups: person.groups ?? more.groups ?? [],
      }
    })
  }

  /**
   * The person ends the provider's own session there, too. The request names us by `client_id`; the alternative,
   * `id_token_hint`, would put a token with the person's claims into a URL and make us keep it.
   * https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
   * @param returnTo must be registered with the provider
   * @returns null if the provider has no such page
   */
  async signOutUrl(returnTo: string): Promise<string | null> {
    const configuration = await this.#configuration()
    if (!configuration.serverMetadata().end_session_endpoint) return null
    return explained(
      'the sign-out',
      async () => oidc.buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnTo }).href,
    )
  }

  #person(claims: Claims) {
    return {
      name: nameOf(claims, this.provider.nameClaim),
      groups: textsOf(claims, this.provider.groupsClaim),
    }
  }

  /** Those who ask at the same time share one call. */
  async #configuration(): Promise<oidc.Configuration> {
    const now = this.clock.now()
    if (!this.#metadata || this.#metadata.until <= now) {
      const configuration = explained('the metadata of the sign-in provider', () => this.#discover())
      const metadata = { configuration, until: now + METADATA_TTL_MS }
      this.#metadata = metadata
      configuration.catch(() => {
        if (this.#metadata === metadata) this.#metadata = null
      })
    }
    return this.#metadata.configuration
  }

  #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.provider
    const server = new URL(issuer)
    return oidc.discovery(server, clientId, undefined, clientAuthentication(clientSecret), {
      timeout: TIMEOUT,
      // Reading the keys goes through it, too.
      [oidc.customFetch]: boundedFetch(ANSWER_LIMIT, plainly(this.fetch)),
      execute: [
        // The token comes over the connection to the provider itself, which the standard lets stand in for its
        // signature; a proxy between that ends TLS does not stand in.
        oidc.enableNonRepudiationChecks,
        ...(server.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
      ],
    })
  }
}

/** The types of `fetch` know bodies without an `undefined` in them, and bytes of no shared memory. */
const plainly =
  (over: typeof fetch) =>
  (url: string, { body = null, signal, ...asked }: oidc.CustomFetchOptions) =>
    over(url, {
      ...asked,
      ...(signal ? { signal } : {}),
      body: body instanceof Uint8Array ? Buffer.from(body) : body,
    })

/** Some providers refuse a request with an unknown scope. */
const usualScopes = ({ scopes_supported = [] }: oidc.ServerMetadata) =>
  ['openid profile email', ...scopes_supported.filter((scope) => scope === 'groups')].join(' ')

/** As the provider wants it; `client_secret_basic` is the standard's default. */
function clientAuthentication(secret: string | null): oidc.ClientAuth {
  if (secret === null) return oidc.None()
  const basic = oidc.ClientSecretBasic(secret)
  const post = oidc.ClientSecretPost(secret)
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const authenticate = methods.includes('client_secret_basic') ? basic : post
    authenticate(server, client, body, headers)
  }
}

async function explained<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new CloudError({ cause: 'sign-in-failed', detail: `${what} failed: ${reasonOf(error)}` })
  }
}

/**
 * For the log. The library's errors carry the whole answer as their `cause`, codes and tokens included. So only words
 * that surely hold none are taken, and the error itself goes no further.
 */
function reasonOf(error: unknown): string {
  if (error instanceof AnswerTooLong) return error.message
  if (error instanceof oidc.AuthorizationResponseError) return `the provider answered ${plain(error.error)}`
  if (error instanceof oidc.ResponseBodyError)
    return `the provider answered ${plain(error.error)} (HTTP ${error.status})`
  if (error instanceof oidc.WWWAuthenticateChallengeError)
    return `the provider wants other credentials (HTTP ${error.status})`
  if (error instanceof oidc.ClientError) {
    // The inner message says which claim or signature; it is a sentence of the library's.
    const { message } = error.cause instanceof Error ? error.cause : error
    return `${message} (${error.code ?? 'no code'})`
  }
  // `fetch` throws this if there was no answer. Its cause has the reason.
  if (error instanceof TypeError && error.cause !== undefined)
    return `the provider is not reachable: ${wayError(error.cause, 'it').message}`
  return error instanceof Error ? error.name : 'unknown'
}

/** An error code from outside, as the standards spell them. */
const plain = (code: string) => (/^[\w.-]{1,64}$/.test(code) ? code : 'an error without a proper name')
