import { CloudError } from '../cloud.ts'
import type { Authoriser, OutgoingRequest } from '../http.ts'
import { type Credentials, type Keystone, type KeystoneToken, type Scope, secretsOf } from './keystone.ts'
import { SignInGate } from './sign-in-gate.ts'

/** Puts a token on requests, and says what the token is good for. */
export interface TokenSource extends Authoriser {
  /** @throws CloudError */
  current(): Promise<KeystoneToken>
}

/** The token of a user who signed in. When it ends, the sign-in ends. */
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

interface OwnSignIn {
  credentials: Credentials
  scope: Scope
  /** Put before the cloud's words when it refuses: names the settings to correct. */
  refusedSays: string
  /** The user's, where several projects are asked for with the same password. */
  gate?: SignInGate
}

/** The proxy's own tokens. It asks for one when a call needs it, and again before the token ends or when it is refused. */
export class RenewedToken implements TokenSource {
  #token: KeystoneToken | null = null
  #renewal: Promise<KeystoneToken> | null = null
  readonly #gate: SignInGate

  constructor(
    readonly keystone: Keystone,
    readonly own: OwnSignIn,
  ) {
    this.#gate = own.gate ?? new SignInGate(keystone.http.clock)
  }

  current(): Promise<KeystoneToken> {
    // A token that was got with another token ends with it: asking early would bring nothing but the same end.
    const early = this.own.credentials.kind === 'token' ? 0 : RENEW_BEFORE_MS
    if (this.#token && this.#token.leftMs() > early) return Promise.resolve(this.#token)
    // One request for all who wait.
    this.#renewal ??= this.#gate
      .ask(JSON.stringify(this.own.scope), () => this.#request())
      .finally(() => {
        this.#renewal = null
      })
    return this.#renewal
  }

  async authorise({ headers }: OutgoingRequest): Promise<Record<string, string>> {
    return { ...headers, 'x-auth-token': (await this.current()).value }
  }

  discard(headers: Readonly<Record<string, string>>): boolean {
    const refused = headers['x-auth-token']
    // Without one the sign-in itself was refused, and asking again with the same password would lock the user out.
    if (refused === undefined) return false
    // Another call may have renewed it meanwhile: then the new one is kept.
    if (this.#token?.value === refused) {
      this.#token = null
      this.#gate.doubt()
    }
    return true
  }

  secrets(): string[] {
    return [...secretsOf(this.own.credentials), ...(this.#token ? [this.#token.value] : [])]
  }

  async #request(): Promise<KeystoneToken> {
    try {
      this.#token = await this.keystone.authenticate(this.own.credentials, this.own.scope)
      return this.#token
    } catch (error) {
      if (!(error instanceof CloudError)) throw error
      const { cause, detail } = error.failure
      // Nobody is there to type a one-time code.
      if (cause !== 'signed-out' && cause !== 'code-needed' && cause !== 'credentials-refused') throw error
      throw new CloudError({
        ...error.failure,
        cause: 'signed-out',
        detail: `${this.own.refusedSays} ${detail ?? ''}`.trim(),
      })
    }
  }
}
