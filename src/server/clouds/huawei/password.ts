import { CloudError } from '../cloud.ts'
import { unintelligible } from '../errors.ts'
import type { Authoriser, CloudHttp, OutgoingRequest } from '../http.ts'
import type { HuaweiAuth } from './auth.ts'
import { PasswordGate } from './password-gate.ts'
import { WireToken } from './wire.ts'

/** A project as IAM takes it in a token's scope. */
export type ProjectScope = { id: string } | { name: string }

interface Token {
  value: string
  expiresAt: number
  project: { id: string; name: string } | null
}

/** A token is renewed this long before its end, so that no call carries one that dies on the way. */
const RENEW_BEFORE_MS = 5 * 60_000

/** Signs in to one project with user and password, and again when the token ends. */
export class PasswordAuthoriser implements Authoriser {
  #token: Token | null = null
  #renewal: Promise<Token> | null = null
  readonly #gate: PasswordGate

  constructor(
    readonly auth: Extract<HuaweiAuth, { kind: 'password' }>,
    readonly scope: ProjectScope,
    /** Sends the request for a token. */
    readonly http: CloudHttp,
  ) {
    this.#gate = auth.gate ?? new PasswordGate()
  }

  async authorise(request: OutgoingRequest): Promise<Record<string, string>> {
    return { ...request.headers, 'x-auth-token': (await this.#currentToken()).value }
  }

  /** The project of the token, as IAM names it. */
  async project(): Promise<{ id: string; name: string }> {
    const { project } = await this.#currentToken()
    if (!project) throw unintelligible('token answer')
    return project
  }

  /**
   * After IAM itself refused there is no token to renew: asking again with the same wrong password would only lock the
   * user out.
   */
  discard(headers: Readonly<Record<string, string>>): boolean {
    const refused = headers['x-auth-token']
    if (refused === undefined) return false
    // Another call may have renewed it meanwhile: the new one is kept.
    if (this.#token?.value === refused) {
      this.#token = null
      this.#gate.doubt()
    }
    return true
  }

  secrets(): string[] {
    return [this.auth.password, ...(this.#token ? [this.#token.value] : [])]
  }

  #currentToken(): Promise<Token> {
    if (this.#token && this.#token.expiresAt - RENEW_BEFORE_MS > this.http.now())
      return Promise.resolve(this.#token)
    // One request for all who wait.
    const scope = JSON.stringify(this.scope)
    this.#renewal ??= this.#gate
      .ask(scope, this.http.now, () => this.#requestToken())
      .finally(() => {
        this.#renewal = null
      })
    return this.#renewal
  }

  /** https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html */
  async #requestToken(): Promise<Token> {
    const { iamEndpoint, user, password, domain } = this.auth
    const body = {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: user, password, domain: { name: domain } } },
        },
        scope: { project: this.scope },
      },
    }
    // Asking for a token changes nothing in the cloud: it may be repeated.
    const { headers, json } = await this.http
      .sendTwice(
        {
          method: 'POST',
          url: new URL('/v3/auth/tokens', iamEndpoint),
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        },
        this.secrets(),
      )
      .catch((error: unknown) => {
        if (error instanceof CloudError && error.failure.cause === 'signed-out') {
          throw new CloudError({
            ...error.failure,
            detail:
              `IAM refused the proxy's own sign-in (HUAWEI_USER, HUAWEI_DOMAIN, HUAWEI_PASSWORD), and is not asked again for some minutes: that would lock the user out. ${error.failure.detail ?? ''}`.trim(),
          })
        }
        throw error
      })
    const value = headers.get('x-subject-token')
    const token = WireToken.safeParse(json).data?.token
    const expiresAt = Date.parse(token?.expires_at ?? '')
    if (!value || Number.isNaN(expiresAt)) throw unintelligible('token answer')
    this.#token = { value, expiresAt, project: token?.project ?? null }
    return this.#token
  }
}
