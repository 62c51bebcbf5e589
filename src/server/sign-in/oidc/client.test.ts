import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { CloudError } from '../../clouds/cloud.ts'
import { OidcClient } from './client.ts'

const keys = generateKeyPair('RS256')
const strangersKeys = generateKeyPair('RS256')

type Answer = { status?: number; headers?: Record<string, string>; body: unknown }

/** A provider that says what it is told to say; what is left out is as it should be. */
async function start(
  lies: {
    metadata?: Record<string, unknown>
    idToken?: Record<string, unknown>
    sign?: 'stranger' | 'nobody'
    token?: Answer
    userinfo?: Answer
    answers?: Record<string, Answer>
  } = {},
  settings: { groupsClaim?: string; nameClaim?: string; clientSecret?: string; scopes?: string } = {},
) {
  const asked: { path: string; authorization: string | undefined; body: string }[] = []
  let nonce = ''
  const idToken = async () => {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: issuer,
      aud: 'console',
      sub: 's-1',
      iat: now,
      exp: now + 60,
      nonce,
      ...lies.idToken,
    }
    if (lies.sign === 'nobody') return new UnsecuredJWT(claims).encode()
    const { privateKey } = await (lies.sign === 'stranger' ? strangersKeys : keys)
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(privateKey)
  }
  const answers: Record<string, () => Promise<Answer>> = {
    '/.well-known/openid-configuration': async () => ({
      body: {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        ...(lies.userinfo ? { userinfo_endpoint: `${issuer}/userinfo` } : {}),
        ...lies.metadata,
      },
    }),
    '/jwks': async () => ({
      body: { keys: [{ ...(await exportJWK((await keys).publicKey)), kid: 'k', alg: 'RS256' }] },
    }),
    '/token': async () =>
      lies.token ?? { body: { access_token: 'access-1', token_type: 'Bearer', id_token: await idToken() } },
    '/userinfo': async () => lies.userinfo ?? { status: 404, body: {} },
  }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const path = request.url ?? ''
    asked.push({ path, authorization: request.headers.authorization, body })
    const answer = lies.answers?.[path] ?? (await answers[path]?.()) ?? { status: 404, body: {} }
    response
      .writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
      .end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clock = new ManualClock(0)
  const client = new OidcClient(
    {
      issuer,
      clientId: 'console',
      clientSecret: settings.clientSecret ?? null,
      scopes: settings.scopes ?? null,
      groupsClaim: settings.groupsClaim ?? 'groups',
      nameClaim: settings.nameClaim ?? null,
    },
    clock,
    fetch,
  )
  const signIn = async () => {
    const { checks } = await client.begin('https://console.test/callback')
    nonce = checks.nonce
    const answer = new URL(`https://console.test/callback?code=code-1&state=${checks.state}`)
    return client.finish(answer, checks)
  }
  return { client, clock, issuer, asked, signIn, lies }
}

/** @returns what is said of it */
async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof CloudError)) throw new Error(`it is no CloudError: ${String(error)}`)
  expect(error.failure.cause).toBe('sign-in-failed')
  expect(error.cause).toBeUndefined()
  return error.message
}

const body = (claims: Record<string, unknown>) => ({ body: { sub: 's-1', ...claims } })

describe('who has signed in', () => {
  it.each([
    [
      'by the ID token, which has all',
      { idToken: { groups: ['a', 'b'], preferred_username: 'ann' }, userinfo: body({ groups: ['c'] }) },
      {},
      { subject: 's-1', name: 'ann', groups: ['a', 'b'] },
    ],
    [
      'by userinfo, where the ID token has nothing',
      { userinfo: body({ groups: 'a', name: 'Ann' }) },
      {},
      { subject: 's-1', name: 'Ann', groups: ['a'] },
    ],
    [
      'with the ID token’s groups before those of userinfo',
      { idToken: { groups: [] }, userinfo: body({ groups: ['admins'], name: 'Ann' }) },
      {},
      { subject: 's-1', name: 'Ann', groups: [] },
    ],
    [
      'with groups at a path',
      { idToken: { realm_access: { roles: ['a'] }, n: 'Ann' } },
      { groupsClaim: 'realm_access.roles', nameClaim: 'n' },
      { subject: 's-1', name: 'Ann', groups: ['a'] },
    ],
    ['without groups or a name', {}, {}, { subject: 's-1', name: 's-1', groups: [] }],
  ])('%s', async (_what, lies, settings, person) => {
    const { signIn } = await start(lies, settings)
    expect(await signIn()).toEqual(person)
  })
})

describe('a sign-in fails', () => {
  const hour = Math.floor(Date.now() / 1000) - 3600
  it.each([
    ['an ID token of another issuer', { idToken: { iss: 'https://evil.test' } }, /"iss"/],
    ['an ID token for another client', { idToken: { aud: 'another' } }, /"aud"/],
    [
      'an ID token for several, and not issued to us',
      { idToken: { aud: ['console', 'x'], azp: 'x' } },
      /azp/,
    ],
    ['an ID token of the past', { idToken: { iat: hour, exp: hour + 60 } }, /timestamp/],
    ['an ID token without a nonce', { idToken: { nonce: undefined } }, /nonce/],
    ['an ID token with another nonce', { idToken: { nonce: 'another' } }, /"nonce"/],
    ['an ID token that another key signed', { sign: 'stranger' as const }, /signature/],
    ['an ID token that nobody signed', { sign: 'nobody' as const }, /alg/],
    ['no ID token', { token: { body: { access_token: 'access-1', token_type: 'Bearer' } } }, /id_token/],
    ['userinfo of somebody else', { userinfo: { body: { sub: 's-2', groups: ['admins'] } } }, /sub/],
    ['userinfo that fails', { userinfo: { status: 500, body: 'secret-500' } }, /HTTP response status/],
    ['a refused code', { token: { status: 400, body: { error: 'invalid_grant' } } }, /invalid_grant .*400/],
    ['a refused client', { token: { status: 401, body: { error: 'invalid_client' } } }, /invalid_client/],
    [
      'an error that is no name',
      { token: { status: 400, body: { error: 'secret code-1\nline' } } },
      /an error without a proper name/,
    ],
    [
      'no JSON',
      { token: { headers: { 'content-type': 'text/html' }, body: '<p>secret</p>' } },
      /content-type/,
    ],
    ['broken JSON', { token: { body: '{"access_token": "access-1' } }, /parse/],
    ['an endless token', { token: { body: `{"a": "${'x'.repeat(1024 * 1024)}"}` } }, /more than 1024 KiB/],
    ['an endless userinfo', { userinfo: { body: ' '.repeat(1024 * 1024 + 1) } }, /more than 1024 KiB/],
    ['endless keys', { answers: { '/jwks': { body: ' '.repeat(1024 * 1024 + 1) } } }, /more than 1024 KiB/],
    [
      'a redirect',
      { token: { status: 307, headers: { location: 'http://127.0.0.1:9/' }, body: '' } },
      /HTTP response status/,
    ],
  ])('for %s; what is said of it holds no code or token', async (_what, lies, says) => {
    const { signIn } = await start(lies)
    const said = await failureOf(signIn())
    expect(said).toMatch(/^the sign-in failed: /)
    expect(said).toMatch(says)
    expect(said).not.toMatch(/code-1|access-1|eyJ|secret|\n/)
  })

  it.each([
    ['another issuer', { metadata: { issuer: 'https://evil.test' } }],
    ['no metadata', { answers: { '/.well-known/openid-configuration': { status: 404, body: {} } } }],
    ['no JSON', { answers: { '/.well-known/openid-configuration': { body: '<p>' } } }],
  ])('for metadata of %s; the next one asks again', async (_what, lies) => {
    const provider = await start(lies)
    expect(await failureOf(provider.signIn())).toMatch(/^the metadata of the sign-in provider failed: /)
    delete provider.lies.metadata
    delete provider.lies.answers
    expect(await provider.signIn()).toMatchObject({ subject: 's-1' })
  })
})

describe('the provider', () => {
  it('is asked for its metadata once by those who come at the same time, and again after an hour', async () => {
    const { client, clock, asked } = await start()
    const begin = () => client.begin('https://console.test/callback')
    await Promise.all([begin(), begin(), begin()])
    clock.advance(59 * 60_000)
    await begin()
    expect(asked).toHaveLength(1)
    clock.advance(60_000)
    await begin()
    expect(asked).toHaveLength(2)
  })

  it.each([
    ['names nothing', undefined, 'Basic '],
    ['has both', ['client_secret_post', 'client_secret_basic'], 'Basic '],
    ['has the body only', ['client_secret_post'], undefined],
  ])('gets the secret as it wants it: it %s', async (_what, methods, header) => {
    const { signIn, asked } = await start(
      { metadata: { token_endpoint_auth_methods_supported: methods } },
      { clientSecret: 'client-secret' },
    )
    await signIn()
    const request = asked.find(({ path }) => path === '/token')
    expect(request?.authorization?.slice(0, 6)).toBe(header)
    expect(request?.body.includes('client_secret=client-secret')).toBe(header === undefined)
    expect(request?.body).toContain('code_verifier=')
  })

  it.each([
    ['it has groups', ['openid', 'groups'], undefined, 'openid profile email groups'],
    ['it has none', ['openid'], undefined, 'openid profile email'],
    ['it does not say', undefined, undefined, 'openid profile email'],
    ['they are configured', ['openid', 'groups'], 'openid roles', 'openid roles'],
  ])('is asked for scopes that it knows: %s', async (_what, known, scopes, asked) => {
    const { client } = await start({ metadata: { scopes_supported: known } }, scopes ? { scopes } : {})
    const { url } = await client.begin('https://console.test/callback')
    expect(new URL(url).searchParams.get('scope')).toBe(asked)
  })

  it('is where one signs out, too: named by the client id, without a token', async () => {
    const { client } = await start({ metadata: { end_session_endpoint: 'http://127.0.0.1/end?tenant=1' } })
    expect(await client.signOutUrl('https://console.test/sign-in')).toBe(
      'http://127.0.0.1/end?tenant=1&post_logout_redirect_uri=https%3A%2F%2Fconsole.test%2Fsign-in&client_id=console',
    )
  })

  it('may have no sign-out', async () => {
    const { client } = await start()
    expect(await client.signOutUrl('https://console.test/sign-in')).toBeNull()
  })
})
