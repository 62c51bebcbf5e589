import { CloudError } from '../cloud.ts'
import type { Authoriser, OutgoingRequest } from '../http.ts'
import type { Credentials, Keystone, KeystoneToken, Scope } from './keystone.ts'

/** Puts a token on requests, and tells what it is good for. */
export interface TokenSource extends Authoriser {
  /** @throws CloudError */
  current(): Promise<KeystoneToken>
}

/** The token of somebody who signed in: its end is the end of the sign-in. */
export function fixedToken(token: KeystoneToken): TokenSource {
  return {
    current: async () => token,
    authorise: async ({ headers }) => ({ ...headers, 'x-auth-token': token.value }),
    discard: () => false,
    secrets: () => [token.value],
  }
}

/** A token is renewed this long before its end, so that no call carries one that dies on the way. */
const RENEW_BEFORE_MS = 5 * 60_000

/** Keystone may lock out whoever is wrong several times: a refused sign-in is not repeated at each look at a list. */
const HOLD_REFUSAL_MS = 10 * 60_000

/** The proxy's own tokens: asked for when one is needed, and anew before it ends or when it is refused. */
export class RenewedToken implements TokenSource {
  #token: KeystoneToken | null = null
  #renewal: Promise<KeystoneToken> | null = null
  #refusal: { error: CloudError; at: number } | null = null

  /** @param from where the credentials are set, for the one who has to correct them */
  constructor(
    readonly keystone: Keystone,
    readonly credentials: Credentials,
    readonly scope: Scope,
    readonly from: string,
  ) {}

  current(): Promise<KeystoneToken> {
    // One that was got with another ends with it: asking early would bring nothing but the same end.
    const early = this.credentials.kind === 'token' ? 0 : RENEW_BEFORE_MS
    const now = this.keystone.http.now()
    if (this.#token && this.#token.expiresAt - early > now) return Promise.resolve(this.#token)
    if (this.#refusal && now - this.#refusal.at < HOLD_REFUSAL_MS) return Promise.reject(this.#refusal.error)
    // One request for all who wait.
    this.#renewal ??= this.#request().finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  async authorise({ headers }: OutgoingRequest): Promise<Record<string, string>> {
    return { ...headers, 'x-auth-token': (await this.current()).value }
  }

  discard(headers: Readonly<Record<string, string>>): boolean {
    const refused = headers['x-auth-token']
    if (refused === undefined) return false
    // Another call may have renewed it meanwhile: the new one is kept.
    if (this.#token?.value === refused) this.#token = null
    return true
  }

  secrets(): string[] {
    return this.#token ? [this.#token.value] : []
  }

  async #request(): Promise<KeystoneToken> {
    try {
      this.#token = await this.keystone.authenticate(this.credentials, this.scope)
      return this.#token
    } catch (error) {
      if (!(error instanceof CloudError)) throw error
      const { cause, detail } = error.failure
      if (cause !== 'signed-out' && cause !== 'code-needed' && cause !== 'credentials-refused') throw error
      const refusal = new CloudError({
        ...error.failure,
        cause: 'signed-out',
        detail: `Keystone refused the proxy's own sign-in (${this.from}). ${detail ?? ''}`.trim(),
      })
      this.#refusal = { error: refusal, at: this.keystone.http.now() }
      throw refusal
    }
  }
}
