import type { Failure } from '../../../shared/cause.ts'
import { startAge } from '../../../shared/clock.ts'
import { unintelligible } from '../errors.ts'
import type { Authoriser, CloudHttp, OutgoingRequest } from '../http.ts'
import { readSignInRefusal } from './refusal.ts'
import { type CatalogEntry, WireNamedProjects, WireProjects, WireToken } from './wire.ts'

/** By id, or by name. A name is unique only in its domain. */
export type DomainRef = { id: string } | { name: string }
export type InDomain = { id: string } | { name: string; domain: DomainRef }
/** Huawei Cloud's IAM looks for a name without a domain in the user's own. */
export type ProjectRef = InDomain | { name: string }

export type Credentials =
  | { kind: 'password'; user: InDomain; password: string /** From the MFA device */; passcode?: string }
  | { kind: 'application-credential'; id: string; secret: string }
  | { kind: 'application-credential'; name: string; user: InDomain; secret: string }
  | { kind: 'token'; token: string }

/** What a token is good for. `own` leaves it to the credential: an application credential allows nothing else. */
export type Scope = { project: ProjectRef } | { domain: DomainRef } | 'unscoped' | 'own'

export interface KeystoneToken {
  value: string
  /** How long it is still good, ms */
  leftMs: () => number
  user: { id: string; name: string; domain: { id: string; name: string } }
  project: KeystoneProject | null
  roles: string[]
  catalog: CatalogEntry[]
}

export interface KeystoneProject {
  id: string
  name: string
}

const json = { accept: 'application/json', 'content-type': 'application/json' }

/**
 * The identity API v3: OpenStack's Keystone speaks it, and so does the IAM of Huawei Cloud and Open Telekom Cloud.
 * Rejects with a `CloudError` and nothing else.
 * https://docs.openstack.org/api-ref/identity/v3/
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
 */
export class Keystone {
  readonly #root: string

  /**
   * @param authUrl with or without the version at its end
   * @param tokenHeaders headers of a request for a token, which differ between the clouds
   */
  constructor(
    authUrl: string,
    readonly http: CloudHttp,
    readonly tokenHeaders: Readonly<Record<string, string>> = json,
  ) {
    this.#root = `${authUrl.replace(/\/+$/, '').replace(/\/v(2\.0|3)$/, '')}/v3`
  }

  /** @throws CloudError `code-needed`, `credentials-refused`, or `signed-out` if no more is known */
  async authenticate(credentials: Credentials, scope: Scope): Promise<KeystoneToken> {
    const codeGiven = credentials.kind === 'password' && credentials.passcode !== undefined
    const request: OutgoingRequest = {
      method: 'POST',
      url: this.#url('/auth/tokens'),
      headers: { ...this.tokenHeaders },
      body: JSON.stringify(tokenRequest(credentials, scope)),
      refusal: (failure: Failure, answer) => readSignInRefusal(failure, answer, codeGiven),
    }
    const age = startAge(this.http.clock)
    // Asking for a token changes nothing in the cloud: it may be repeated.
    const { headers, json } = await this.http.sendTwice(request, secretsOf(credentials))
    const token = readToken(headers.get('x-subject-token'), json)
    // It is as old as the answer. So both its dates come from one clock, whatever the time is there.
    return tokenOf(token, token.issued_at ?? answeredAt(headers) ?? this.http.clock.now(), age)
  }

  /** What a token is good for. The token itself is enough to ask. */
  async inspect(token: string): Promise<KeystoneToken> {
    const headers = { 'x-auth-token': token, 'x-subject-token': token }
    const age = startAge(this.http.clock)
    const answer = await this.http.sendTwice(this.#request('GET', '/auth/tokens', headers), [token])
    return tokenOf(readToken(token, answer.json), answeredAt(answer.headers) ?? this.http.clock.now(), age)
  }

  /** The projects for which the token's user can have a token. */
  async projects(token: string): Promise<KeystoneProject[]> {
    const request = this.#request('GET', '/auth/projects', { 'x-auth-token': token })
    const { json } = await this.http.sendTwice(request, [token])
    const { data } = WireProjects.safeParse(json)
    if (!data) throw unintelligible('list of projects')
    return data.projects.filter(({ enabled }) => enabled).map(({ id, name }) => ({ id, name }))
  }

  /** The projects of this name. Any credentials may ask: IAM takes a signature, too. */
  async projectsNamed(name: string, authoriser: Authoriser): Promise<KeystoneProject[]> {
    const request = this.#request('GET', `/projects?${new URLSearchParams({ name })}`)
    const { projects } = await this.http.call(authoriser, request, WireNamedProjects, 'project list')
    return projects.filter((project) => project.name === name)
  }

  async revoke(token: string): Promise<void> {
    const headers = { 'x-auth-token': token, 'x-subject-token': token }
    await this.http.send(this.#request('DELETE', '/auth/tokens', headers), [token])
  }

  #url(path: string): URL {
    return new URL(`${this.#root}${path}`)
  }

  #request(
    method: OutgoingRequest['method'],
    path: string,
    headers: Record<string, string> = {},
  ): OutgoingRequest {
    return { method, url: this.#url(path), headers: { ...json, ...headers }, body: '' }
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
      const byPassword = {
        user: 'id' in user ? { id: user.id, password } : { name: user.name, password, domain: user.domain },
      }
      if (passcode === undefined) return { methods: ['password'], password: byPassword }
      // Keystone takes the user of a code by id, or by name and domain, as for the password.
      return {
        methods: ['password', 'totp'],
        password: byPassword,
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

/** What the credentials hold in confidence, so that no error repeats it. */
export function secretsOf(credentials: Credentials): string[] {
  switch (credentials.kind) {
    case 'password':
      return [credentials.password, ...(credentials.passcode ? [credentials.passcode] : [])]
    case 'application-credential':
      return [credentials.secret]
    case 'token':
      return [credentials.token]
  }
}

function readToken(value: string | null, json: unknown) {
  const token = WireToken.safeParse(json).data?.token
  if (!value || !token) throw unintelligible('token answer')
  return { ...token, value }
}

/** The cloud's own date of its answer. */
function answeredAt(headers: Headers): number | null {
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(date) ? null : date
}

/**
 * @param now the time of the answer, by the clock that gave the token its end: it may be another one than ours
 * @param age since the question, since we cannot know when the cloud answered it
 */
function tokenOf(token: ReturnType<typeof readToken>, now: number, age: () => number): KeystoneToken {
  const { value, user, project, roles, catalog } = token
  const goodMs = token.expires_at - now
  return {
    value,
    leftMs: () => goodMs - age(),
    user,
    project: project ? { id: project.id, name: project.name } : null,
    roles: roles.map(({ name }) => name),
    catalog,
  }
}
