import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ApiError, pathsBelow } from '../shared/api.ts'
import { testApp } from '../testing/app.ts'
import { startEmbedded } from '../testing/embed/embedded.ts'
import { PORTAL, SECRET } from '../testing/embed/portal.ts'
import { TestBrowser } from '../testing/sign-in/browser.ts'
import { silentCloud } from '../testing/sign-in/identity.ts'
import { TestIdentityService } from '../testing/sign-in/identity-service.ts'
import { atProvider, begin, startOidc, stateOf } from '../testing/sign-in/oidc.ts'
import { RoamingBrowser } from '../testing/sign-in/roaming-browser.ts'

const BASE = '/console'
const HTTPS = 'https://console.test'
const paths = pathsBelow(BASE)
const env = { BMS_CONSOLE_BASE_PATH: BASE }
const headers = { host: 'console.test' }

const script = `export const text = '${'all servers '.repeat(200)}'`
const page = (name: string) => `<!doctype html>
<html lang="en">
  <head>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <script type="module" crossorigin src="/assets/${name}-1.js"></script>
    <link crossorigin rel="modulepreload" href="/assets/main-1.js">
    <link rel="stylesheet" href="/assets/${name}-1.css">
  </head>
  <body><a href="https://elsewhere.test/">Elsewhere</a><a href="//elsewhere.test/">Elsewhere</a></body>
</html>
`

/** The server with a page as the build makes it. */
async function start(more: NodeJS.ProcessEnv = {}) {
  const webRoot = mkdtempSync(join(tmpdir(), 'bms-console-web-'))
  for (const folder of ['assets', 'sdk']) mkdirSync(join(webRoot, folder))
  for (const name of ['index', 'embed']) writeFileSync(join(webRoot, `${name}.html`), page(name))
  for (const path of ['assets/index-1.js', 'sdk/bms-console.js']) {
    writeFileSync(join(webRoot, path), script)
    writeFileSync(join(webRoot, `${path}.br`), brotliCompressSync(script))
  }
  writeFileSync(join(webRoot, 'icon.svg'), '<svg/>')
  const { app } = await testApp({
    env: { ...env, BMS_CONSOLE_EMBED_ORIGINS: PORTAL, BMS_CONSOLE_LAUNCH_SECRET: SECRET, ...more },
    cloud: { ...silentCloud, listServers: async () => ({ servers: [], missing: [] }) },
    webRoot,
  })
  const get = (url: string, more: Record<string, string> = {}) =>
    app.inject({ url, headers: { ...headers, accept: 'text/html', ...more } })
  return { app, get }
}

describe('below a path', () => {
  it('are the pages, at each of their addresses, and name their files there', async () => {
    const { get } = await start()
    for (const [url, name] of [
      ['/console/', 'index'],
      ['/console/?q=web', 'index'],
      ['/console/servers/linux-1/console', 'index'],
      ['/console/servers/linux-1/console/', 'index'],
      ['/console/index.html', 'index'],
      ['/console/embed/linux-1', 'embed'],
    ] as const) {
      const response = await get(url)
      expect([url, response.statusCode, response.headers['content-type']]).toEqual([
        url,
        200,
        'text/html; charset=utf-8',
      ])
      expect(response.headers['cache-control']).toBe('no-cache')
      expect(response.body).toContain(`<html data-base="${BASE}" lang="en">`)
      const named = [...response.body.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address)
      expect(named).toEqual([
        '/console/icon.svg',
        `/console/assets/${name}-1.js`,
        '/console/assets/main-1.js',
        `/console/assets/${name}-1.css`,
        'https://elsewhere.test/',
        '//elsewhere.test/',
      ])
    }
  })

  it('are their files, as the build compressed them, and the SDK for other origins', async () => {
    const { get } = await start()
    for (const [url, cache] of [
      ['/console/assets/index-1.js', 'public, max-age=31536000, immutable'],
      ['/console/sdk/bms-console.js', 'no-cache'],
    ] as const) {
      const response = await get(url, { 'accept-encoding': 'br' })
      expect([response.statusCode, response.headers['content-encoding']]).toEqual([200, 'br'])
      expect(brotliDecompressSync(response.rawPayload).toString()).toBe(script)
      expect(response.headers['cache-control']).toBe(cache)
    }
    const sdk = await get('/console/sdk/bms-console.js')
    expect(sdk.headers['access-control-allow-origin']).toBe('*')
    expect((await get('/console/icon.svg')).statusCode).toBe(200)
    expect((await get('/console/assets/none-1.js')).statusCode).toBe(404)
  })

  it('is reached without the slash at its end, too', async () => {
    const { app, get } = await start()
    for (const [url, to] of [
      ['/console', '/console/'],
      ['/console?q=web', '/console/?q=web'],
    ]) {
      const response = await get(url ?? '')
      expect([response.statusCode, response.headers.location]).toEqual([302, to])
    }
    expect((await app.inject({ method: 'HEAD', url: BASE, headers })).statusCode).toBe(302)
    expect((await app.inject({ method: 'POST', url: BASE, headers })).statusCode).toBe(404)
  })

  it('is all there is: what is outside is refused, with what a proxy must do', async () => {
    const { app, get } = await start()
    for (const url of [
      '/',
      '/?q=web',
      '/api/about',
      '/api/docs/',
      '/assets/index-1.js',
      '/sdk/bms-console.js',
      '/embed/linux-1',
      '/consoles',
      '/Console/',
      '/healthz?x=1',
      '//console/',
    ]) {
      const response = await get(url)
      expect([url, response.statusCode]).toEqual([url, 404])
      expect(ApiError.parse(response.json()).error.detail).toBe(
        'This server is below /console/ (BMS_CONSOLE_BASE_PATH). A proxy in front of it must leave that path in what it passes on.',
      )
      expect(response.headers['content-security-policy']).toContain("default-src 'none'")
    }
    const posted = await app.inject({ method: 'POST', url: '/api/sign-out', headers, payload: {} })
    expect(posted.statusCode).toBe(404)
  })

  it('are the probes, and at the root, where an orchestrator asks', async () => {
    const { app } = await start()
    for (const url of ['/healthz', '/readyz', '/readyz/cloud'])
      for (const at of ['', BASE]) {
        const response = await app.inject({ url: at + url, headers: { host: '10.0.0.7:8080' } })
        expect([at + url, response.statusCode]).toEqual([at + url, 200])
      }
  })

  it('is the API, which still asks whose page it is', async () => {
    const { app, get } = await start()
    const servers = await get(paths.servers(), { accept: 'application/json' })
    expect(servers.json()).toMatchObject({ servers: [] })
    expect((await get(paths.about(), { host: 'evil.test' })).statusCode).toBe(421)
    const request = { method: 'POST', url: paths.signOut(), payload: {} } as const
    const crossed = await app.inject({ ...request, headers: { ...headers, origin: 'https://evil.test' } })
    expect(crossed.statusCode).toBe(403)
    const own = await app.inject({ ...request, headers: { ...headers, origin: HTTPS } })
    expect(own.statusCode).not.toBe(403)
  })

  it('is the documentation, with its files and the addresses in it', async () => {
    const { get } = await start()
    const { body } = await get('/console/api/docs/')
    const named = [...body.matchAll(/(?:href|src)="([^"]*)"/g)].flatMap(([, address]) => address ?? [])
    expect(named.length).toBeGreaterThan(3)
    for (const address of named) {
      const { pathname } = new URL(address, `${HTTPS}/console/api/docs/`)
      expect([pathname, (await get(pathname)).statusCode]).toEqual([pathname, 200])
    }
    const described = (await get('/console/api/docs/json')).json()
    expect(described.servers).toEqual([{ url: BASE }])
    expect(Object.keys(described.paths)).toContain('/api/servers')
    // Without the slash, what is named relatively would be beside it.
    const bare = await get('/console/api/docs')
    if (bare.statusCode !== 200)
      expect(new URL(String(bare.headers.location), `${HTTPS}/console/api/docs`).pathname).toMatch(
        /^\/console\/api\/docs\//,
      )
  })

  it('at the root, nothing of this is there', async () => {
    const { get } = await start({ BMS_CONSOLE_BASE_PATH: '/' })
    const { statusCode, body } = await get('/')
    expect([statusCode, body]).toEqual([200, page('index')])
    expect((await get('/console/api/about')).statusCode).toBe(200)
    expect((await get('/api/about')).json()).toMatchObject({ version: '0.0.0' })
  })
})

describe('signing in below a path', () => {
  const LOOPBACK = 'http://127.0.0.1:8080'

  async function signIn(origin: string) {
    const { app } = await testApp({
      env: { ...env, BMS_CONSOLE_SIGN_IN: 'iam', BMS_CONSOLE_PUBLIC_ORIGINS: `${HTTPS},${LOOPBACK}` },
      identityService: new TestIdentityService(),
    })
    const ann = new TestBrowser(app, { origin })
    await ann.ask('POST', paths.signInIam(), {
      payload: { method: 'password', domain: 'acme', user: 'ann', password: 'right' },
    })
    return ann
  }

  it('keeps the cookies below it, over https only', async () => {
    const ann = await signIn(HTTPS)
    const [line, device] = ann.setCookies
    expect(line).toMatch(
      /^__Secure-bms-console=[\w-]{43}; Path=\/console; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect(device).toMatch(
      /^__Secure-bms-console-device=[\w.-]+; Max-Age=7776000; Path=\/console; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect((await ann.ask('GET', paths.signIn())).json()).toMatchObject({ state: 'signed-in' })
    await ann.ask('POST', paths.signOut(), { payload: { everywhere: false } })
    expect(ann.setCookies[0]).toMatch(/^__Secure-bms-console=; .*Path=\/console/)
    expect((await ann.ask('GET', paths.signIn())).json()).toMatchObject({ state: 'signed-out' })
  })

  it('keeps them so over plain http on loopback', async () => {
    const ann = await signIn(LOOPBACK)
    expect(ann.setCookies[0]).toMatch(/^bms-console=[\w-]{43}; Path=\/console; HttpOnly; SameSite=Strict$/)
    expect((await ann.ask('GET', paths.signIn())).json()).toMatchObject({ state: 'signed-in' })
  })

  it('comes back from a provider below it, to the page that was asked for', async () => {
    const product = await startOidc({ env })
    const address = product.origin + BASE
    const browser = new RoamingBrowser()
    const there = await begin(browser, address, '/servers/2c1f/console?split=2')
    expect(there.searchParams.get('redirect_uri')).toBe(`${address}/api/sign-in/oidc/callback`)
    const back = await atProvider(browser, there, { user: 'alice' })
    expect(back.href).toMatch(new RegExp(`^${address}/api/sign-in/oidc/callback\\?`))
    const landed = await browser.request(back)
    expect(landed.headers.get('location')).toBe('/console/servers/2c1f/console?split=2')
    expect(await stateOf(browser, address)).toMatchObject({ user: { name: 'alice' } })
    expect(browser.cookies('127.0.0.1').size).toBe(0)
    expect(browser.cookies('127.0.0.1', BASE).size).toBeGreaterThan(0)

    const signedOut = await browser.request(`${address}/api/sign-out`, {
      method: 'POST',
      headers: { origin: product.origin, 'content-type': 'application/json' },
      body: JSON.stringify({ everywhere: false }),
    })
    const { continueAt } = (await signedOut.json()) as { continueAt: string }
    expect(new URL(continueAt).searchParams.get('post_logout_redirect_uri')).toBe(`${address}/sign-in`)
  })

  it('comes back below it without success, too', async () => {
    const product = await startOidc({ env })
    const address = product.origin + BASE
    const browser = new RoamingBrowser()
    const back = await atProvider(browser, await begin(browser, address, '/servers'), { user: 'mallory' })
    const landed = await browser.request(back)
    expect(landed.headers.get('location')).toBe('/console/sign-in?failed=no-role&to=%2Fservers')
  })
})

describe('embedded below a path', () => {
  it('takes a ticket for the address that a portal knows, and opens its console there', async () => {
    const console = await startEmbedded(env)
    const { bearer } = await console.grant({ aud: `${HTTPS}${BASE}` })
    const { received } = await console.come(bearer, await console.issue(bearer))
    expect(await received('hello')).toMatchObject({ type: 'hello' })
  })

  it.each([HTTPS, `${HTTPS}/other`, `${HTTPS}${BASE}/`])('takes none for %s', async (aud) => {
    const console = await startEmbedded(env)
    const refused = await console.exchange(console.ticket({ aud }))
    expect(refused.statusCode).toBe(401)
    expect(console.log.join('')).toContain(`The ticket's audience (aud) is ${aud}; expected ${HTTPS}${BASE}.`)
  })
})
