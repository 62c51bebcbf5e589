import { CloudError } from '../cloud.ts'
import { unintelligible } from '../errors.ts'
import type { Authoriser, CloudHttp, OutgoingRequest } from '../http.ts'
import { signRequest } from './signer.ts'
import { WireToken } from './wire.ts'

export type HuaweiAuth =
  | { kind: 'password'; iamEndpoint: string; domain: string; user: string; password: string }
  | { kind: 'token'; token: string }
  | { kind: 'aksk'; accessKey: string; secretKey: string; securityToken?: string }

/** A token is renewed this long before its end, so that no call carries one that dies on the way. */
const RENEW_BEFORE_MS = 5 * 60_000

/** Signs in as the proxy itself, or signs its requests. */
export class Authenticator implements Authoriser {
  #token: { value: string; expiresAt: number } | null = null
  #renewal: Promise<string> | null = null

  constructor(
    readonly auth: HuaweiAuth,
    readonly projectId: string,
    /** Sends the request for a token. */
    readonly http: CloudHttp,
  ) {}

  /**
   * After IAM itself refused there is no token to renew: asking again with the same wrong password would only lock the
   * user out.
   */
  discard(headers: Readonly<Record<string, string>>): boolean {
    const refused = headers['x-auth-token']
    if (this.auth.kind !== 'password' || refused === undefined) return false
    // Another call may have renewed it meanwhile: the new one is kept.
    if (this.#token?.value === refused) this.#token = null
    return true
  }

  /** What must never be told, should the cloud repeat what it was sent. */
  secrets(): string[] {
    switch (this.auth.kind) {
      case 'token':
        return [this.auth.token]
      case 'password':
        return [this.auth.password, ...(this.#token ? [this.#token.value] : [])]
      case 'aksk':
        return [this.auth.secretKey, ...(this.auth.securityToken ? [this.auth.securityToken] : [])]
    }
  }

  async authorise(request: OutgoingRequest): Promise<Record<string, string>> {
    switch (this.auth.kind) {
      case 'token':
        return { ...request.headers, 'x-auth-token': this.auth.token }
      case 'password':
        return { ...request.headers, 'x-auth-token': await this.#currentToken(this.auth) }
      case 'aksk': {
        const { securityToken } = this.auth
        const headers = {
          ...request.headers,
          'x-project-id': this.projectId,
          ...(securityToken ? { 'x-security-token': securityToken } : {}),
        }
        const { host: _, ...signed } = signRequest({ ...request, headers }, this.auth, this.http.now())
        // `fetch` sets Host itself, to the same value.
        return signed
      }
    }
  }

  #currentToken(auth: Extract<HuaweiAuth, { kind: 'password' }>): Promise<string> {
    if (this.#token && this.#token.expiresAt - RENEW_BEFORE_MS > this.http.now())
      return Promise.resolve(this.#token.value)
    // One request for all who wait.
    this.#renewal ??= this.#requestToken(auth).finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  async #requestToken(auth: Extract<HuaweiAuth, { kind: 'password' }>): Promise<string> {
    const body = {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: auth.user, password: auth.password, domain: { name: auth.domain } } },
        },
        scope: { project: { id: this.projectId } },
      },
    }
    // Asking for a token changes nothing in the cloud: it may be repeated.
    const { headers, json } = await this.http
      .sendTwice(
        {
          method: 'POST',
          url: new URL('/v3/auth/tokens', auth.iamEndpoint),
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
              `IAM refused the proxy's own sign-in (HUAWEI_USER, HUAWEI_DOMAIN, HUAWEI_PASSWORD). ${error.failure.detail ?? ''}`.trim(),
          })
        }
        throw error
      })
    const value = headers.get('x-subject-token')
    const expiresAt = Date.parse(WireToken.safeParse(json).data?.token.expires_at ?? '')
    if (!value || Number.isNaN(expiresAt)) throw unintelligible('token answer')
    this.#token = { value, expiresAt }
    return value
  }
}
