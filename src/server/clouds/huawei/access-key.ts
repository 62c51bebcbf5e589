import type { Authoriser, OutgoingRequest } from '../http.ts'
import { rereadOr } from './reread.ts'
import { signRequest } from './signer.ts'

export interface AccessKey {
  accessKey: string
  secretKey: string
  /** Of a temporary key. */
  securityToken?: string
}

/** Signs with an access key; one that is replaced in its file is taken up when the cloud refuses the old one. */
export class AccessKeyAuthoriser implements Authoriser {
  #key: AccessKey
  /** By the headers that they made. */
  readonly #used = new WeakMap<object, AccessKey>()

  constructor(
    key: AccessKey,
    readonly reread: (() => AccessKey) | null,
    readonly now: () => number,
  ) {
    this.#key = key
  }

  async authorise(request: OutgoingRequest): Promise<Record<string, string>> {
    const { securityToken } = this.#key
    const headers = {
      ...request.headers,
      ...(securityToken ? { 'x-security-token': securityToken } : {}),
    }
    const { host: _, ...signed } = signRequest({ ...request, headers }, this.#key, this.now())
    this.#used.set(signed, this.#key)
    // `fetch` sets Host itself, to the same value.
    return signed
  }

  /** The same key is not tried twice: five refusals in a row lock it for five minutes. */
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
