import type { Clock } from '../../../shared/clock.ts'
import type { Authoriser, OutgoingRequest } from '../http.ts'
import { rereadOr } from './reread.ts'
import { signRequest } from './signer.ts'

export interface AccessKey {
  accessKey: string
  secretKey: string
  /** A temporary key has one. */
  securityToken?: string
}

/** Signs with an access key. When the cloud refuses the key, it reads the file again: the key may be replaced there. */
export class AccessKeyAuthoriser implements Authoriser {
  #key: AccessKey
  /** Which key made which headers. */
  readonly #used = new WeakMap<object, AccessKey>()

  constructor(
    key: AccessKey,
    readonly reread: (() => AccessKey) | null,
    readonly clock: Clock,
  ) {
    this.#key = key
  }

  async authorise(request: OutgoingRequest): Promise<Record<string, string>> {
    const { securityToken } = this.#key
    const headers = {
      ...request.headers,
      ...(securityToken ? { 'x-security-token': securityToken } : {}),
    }
    const { host: _, ...signed } = signRequest({ ...request, headers }, this.#key, this.clock.now())
    this.#used.set(signed, this.#key)
    // `fetch` sets Host itself, to the same value.
    return signed
  }

  /** The same key is not tried twice: the cloud locks a key for five minutes after five refusals in a row. */
  discard(headers: Readonly<Record<string, string>>): boolean {
    this.#key = rereadOr(this.#key, this.reread)
    const refused = this.#used.get(headers)
    return refused !== undefined && !sameKey(refused, this.#key)
  }

  secrets(): string[] {
    const { secretKey, securityToken } = this.#key
    return [secretKey, ...(securityToken ? [securityToken] : [])]
  }
}

const sameKey = (a: AccessKey, b: AccessKey) =>
  a.accessKey === b.accessKey && a.secretKey === b.secretKey && a.securityToken === b.securityToken
