import type { Authoriser, CloudHttp, OutgoingRequest } from '../http.ts'
import { type AccessKey, AccessKeyAuthoriser } from './access-key.ts'
import { PasswordAuthoriser, type ProjectScope } from './password.ts'
import type { PasswordGate } from './password-gate.ts'
import { rereadOr } from './reread.ts'

export type HuaweiAuth =
  | {
      kind: 'password'
      iamEndpoint: string
      domain: string
      user: string
      password: string
      /** The user's, should several projects be asked for. */
      gate?: PasswordGate
    }
  | { kind: 'token'; token: string; reread?: () => string }
  | ({ kind: 'aksk'; reread?: () => AccessKey } & AccessKey)

/** Signs in as the proxy itself, or signs its requests. */
export function createAuthoriser(auth: HuaweiAuth, scope: ProjectScope, http: CloudHttp): Authoriser {
  switch (auth.kind) {
    case 'password':
      return new PasswordAuthoriser(auth, scope, http)
    case 'token':
      return new GivenToken(auth.token, auth.reread ?? null)
    case 'aksk':
      return new AccessKeyAuthoriser(auth, auth.reread ?? null, http.now)
  }
}

/** Somebody else renews it, perhaps in the file that it came from. */
class GivenToken implements Authoriser {
  #token: string

  constructor(
    token: string,
    readonly reread: (() => string) | null,
  ) {
    this.#token = token
  }

  async authorise(request: OutgoingRequest): Promise<Record<string, string>> {
    return { ...request.headers, 'x-auth-token': this.#token }
  }

  discard(headers: Readonly<Record<string, string>>): boolean {
    this.#token = rereadOr(this.#token, this.reread)
    return this.#token !== headers['x-auth-token']
  }

  secrets(): string[] {
    return [this.#token]
  }
}
