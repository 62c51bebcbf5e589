import { describe, expect, it } from 'vitest'
import {
  atProvider,
  begin,
  FAILED,
  FAILED_KNOWN,
  landing,
  nobody,
  type Product,
  startOidc as start,
  stateOf,
} from '../../../testing/sign-in/oidc.ts'
import { RoamingBrowser } from '../../../testing/sign-in/roaming-browser.ts'

describe('an answer that is not the provider’s to this browser is refused', () => {
  const refused = async (product: Product, browser: RoamingBrowser, back: URL, to = FAILED) => {
    expect(landing(await browser.request(back), product.origin)).toBe(to)
    expect(await stateOf(browser, product.origin)).toEqual(nobody)
    expect(product.events.filter(({ outcome }) => outcome === 'done')).toEqual([])
    expect(product.provider.asked).not.toContain('POST /token')
  }

  const comingBack = async (user = 'alice') => {
    const product = await start()
    const browser = new RoamingBrowser()
    const back = await atProvider(browser, await begin(browser, product.origin), { user })
    return { product, browser, back }
  }

  it('without the cookie: the address was sent by somebody else', async () => {
    const { product, back } = await comingBack()
    await refused(product, new RoamingBrowser(), back)
  })

  it('with the cookie of another sign-in', async () => {
    const { product, back } = await comingBack()
    const victim = new RoamingBrowser()
    await begin(victim, product.origin)
    await refused(product, victim, back)
  })

  it('with the cookie of another sign-in under the name of this one', async () => {
    const { product, browser, back } = await comingBack()
    const victim = new RoamingBrowser()
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
    // The tag's first letter: bits of its last one mean nothing in base64url, and a change there may be none.
    const forged = (sealed: string) =>
      sealed.replace(/\.(.)([^.]*)$/, (_, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`)
    for (const [name, sealed] of cookies) cookies.set(name, forged(sealed))
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
    product.clock.advance(10 * 60_000 + 1000)
    await refused(product, browser, back)
  })

  it('a second time', async () => {
    const { product, browser, back } = await comingBack()
    const kept = new Map(browser.cookies('127.0.0.1'))
    expect(landing(await browser.request(back), product.origin)).toBe('/servers')
    // As a thief would who has the address and all cookies of that time.
    const thief = new RoamingBrowser()
    for (const [name, value] of kept) thief.cookies('127.0.0.1').set(name, value)
    expect(landing(await thief.request(back), product.origin)).toBe(FAILED)
    expect(await stateOf(thief, product.origin)).toEqual(nobody)
    expect(product.provider.asked.filter((asked) => asked === 'POST /token')).toHaveLength(1)
  })

  it('twice at the same time', async () => {
    const { product, browser, back } = await comingBack()
    const answers = await Promise.all([browser.request(back), browser.request(back)])
    const landings = answers.map((answer) => landing(answer, product.origin)).sort()
    expect(landings).toEqual(['/servers', FAILED])
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
    const browser = new RoamingBrowser()
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
    const browser = new RoamingBrowser()
    const url = await begin(browser, product.origin)
    url.searchParams.delete('code_challenge')
    url.searchParams.delete('code_challenge_method')
    const back = await atProvider(browser, url, { user: 'alice' })
    expect(back.searchParams.get('error')).toBe('invalid_request')
    expect(landing(await browser.request(back), product.origin)).toBe(FAILED_KNOWN)
  })

  it('a code of another sign-in', async () => {
    const product = await start()
    const [attacker, victim] = [new RoamingBrowser(), new RoamingBrowser()]
    const stolen = await atProvider(attacker, await begin(attacker, product.origin), { user: 'alice' })
    const back = await atProvider(victim, await begin(victim, product.origin), { user: 'eve' })
    back.searchParams.set('code', stolen.searchParams.get('code') ?? '')
    expect(landing(await victim.request(back), product.origin)).toBe(FAILED_KNOWN)
    expect(await stateOf(victim, product.origin)).toEqual(nobody)
  })

  it('who cancels', async () => {
    const product = await start()
    const browser = new RoamingBrowser()
    const back = await atProvider(browser, await begin(browser, product.origin), { cancel: 'yes' })
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(landing(await browser.request(back), product.origin)).toBe(FAILED_KNOWN)
    expect(product.log.join('')).toContain('the provider answered access_denied')
    expect(product.events.at(-1)?.detail).toBe('the sign-in failed: the provider answered access_denied')
    expect(product.log.join('')).not.toContain('The person went away')
  })
})
