import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SignInState } from '../../shared/sign-in.ts'
import { buildApp } from '../app.ts'
import { testAudit } from '../audit/test-audit.ts'
import { parseConfig } from '../config.ts'
import { OidcSignIn } from './oidc.ts'
import { TestBrowser } from './test-browser.ts'
import { silentCloud } from './test-identity.ts'
import { startTestProvider, type TestProviderOptions } from './test-provider.ts'

async function start(options: Partial<TestProviderOptions> & { env?: NodeJS.ProcessEnv } = {}) {
  const { env, ...providerOptions } = options
  const publicOrigins: string[] = []
  const provider = await startTestProvider({ origins: () => publicOrigins, ...providerOptions })
  onTestFinished(() => provider.close())
  const config = parseConfig({
    BMS_CONSOLE_PORT: '0',
    BMS_CONSOLE_SIGN_IN: 'oidc',
    BMS_CONSOLE_OIDC_ISSUER: provider.issuer,
    BMS_CONSOLE_OIDC_CLIENT_ID: provider.clientId,
    ...(options.clientSecret ? { BMS_CONSOLE_OIDC_CLIENT_SECRET: options.clientSecret } : {}),
    BMS_CONSOLE_ADMIN_GROUPS: 'admins',
    BMS_CONSOLE_OPERATOR_GROUPS: 'operators',
    BMS_CONSOLE_VIEWER_GROUPS: 'viewers',
    ...env,
  })
  config.publicOrigins = publicOrigins
  if (config.signIn.mode !== 'oidc') throw new Error('the mode is not oidc')
  const clock = { now: Date.now() }
  const audit = testAudit()
  const ended: string[] = []
  const log: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) })
  const signIn = new OidcSignIn({
    settings: config.signIn,
    cloud: silentCloud,
    publicOrigins: () => publicOrigins,
    log: logger,
    now: () => clock.now,
  })
  signIn.onEnded((handle) => ended.push(handle))
  const app = await buildApp({
    config,
    signIn,
    logger,
    version: '0.0.0',
    audit,
    cloudName: 'Test',
  })
  onTestFinished(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  publicOrigins.push(`http://127.0.0.1:${port}`, `http://localhost:${port}`)
  return {
    provider,
    clock,
    events: audit.events,
    ended,
    log,
    signIn,
    origin: `http://127.0.0.1:${port}`,
    port,
  }
}

type Product = Awaited<ReturnType<typeof start>>

const locationOf = (response: Response, base: string | URL) => {
  const location = response.headers.get('location')
  if (!location) throw new Error(`${response.status} without a location from ${base}`)
  return new URL(location, base)
}

/** @returns the provider's address that our start leads to */
async function begin(browser: TestBrowser, origin: string, to = '/servers'): Promise<URL> {
  const url = `${origin}/api/sign-in/oidc?${new URLSearchParams({ to })}`
  return locationOf(await browser.request(url), url)
}

/** Signs in at the provider. @returns where the provider sends the browser back to */
async function atProvider(browser: TestBrowser, from: URL, answer: Record<string, string>): Promise<URL> {
  let url = from
  while (!url.pathname.startsWith('/api/') && !url.pathname.startsWith('/sign-in')) {
    let response = await browser.request(url)
    if (response.status === 200) {
      const form = { method: 'POST', body: new URLSearchParams(answer) }
      response = await browser.request(url, form)
    }
    url = locationOf(response, url)
  }
  return url
}

/** All of it. @returns the page's path that one lands on */
async function signIn(browser: TestBrowser, { origin }: Product, user: string, to?: string): Promise<string> {
  const back = await atProvider(browser, await begin(browser, origin, to), { user })
  return landing(await browser.request(back), origin)
}

const landing = (response: Response, origin: string) => {
  expect(response.status).toBe(302)
  const { pathname, search, origin: at } = locationOf(response, origin)
  expect(at).toBe(origin)
  return pathname + search
}

async function stateOf(browser: TestBrowser, origin: string) {
  return SignInState.parse(await (await browser.request(`${origin}/api/sign-in`)).json())
}

const nobody = { state: 'signed-out', offer: { mode: 'oidc', provider: 'localhost' } }
const FAILED = '/sign-in?failed=sign-in-failed'
/** Where it is sure what was begun, trying again leads to the same place. */
const FAILED_KNOWN = `${FAILED}&to=%2Fservers`

describe('signing in at an OpenID provider', () => {
  it.each([
    ['alice', 'admin'],
    ['bob', 'operator'],
    ['eve', 'viewer'],
  ] as const)('gives %s, by a group, the role %s', async (name, role) => {
    const product = await start()
    const browser = new TestBrowser()
    expect(await signIn(browser, product, name, '/servers/2c1f/console?split=2')).toBe(
      '/servers/2c1f/console?split=2',
    )
    expect(await stateOf(browser, product.origin)).toEqual({
      state: 'signed-in',
      user: { name, role },
      maySignOut: true,
      projects: null,
    })
    expect(product.events).toMatchObject([
      {
        cause: null,
        action: 'sign-in',
        outcome: 'done',
        user: { id: `oidc:${product.provider.issuer}#${name}`, name },
        from: '127.0.0.1',
      },
    ])
  })

  it('asks for a code with PKCE, and gives a state and a nonce', async () => {
    const { origin, provider } = await start()
    const url = await begin(new TestBrowser(), origin)
    expect(url.origin).toBe(provider.issuer)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'bms-console',
      response_type: 'code',
      redirect_uri: `${origin}/api/sign-in/oidc/callback`,
      scope: 'openid profile email groups',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  it('refuses whoever has no group with a role, and says whom in the audit log', async () => {
    const product = await start()
    const browser = new TestBrowser()
    expect(await signIn(browser, product, 'mallory')).toBe('/sign-in?failed=no-role&to=%2Fservers')
    expect(await stateOf(browser, product.origin)).toEqual(nobody)
    expect(product.events).toMatchObject([
      { action: 'sign-in', outcome: 'refused', cause: 'no-role', user: { name: 'mallory' } },
    ])
  })

  it.each([
    ['a secret', { clientSecret: 'a-secret-of-the-client' }],
    ['groups at the userinfo endpoint', { claimsIn: 'userinfo' }],
    ['a name of another claim', { env: { BMS_CONSOLE_OIDC_NAME_CLAIM: 'name' } }],
  ] as const)('works with %s', async (_what, options) => {
    const product = await start(options)
    const browser = new TestBrowser()
    expect(await signIn(browser, product, 'alice')).toBe('/servers')
    const name = 'env' in options ? 'Alice Adams' : 'alice'
    expect(await stateOf(browser, product.origin)).toMatchObject({ user: { name, role: 'admin' } })
    expect(product.provider.asked.includes('GET /me')).toBe('claimsIn' in options)
  })

  it('comes back to the public origin that the browser came by', async () => {
    const product = await start()
    const origin = `http://localhost:${product.port}`
    const browser = new TestBrowser()
    expect(await signIn(browser, { ...product, origin }, 'bob')).toBe('/servers')
    expect(await stateOf(browser, origin)).toMatchObject({ user: { name: 'bob' } })
    expect(await stateOf(browser, product.origin)).toEqual(nobody)
  })

  it('lets tabs sign in at the same time', async () => {
    const product = await start()
    const browser = new TestBrowser()
    const first = await begin(browser, product.origin, '/first')
    const second = await begin(browser, product.origin, '/second')
    const back = await atProvider(browser, first, { user: 'eve' })
    const backToo = await atProvider(browser, second, { user: 'eve' })
    expect(landing(await browser.request(backToo), product.origin)).toBe('/second')
    expect(landing(await browser.request(back), product.origin)).toBe('/first')
  })

  it('keeps a few begun sign-ins in one browser, the latest ones', async () => {
    const product = await start()
    const browser = new TestBrowser()
    const first = await begin(browser, product.origin)
    let last = first
    for (let count = 0; count < 6; count++) last = await begin(browser, product.origin)
    expect([...browser.cookies('127.0.0.1').keys()]).toHaveLength(4)
    const back = await atProvider(browser, last, { user: 'eve' })
    const backFirst = await atProvider(browser, first, { user: 'eve' })
    expect(landing(await browser.request(backFirst), product.origin)).toBe(FAILED)
    expect(landing(await browser.request(back), product.origin)).toBe('/servers')
  })

  it('ends the sign-in that the browser had, though its cookie does not come back from the provider', async () => {
    const product = await start()
    const browser = new TestBrowser()
    await signIn(browser, product, 'eve')
    const eve = browser.cookies('127.0.0.1').get('bms-console')
    const back = await atProvider(browser, await begin(browser, product.origin), { user: 'alice' })
    browser.cookies('127.0.0.1').delete('bms-console')
    expect(landing(await browser.request(back), product.origin)).toBe('/servers')
    expect(product.ended).toHaveLength(1)
    const old = new TestBrowser()
    old.cookies('127.0.0.1').set('bms-console', eve ?? '')
    expect(await stateOf(old, product.origin)).toEqual(nobody)
  })
})

describe('an answer that is not the provider’s to this browser is refused', () => {
  const refused = async (product: Product, browser: TestBrowser, back: URL, to = FAILED) => {
    expect(landing(await browser.request(back), product.origin)).toBe(to)
    expect(await stateOf(browser, product.origin)).toEqual(nobody)
    expect(product.events.filter(({ outcome }) => outcome === 'done')).toEqual([])
    expect(product.provider.asked).not.toContain('POST /token')
  }

  const comingBack = async (user = 'alice') => {
    const product = await start()
    const browser = new TestBrowser()
    const back = await atProvider(browser, await begin(browser, product.origin), { user })
    return { product, browser, back }
  }

  it('without the cookie: the address was sent by somebody else', async () => {
    const { product, back } = await comingBack()
    await refused(product, new TestBrowser(), back)
  })

  it('with the cookie of another sign-in', async () => {
    const { product, back } = await comingBack()
    const victim = new TestBrowser()
    await begin(victim, product.origin)
    await refused(product, victim, back)
  })

  it('with the cookie of another sign-in under the name of this one', async () => {
    const { product, browser, back } = await comingBack()
    const victim = new TestBrowser()
    await begin(victim, product.origin)
    const [sealed = ''] = victim.cookies('127.0.0.1').values()
    const [name = ''] = browser.cookies('127.0.0.1').keys()
    victim.cookies('127.0.0.1').clear()
    victim.cookies('127.0.0.1').set(name, sealed)
    await refused(product, victim, back)
  })

  it('with a cookie that somebody made', async () => {
    const { product, browser, back } = await comingBack()
    const cookies = browser.cookies('127.0.0.1')
    for (const [name, sealed] of cookies) cookies.set(name, `${sealed.slice(0, -2)}AA`)
    await refused(product, browser, back)
  })

  it('with another state', async () => {
    const { product, browser, back } = await comingBack()
    back.searchParams.set('state', 'x'.repeat(43))
    await refused(product, browser, back)
  })

  it('with a state that differs behind what names the cookie', async () => {
    const { product, browser, back } = await comingBack()
    back.searchParams.set('state', `${back.searchParams.get('state')?.slice(0, 12)}${'x'.repeat(31)}`)
    await refused(product, browser, back)
  })

  it.each([
    ['without a state', (query: URLSearchParams) => query.delete('state')],
    ['with two states', (query: URLSearchParams) => query.append('state', query.get('state') ?? '')],
    ['with a state of another form', (query: URLSearchParams) => query.set('state', '../x')],
  ])('%s', async (_what, change) => {
    const { product, browser, back } = await comingBack()
    change(back.searchParams)
    await refused(product, browser, back, '/sign-in?failed=bad-request')
  })

  it('from another provider (mix-up)', async () => {
    const { product, browser, back } = await comingBack()
    expect(back.searchParams.get('iss')).toBe(product.provider.issuer)
    back.searchParams.set('iss', 'https://evil.test')
    await refused(product, browser, back, FAILED_KNOWN)
  })

  it('from a provider that does not say who it is, though it does that', async () => {
    const { product, browser, back } = await comingBack()
    back.searchParams.delete('iss')
    await refused(product, browser, back, FAILED_KNOWN)
  })

  it('with two codes', async () => {
    const { product, browser, back } = await comingBack()
    back.searchParams.append('code', 'another')
    await refused(product, browser, back, FAILED_KNOWN)
  })

  it('after ten minutes', async () => {
    const { product, browser, back } = await comingBack()
    product.clock.now += 10 * 60_000 + 1000
    await refused(product, browser, back)
  })

  it('a second time', async () => {
    const { product, browser, back } = await comingBack()
    const kept = new Map(browser.cookies('127.0.0.1'))
    expect(landing(await browser.request(back), product.origin)).toBe('/servers')
    // As a thief would who has the address and all cookies of that time.
    const thief = new TestBrowser()
    for (const [name, value] of kept) thief.cookies('127.0.0.1').set(name, value)
    expect(landing(await thief.request(back), product.origin)).toBe(FAILED)
    expect(await stateOf(thief, product.origin)).toEqual(nobody)
    expect(product.provider.asked.filter((asked) => asked === 'POST /token')).toHaveLength(1)
  })

  it('by HEAD, which uses nothing up', async () => {
    const { product, browser, back } = await comingBack()
    expect((await browser.request(back, { method: 'HEAD' })).status).toBe(404)
    expect(landing(await browser.request(back), product.origin)).toBe('/servers')
  })
})

describe('a person whom the provider does not vouch for stays outside', () => {
  it.each([
    ['another nonce', 'nonce', 'another-nonce'],
    ['another challenge', 'code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
  ])('%s than we gave', async (_what, name, value) => {
    const product = await start()
    const browser = new TestBrowser()
    const url = await begin(browser, product.origin)
    url.searchParams.set(name, value)
    const back = await atProvider(browser, url, { user: 'alice' })
    expect(back.searchParams.has('code')).toBe(true)
    expect(landing(await browser.request(back), product.origin)).toBe(FAILED_KNOWN)
    expect(product.provider.asked).toContain('POST /token')
    expect(await stateOf(browser, product.origin)).toEqual(nobody)
  })

  it('without PKCE the provider itself refuses', async () => {
    const product = await start()
    const browser = new TestBrowser()
    const url = await begin(browser, product.origin)
    url.searchParams.delete('code_challenge')
    url.searchParams.delete('code_challenge_method')
    const back = await atProvider(browser, url, { user: 'alice' })
    expect(back.searchParams.get('error')).toBe('invalid_request')
    expect(landing(await browser.request(back), product.origin)).toBe(FAILED_KNOWN)
  })

  it('a code of another sign-in', async () => {
    const product = await start()
    const [attacker, victim] = [new TestBrowser(), new TestBrowser()]
    const stolen = await atProvider(attacker, await begin(attacker, product.origin), { user: 'alice' })
    const back = await atProvider(victim, await begin(victim, product.origin), { user: 'eve' })
    back.searchParams.set('code', stolen.searchParams.get('code') ?? '')
    expect(landing(await victim.request(back), product.origin)).toBe(FAILED_KNOWN)
    expect(await stateOf(victim, product.origin)).toEqual(nobody)
  })

  it('who cancels', async () => {
    const product = await start()
    const browser = new TestBrowser()
    const back = await atProvider(browser, await begin(browser, product.origin), { cancel: 'yes' })
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(landing(await browser.request(back), product.origin)).toBe(FAILED_KNOWN)
    expect(product.log.join('')).toContain('the provider answered access_denied')
    expect(product.log.join('')).not.toContain('The person went away')
  })
})

describe('a provider that is down', () => {
  it('fails the sign-in, not the server; once it is there, people sign in', async () => {
    const product = await start()
    const browser = new TestBrowser()
    product.provider.down = true
    const failed = await begin(browser, product.origin)
    expect(failed.href).toBe(`${product.origin}${FAILED_KNOWN}`)
    expect(product.log.join('')).toContain('the metadata of the sign-in provider failed')
    expect(product.events).toMatchObject([{ action: 'sign-in', outcome: 'failed', cause: 'sign-in-failed' }])
    expect(await stateOf(browser, product.origin)).toEqual(nobody)
    product.provider.down = false
    expect(await signIn(browser, product, 'eve')).toBe('/servers')
  })

  it('fails those who come back while it is', async () => {
    const product = await start()
    const browser = new TestBrowser()
    const back = await atProvider(browser, await begin(browser, product.origin), { user: 'eve' })
    product.provider.down = true
    expect(landing(await browser.request(back), product.origin)).toBe(FAILED_KNOWN)
    expect(product.log.join('')).toContain('the provider is not reachable')
  })
})

describe('what nobody may see', () => {
  it('no code, token, state or nonce is logged, recorded, or in what we answer', async () => {
    const product = await start()
    const browser = new TestBrowser()
    const url = await begin(browser, product.origin)
    const back = await atProvider(browser, url, { user: 'alice' })
    const answer = await browser.request(back)
    await browser.request(back)
    const seen = JSON.stringify([
      product.log,
      product.events,
      [...answer.headers],
      await answer.text(),
      [...browser.cookies('127.0.0.1')],
    ])
    const secrets = [
      ...product.provider.secrets,
      ...['state', 'nonce'].map((name) => url.searchParams.get(name) ?? ''),
      back.searchParams.get('code') ?? '',
    ]
    expect(secrets.length).toBeGreaterThanOrEqual(4)
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20)
      expect(seen).not.toContain(secret)
    }
  })

  it('the cookie of a begun sign-in is for ten minutes and no script, and tells nothing', async () => {
    const { origin } = await start()
    const response = await new TestBrowser().request(`${origin}/api/sign-in/oidc?to=/servers`)
    const [cookie = '', ...others] = response.headers.getSetCookie()
    expect(others).toEqual([])
    expect(cookie).toMatch(
      /^bms-console-start-[\w-]{12}=[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    const sealed = Buffer.from(cookie.split('.')[3] ?? '', 'base64url').toString('latin1')
    expect(sealed).not.toContain('servers')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})
