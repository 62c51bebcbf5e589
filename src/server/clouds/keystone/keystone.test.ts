import { describe, expect, it } from 'vitest'
import { ImpatientClock } from '../../../testing/clock.ts'
import {
  projectId,
  projects,
  receipt,
  scopedToken,
  unscopedToken,
  userId,
} from '../../../testing/clouds/openstack-answers.ts'
import { type CannedAnswer, ours, startTestCloud } from '../../../testing/clouds/test-cloud.ts'
import { CloudError } from '../cloud.ts'
import { CloudHttp } from '../http.ts'
import { computeEndpoint, computeEndpoints } from './catalog.ts'
import { type Credentials, Keystone, type Scope } from './keystone.ts'

const given = (body: unknown): CannedAnswer => ({
  status: 201,
  headers: { 'x-subject-token': 'gAAAAAB' },
  body,
})

async function start(answer: CannedAnswer, path = '/v3', clock = new ImpatientClock()) {
  const cloud = await startTestCloud(() => answer)
  const http = new CloudHttp({ clock })
  return { ...cloud, keystone: new Keystone(`${cloud.endpoint}${path}`, http) }
}

const failure = async (promise: Promise<unknown>) => {
  const error = await promise.catch((thrown: unknown) => thrown)
  if (!(error instanceof CloudError)) throw new Error('a CloudError was expected')
  return error.failure
}

const json = { accept: 'application/json', 'content-type': 'application/json' }
const password: Credentials = { kind: 'password', user: { id: userId }, password: 'devstacker' }
const admin = { name: 'admin', domain: { name: 'Default' } }

describe('a token', () => {
  const requests: [string, Credentials, Scope, unknown][] = [
    [
      'by password, in a project by its name',
      password,
      { project: { name: 'admin', domain: { id: 'default' } } },
      {
        identity: { methods: ['password'], password: { user: { id: userId, password: 'devstacker' } } },
        scope: { project: { domain: { id: 'default' }, name: 'admin' } },
      },
    ],
    [
      'by password of a user by name, in a domain',
      { ...password, user: admin },
      { domain: { name: 'Default' } },
      {
        identity: {
          methods: ['password'],
          password: { user: { name: 'admin', domain: { name: 'Default' }, password: 'devstacker' } },
        },
        scope: { domain: { name: 'Default' } },
      },
    ],
    [
      'by password and code, without a scope',
      { ...password, user: admin, passcode: '012345' },
      'unscoped',
      {
        identity: {
          methods: ['password', 'totp'],
          password: { user: { name: 'admin', domain: { name: 'Default' }, password: 'devstacker' } },
          totp: { user: { name: 'admin', domain: { name: 'Default' }, passcode: '012345' } },
        },
        scope: 'unscoped',
      },
    ],
    [
      'by an application credential’s id',
      { kind: 'application-credential', id: '423f19a4ac1e4f48bbb4180756e6eb6c', secret: 'rEaqvJka48mpv' },
      'own',
      {
        identity: {
          methods: ['application_credential'],
          application_credential: { id: '423f19a4ac1e4f48bbb4180756e6eb6c', secret: 'rEaqvJka48mpv' },
        },
      },
    ],
    [
      'by an application credential’s name',
      { kind: 'application-credential', name: 'monitoring', user: { id: userId }, secret: 'rEaqvJka48mpv' },
      'own',
      {
        identity: {
          methods: ['application_credential'],
          application_credential: { name: 'monitoring', secret: 'rEaqvJka48mpv', user: { id: userId } },
        },
      },
    ],
    [
      'by another token',
      { kind: 'token', token: 'gAAAAAunscoped' },
      { project: { id: projectId } },
      {
        identity: { methods: ['token'], token: { id: 'gAAAAAunscoped' } },
        scope: { project: { id: projectId } },
      },
    ],
  ]
  it.each(requests)('%s is asked for as documented', async (_name, credentials, scope, auth) => {
    const { keystone, requests } = await start(given(scopedToken({ RegionOne: 'http://nova.test/v2.1' })))
    const token = await keystone.authenticate(credentials, scope)
    expect(requests.map(ours)).toEqual([
      { method: 'POST', path: '/v3/auth/tokens', headers: json, body: { auth } },
    ])
    expect(token).toMatchObject({
      value: 'gAAAAAB',
      user: { id: userId, name: 'admin', domain: { id: 'default', name: 'Default' } },
      project: { id: projectId, name: 'admin' },
      roles: ['admin'],
    })
  })

  const HOUR = 3_600_000
  it.each([
    ['a day ahead', 24 * HOUR],
    ['a day behind', -24 * HOUR],
    ['right', 0],
  ])('is good for as long as the cloud says, our clock being %s', async (_, off) => {
    const there = Date.parse('2026-03-04T00:00:00Z')
    const issued_at = new Date(there).toISOString()
    const expires_at = new Date(there + HOUR).toISOString()
    const answer = given({ token: { ...scopedToken({}).token, issued_at, expires_at } })
    const clock = new ImpatientClock(there + off)
    const seconds = (ms: number) => Math.round(ms / 1000)
    const token = await (await start(answer, '/v3', clock)).keystone.authenticate(password, 'own')
    expect(seconds(token.leftMs())).toBe(3_600)
    clock.advance(HOUR / 2)
    expect(seconds(token.leftMs())).toBe(1_800)
    // One that somebody brings was issued before, so the date of the answer counts.
    const date = new Date(there + HOUR / 4).toUTCString()
    const looked = await start({ ...answer, headers: { date } }, '/v3', clock)
    expect(seconds((await looked.keystone.inspect('gAAAAAB')).leftMs())).toBe(2_700)
  })

  it('without a scope has no project, no roles and no catalog', async () => {
    const { keystone } = await start(given(unscopedToken))
    expect(await keystone.authenticate(password, 'unscoped')).toMatchObject({
      project: null,
      roles: [],
      catalog: [],
    })
  })

  it('shows itself, is revoked, and lists the projects', async () => {
    const asked = await start({ body: unscopedToken })
    expect(await asked.keystone.inspect('pasted')).toMatchObject({ value: 'pasted', user: { id: userId } })
    const self = { ...json, 'x-auth-token': 'pasted', 'x-subject-token': 'pasted' }
    expect(asked.requests.map(ours)).toEqual([
      { method: 'GET', path: '/v3/auth/tokens', headers: self, body: '' },
    ])
    const revoked = await start({ status: 204, body: '' })
    await revoked.keystone.revoke('pasted')
    expect(revoked.requests.map(ours)).toEqual([
      { method: 'DELETE', path: '/v3/auth/tokens', headers: self, body: '' },
    ])
    const listed = await start({ body: projects })
    expect(await listed.keystone.projects('pasted')).toEqual([
      { id: '263fd9', name: 'Test Group' },
      { id: '50ef01', name: 'Build Group' },
    ])
    expect(listed.requests.map(ours)).toEqual([
      { method: 'GET', path: '/v3/auth/projects', headers: { ...json, 'x-auth-token': 'pasted' }, body: '' },
    ])
  })

  it.each([
    ['', '/v3/auth/tokens'],
    ['/', '/v3/auth/tokens'],
    ['/v3/', '/v3/auth/tokens'],
    ['/v2.0', '/v3/auth/tokens'],
    ['/identity', '/identity/v3/auth/tokens'],
    ['/identity/v3', '/identity/v3/auth/tokens'],
  ])('is asked for under the auth URL …%s', async (path, expected) => {
    const { keystone, requests } = await start(given(unscopedToken), path)
    await keystone.authenticate(password, 'unscoped')
    expect(requests[0]?.path).toBe(expected)
  })

  it.each([
    ['no header', { status: 201, body: unscopedToken }],
    ['no user', given({ token: { expires_at: '2999-01-01T00:00:00Z' } })],
    ['no end', given({ token: { ...unscopedToken.token, expires_at: 'never' } })],
    ['no JSON', given('<html>')],
  ])('with %s in the answer is reported as such', async (_name, answer) => {
    const { keystone } = await start(answer)
    expect(await failure(keystone.authenticate(password, 'unscoped'))).toEqual({
      cause: 'cloud-error',
      detail: "The cloud's token answer is not as documented.",
    })
  })

  it('reads past what is odd in a catalog and among projects', async () => {
    const body = scopedToken({ RegionOne: 'http://nova.test/v2.1', broken: 'not a URL' })
    const odd = { token: { ...body.token, catalog: [null, { type: 7 }, ...body.token.catalog] } }
    const { catalog } = await (await start(given(odd))).keystone.authenticate(password, 'unscoped')
    expect(computeEndpoints(catalog, 'public')).toEqual([
      { url: 'http://nova.test/v2.1', region: 'RegionOne' },
    ])
    const { keystone } = await start({
      body: { projects: [{}, { id: 'off', name: 'off', enabled: false }, ...projects.projects] },
    })
    expect((await keystone.projects('t')).map(({ id }) => id)).toEqual(['263fd9', '50ef01'])
  })
})

it('the catalog gives Nova by interface and region, and nothing else for it', async () => {
  const { keystone } = await start(given(scopedToken({ One: 'http://one.test', Two: 'http://two.test' })))
  const { catalog } = await keystone.authenticate(password, 'unscoped')
  expect(computeEndpoint(catalog, 'public', 'Two')).toEqual({ url: 'http://two.test', region: 'Two' })
  expect(computeEndpoint(catalog, 'public', null)).toEqual({ url: 'http://one.test', region: 'One' })
  expect(computeEndpoint(catalog, 'internal', 'One')?.url).toBe('http://internal.invalid')
  expect(computeEndpoint(catalog, 'public', 'Three')).toBeNull()
})

describe('a refused sign-in', () => {
  const code: Credentials = { ...password, passcode: '012345' }
  const unauthorised = (message: string) => ({
    status: 401,
    body: { error: { code: 401, message, title: 'Unauthorized' } },
  })
  const receiptAnswer = (required_auth_methods: string[][], methods = ['password']): CannedAnswer => ({
    status: 401,
    headers: { 'openstack-auth-receipt': 'gAAAAABreceipt' },
    body: { receipt: { ...receipt.receipt, methods }, required_auth_methods },
  })
  const mfa = unauthorised('mfa totp code verify fail')
  const cases: [string, CannedAnswer, Credentials, string][] = [
    [
      'a wrong password',
      unauthorised('The request you have made requires authentication.'),
      password,
      'signed-out',
    ],
    ['Keystone asks for a code', receiptAnswer(receipt.required_auth_methods), password, 'code-needed'],
    [
      'Keystone asks for one of several',
      receiptAnswer([
        ['password', 'x509'],
        ['password', 'totp'],
      ]),
      password,
      'code-needed',
    ],
    [
      'Keystone asks for another method',
      receiptAnswer([['password', 'x509']]),
      password,
      'credentials-refused',
    ],
    [
      'Keystone asks for a code and more',
      receiptAnswer([['password', 'totp', 'x509']]),
      password,
      'credentials-refused',
    ],
    [
      'Keystone asks for a third method',
      receiptAnswer([['password', 'totp', 'x509']], ['password', 'totp']),
      code,
      'credentials-refused',
    ],
    ['a receipt that cannot be read', { ...receiptAnswer([]), body: '<html>' }, password, 'signed-out'],
    [
      'a wrong code, Keystone',
      unauthorised('Invalid username or TOTP passcode'),
      code,
      'credentials-refused',
    ],
    ['no code, Huawei Cloud', mfa, password, 'code-needed'],
    ['a wrong code, Huawei Cloud', mfa, code, 'credentials-refused'],
    [
      'a wrong code, IAM.1061',
      { status: 400, body: { error_code: 'IAM.1061', error_msg: 'Invalid passcode.' } },
      code,
      'credentials-refused',
    ],
    [
      'a fault that speaks of TOTP',
      { status: 500, body: { error: { code: 500, message: 'totp' } } },
      code,
      'cloud-error',
    ],
  ]
  it.each(cases)('%s', async (_name, answer, credentials, cause) => {
    const { keystone } = await start(answer)
    const refusal = await failure(keystone.authenticate(credentials, 'unscoped'))
    expect(refusal.cause).toBe(cause)
    expect(JSON.stringify(refusal)).not.toMatch(/devstacker|012345|gAAAAABreceipt/)
  })
})

it('a Keystone that repeats all it was sent is not repeated in our errors', async () => {
  const secrets = ['devst"ack\\er &+/ö', '012345', 'rEaqvJka48mpv', 'gAAAAABsecret']
  const [word = '', passcode = '', secret = '', token = ''] = secrets
  const cloud = await startTestCloud(({ body, headers }) => ({
    status: 401,
    headers: { 'x-request-id': encodeURIComponent(`${headers['x-auth-token'] ?? word}`) },
    body: {
      error: { code: token, message: `${body} ${JSON.stringify(headers)} ${encodeURIComponent(word)}` },
    },
  }))
  const keystone = new Keystone(cloud.endpoint, new CloudHttp())
  const user = { id: userId }
  const calls = [
    () => keystone.authenticate({ kind: 'password', user, password: word, passcode }, 'unscoped'),
    () => keystone.authenticate({ kind: 'application-credential', id: 'a', secret }, 'own'),
    () => keystone.authenticate({ kind: 'token', token }, 'unscoped'),
    () => keystone.inspect(token),
    () => keystone.projects(token),
    () => keystone.revoke(token),
  ]
  for (const [index, call] of calls.entries()) {
    const text = JSON.stringify(await failure(call()))
    const own = index === 0 ? [word, encodeURIComponent(word), passcode] : index === 1 ? [secret] : [token]
    for (const form of own) expect(text).not.toContain(form)
  }
})
