import { describe, expect, it } from 'vitest'
import { SignOutAnswer } from '../../../shared/sign-in.ts'
import {
  atProvider,
  begin,
  FAILED,
  FAILED_KNOWN,
  landing,
  nobody,
  signIn,
  startOidc as start,
  stateOf,
} from '../../../testing/sign-in/oidc.ts'
import { RoamingBrowser } from '../../../testing/sign-in/roaming-browser.ts'

describe('signing in at an OpenID provider', () => {
  it.each([
    ['alice', 'admin'],
    ['bob', 'operator'],
    ['eve', 'viewer'],
  ] as const)('gives %s, by a group, the role %s', async (name, role) => {
    const product = await start()
    const browser = new RoamingBrowser()
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
    const url = await begin(new RoamingBrowser(), origin)
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
    const browser = new RoamingBrowser()
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
    const browser = new RoamingBrowser()
    expect(await signIn(browser, product, 'alice')).toBe('/servers')
    const name = 'env' in options ? 'Alice Adams' : 'alice'
    expect(await stateOf(browser, product.origin)).toMatchObject({ user: { name, role: 'admin' } })
    expect(product.provider.asked.includes('GET /me')).toBe('claimsIn' in options)
  })

  it('comes back to the public origin that the browser came by', async () => {
    const product = await start()
    const origin = `http://localhost:${product.port}`
    const browser = new RoamingBrowser()
    expect(await signIn(browser, { ...product, origin }, 'bob')).toBe('/servers')
    expect(await stateOf(browser, origin)).toMatchObject({ user: { name: 'bob' } })
    expect(await stateOf(browser, product.origin)).toEqual(nobody)
  })

  it('lets tabs sign in at the same time', async () => {
    const product = await start()
    const browser = new RoamingBrowser()
    const first = await begin(browser, product.origin, '/first')
    const second = await begin(browser, product.origin, '/second')
    const back = await atProvider(browser, first, { user: 'eve' })
    const backToo = await atProvider(browser, second, { user: 'eve' })
    expect(landing(await browser.request(backToo), product.origin)).toBe('/second')
    expect(landing(await browser.request(back), product.origin)).toBe('/first')
  })

  it('keeps a few begun sign-ins in one browser, the latest ones', async () => {
    const product = await start()
    const browser = new RoamingBrowser()
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
    const browser = new RoamingBrowser()
    await signIn(browser, product, 'eve')
    const eve = browser.cookies('127.0.0.1').get('bms-console')
    const back = await atProvider(browser, await begin(browser, product.origin), { user: 'alice' })
    browser.cookies('127.0.0.1').delete('bms-console')
    expect(landing(await browser.request(back), product.origin)).toBe('/servers')
    expect(product.ended).toHaveLength(1)
    const old = new RoamingBrowser()
    old.cookies('127.0.0.1').set('bms-console', eve ?? '')
    expect(await stateOf(old, product.origin)).toEqual(nobody)
  })

  it.each(['//evil.test', '/\\evil.test', 'https://evil.test', '/%2F/evil.test'])(
    'leads to no other site: %s',
    async (to) => {
      const product = await start()
      expect(await signIn(new RoamingBrowser(), product, 'eve', to)).toBe('/')
    },
  )
})

describe('a provider that is down', () => {
  it('fails the sign-in, not the server; once it is there, people sign in', async () => {
    const product = await start()
    const browser = new RoamingBrowser()
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
    const browser = new RoamingBrowser()
    const back = await atProvider(browser, await begin(browser, product.origin), { user: 'eve' })
    product.provider.down = true
    expect(landing(await browser.request(back), product.origin)).toBe(FAILED_KNOWN)
    expect(product.log.join('')).toContain('the provider is not reachable')
  })
})

describe('what nobody may see', () => {
  it('no code, token, state or nonce is logged, recorded, or in what we answer', async () => {
    const product = await start()
    const browser = new RoamingBrowser()
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
    const response = await new RoamingBrowser().request(`${origin}/api/sign-in/oidc?to=/servers`)
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

  it('over https the cookies are the host’s own, and for https only', async () => {
    const product = await start({ env: { BMS_CONSOLE_PUBLIC_ORIGINS: 'https://console.test' } })
    const response = await product.app.inject({
      url: '/api/sign-in/oidc?to=//evil.test',
      headers: { host: 'console.test' },
    })
    expect(response.statusCode).toBe(302)
    const url = new URL(String(response.headers.location))
    expect(url.searchParams.get('redirect_uri')).toBe('https://console.test/api/sign-in/oidc/callback')
    expect(response.headers['set-cookie']).toMatch(
      /^__Host-bms-console-start-[\w-]{12}=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })
})

describe('signing out', () => {
  const signOut = (browser: RoamingBrowser, origin: string, everywhere = false) =>
    browser.request(`${origin}/api/sign-out`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ everywhere }),
    })

  it('goes on at the provider, which is told no token', async () => {
    const product = await start()
    const browser = new RoamingBrowser()
    await signIn(browser, product, 'eve')
    const { continueAt } = SignOutAnswer.parse(await (await signOut(browser, product.origin)).json())
    const url = new URL(continueAt ?? '')
    expect(url.origin).toBe(product.provider.issuer)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'bms-console',
      post_logout_redirect_uri: `${product.origin}/sign-in`,
    })
    expect(await stateOf(browser, product.origin)).toEqual(nobody)
    expect(product.ended).toHaveLength(1)
    expect(product.events.at(-1)).toMatchObject({ action: 'sign-out', user: { name: 'eve' } })
  })

  it('ends here where the provider has no sign-out', async () => {
    const product = await start({ signOut: false })
    const browser = new RoamingBrowser()
    await signIn(browser, product, 'eve')
    expect(await (await signOut(browser, product.origin)).json()).toEqual({ continueAt: null })
    expect(await stateOf(browser, product.origin)).toEqual(nobody)
  })

  it('does not depend on the provider', async () => {
    const product = await start()
    const browser = new RoamingBrowser()
    await signIn(browser, product, 'eve')
    product.provider.down = true
    product.clock.advance(59 * 60_000)
    await stateOf(browser, product.origin)
    product.clock.advance(2 * 60_000)
    expect(await (await signOut(browser, product.origin)).json()).toEqual({ continueAt: null })
    expect(await stateOf(browser, product.origin)).toEqual(nobody)
  })

  it('leads nobody to the provider who is not signed in', async () => {
    const product = await start()
    expect(await (await signOut(new RoamingBrowser(), product.origin)).json()).toEqual({ continueAt: null })
  })

  it('everywhere ends the sign-ins of this user in all browsers, and of no other', async () => {
    const product = await start()
    const [one, two, other] = [new RoamingBrowser(), new RoamingBrowser(), new RoamingBrowser()]
    await signIn(one, product, 'eve')
    await signIn(two, product, 'eve')
    await signIn(other, product, 'bob')
    await signOut(one, product.origin, true)
    expect(await stateOf(two, product.origin)).toEqual(nobody)
    expect(await stateOf(other, product.origin)).toMatchObject({ user: { name: 'bob' } })
  })
})

describe('many sign-ins from one address', () => {
  const beginMany = async (browser: RoamingBrowser, origin: string) => {
    let last = await begin(browser, origin)
    for (let count = 0; count < 60; count++) last = await begin(browser, origin)
    return `${last.pathname}${last.search}`
  }

  it('are held up, but nobody who has signed in there before, or has begun to', async () => {
    const product = await start()
    const known = new RoamingBrowser()
    await signIn(known, product, 'eve')
    known.cookies('127.0.0.1').delete('bms-console')
    const underWay = new RoamingBrowser()
    const url = await begin(underWay, product.origin)

    expect(await beginMany(new RoamingBrowser(), product.origin)).toBe('/sign-in?failed=sign-in-throttled')
    expect(product.events.filter(({ outcome }) => outcome !== 'done')).toEqual([])

    expect(await signIn(known, product, 'eve')).toBe('/servers')
    const back = await atProvider(underWay, url, { user: 'bob' })
    expect(landing(await underWay.request(back), product.origin)).toBe('/servers')
  })
})
