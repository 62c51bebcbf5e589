import type { Failure } from '../../../shared/cause.ts'
import { unintelligible } from '../errors.ts'
import type { CloudHttp, OutgoingRequest } from '../http.ts'
import { readSignInRefusal } from './refusal.ts'
import { type CatalogEntry, WireProjects, WireToken } from './wire.ts'

/** By id, or by a name, which is unique in its domain only. */
export type DomainRef = { id: string } | { name: string }
export type InDomain = { id: string } | { name: string; domain: DomainRef }

export type Credentials =
  | { kind: 'password'; user: InDomain; password: string /** Of the MFA device */; passcode?: string }
  | { kind: 'application-credential'; id: string; secret: string }
  | { kind: 'application-credential'; name: string; user: InDomain; secret: string }
  | { kind: 'token'; token: string }

/** What a token is good for. `own`: what its credential says; an application credential has no other. */
export type Scope = { project: InDomain } | { domain: DomainRef } | 'unscoped' | 'own'

export interface KeystoneToken {
  value: string
  /** ms since the epoch */
  expiresAt: number
  user: { id: string; name: string; domain: { id: string; name: string } }
  project: { id: string; name: string } | null
  roles: string[]
  catalog: CatalogEntry[]
}

export interface KeystoneProject {
  id: string
  name: string
}

/**
 * The identity API v3, which Huawei Cloud's IAM speaks as well. Rejects with a `CloudError` and nothing else.
 * https://docs.openstack.org/api-ref/identity/v3/
 */
export class Keystone {
  readonly #root: string

  /** @param authUrl with or without the version at its end */
  constructor(
    authUrl: string,
    readonly http: CloudHttp,
  ) {
    this.#root = `${authUrl.replace(/\/+$/, '').replace(/\/v(2\.0|3)$/, '')}/v3`
  }

  /** @throws CloudError `code-needed`, `credentials-refused`, or `signed-out` where no more is known */
  async authenticate(credentials: Credentials, scope: Scope): Promise<KeystoneToken> {
    const request = this.#request('POST', '/auth/tokens', {}, tokenRequest(credentials, scope))
    const refusal = (failure: Failure, answer: { headers: Headers; body: string }) =>
      readSignInRefusal(
        failure,
        answer,
        credentials.kind === 'password' && credentials.passcode !== undefined,
      )
    // Asking for a token changes nothing in the cloud: it may be repeated.
    const { headers, json } = await this.http.sendTwice({ ...request, refusal }, secretsOf(credentials))
    return readToken(headers.get('x-subject-token'), json)
  }

  /** What a token is, told by itself: nobody else has to be asked. */
  async inspect(token: string): Promise<KeystoneToken> {
    const headers = { 'x-auth-token': token, 'x-subject-token': token }
    const { json } = await this.http.sendTwice(this.#request('GET', '/auth/tokens', headers), [token])
    return readToken(token, json)
  }

  /** The projects for which the token's user can have one. */
  async projects(token: string): Promise<KeystoneProject[]> {
    const request = this.#request('GET', '/auth/projects', { 'x-auth-token': token })
    const { json } = await this.http.sendTwice(request, [token])
    const { data } = WireProjects.safeParse(json)
    if (!data) throw unintelligible('list of projects')
    return data.projects.filter(({ enabled }) => enabled).map(({ id, name }) => ({ id, name }))
  }

  async revoke(token: string): Promise<void> {
    const headers = { 'x-auth-token': token, 'x-subject-token': token }
    await this.http.send(this.#request('DELETE', '/auth/tokens', headers), [token])
  }

  #request(
    method: OutgoingRequest['method'],
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ): OutgoingRequest {
    return {
      method,
      url: new URL(`${this.#root}${path}`),
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      body: body === undefined ? '' : JSON.stringify(body),
    }
  }
}

function tokenRequest(credentials: Credentials, scope: Scope) {
  const identity = identityOf(credentials)
  return { auth: scope === 'own' ? { identity } : { identity, scope } }
}

function identityOf(credentials: Credentials) {
  switch (credentials.kind) {
    case 'password': {
      const { user, password, passcode } = credentials
      if (passcode === undefined) return { methods: ['password'], password: { user: { ...user, password } } }
      // Keystone takes the user of a code by id, or by name and domain, as it does the password's.
      return {
        methods: ['password', 'totp'],
        password: { user: { ...user, password } },
        totp: { user: { ...user, passcode } },
      }
    }
    case 'application-credential': {
      const { kind: _, ...application_credential } = credentials
      return { methods: ['application_credential'], application_credential }
    }
    case 'token':
      return { methods: ['token'], token: { id: credentials.token } }
  }
}

function secretsOf(credentials: Credentials): string[] {
  switch (credentials.kind) {
    case 'password':
      return [credentials.password, ...(credentials.passcode ? [credentials.passcode] : [])]
    case 'application-credential':
      return [credentials.secret]
    case 'token':
      return [credentials.token]
  }
}

function readToken(value: string | null, json: unknown): KeystoneToken {
  const token = WireToken.safeParse(json).data?.token
  if (!value || !token) throw unintelligible('token answer')
  return {
    value,
    expiresAt: token.expires_at,
    user: token.user,
    project: token.project ? { id: token.project.id, name: token.project.name } : null,
    roles: token.roles.map(({ name }) => name),
    catalog: token.catalog,
  }
}
