import type { Authoriser, CloudHttp, OutgoingRequest } from '../http.ts'
import type { ProjectRef } from '../keystone/keystone.ts'
import type { SignInGate } from '../keystone/sign-in-gate.ts'
import { type AccessKey, AccessKeyAuthoriser } from './access-key.ts'
import { passwordToken } from './iam.ts'
import { rereadOr } from './reread.ts'

export type HuaweiAuth =
  | {
      kind: 'password'
      iamEndpoint: string
      domain: string
      user: string
      password: string
      /** The user's, where several projects are asked for with the same password. */
      gate?: SignInGate
    }
  | { kind: 'token'; token: string; reread?: () => string }
  | ({ kind: 'aksk'; reread?: () => AccessKey } & AccessKey)

/** Puts the proxy's own credentials on requests: a token, or a signature. */
export function createAuthoriser(auth: HuaweiAuth, project: ProjectRef, http: CloudHttp): Authoriser {
  switch (auth.kind) {
    case 'password':
      return passwordToken(auth, project, http)
    case 'token':
      return new GivenToken(auth.token, auth.reread ?? null)
    case 'aksk':
      return new AccessKeyAuthoriser(auth, auth.reread ?? null, http.clock)
  }
}

/** The operator renews it, perhaps in the file that it came from. */
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
