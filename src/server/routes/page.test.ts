import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { paths } from '../../shared/api.ts'
import { EmbedSettings } from '../../shared/embed.ts'
import { testApp } from '../../testing/app.ts'
import { CONSOLE, PORTAL, SECRET } from '../../testing/embed/portal.ts'

const ORIGINS = `${PORTAL},http://localhost:3000`
const page = '<!doctype html><html><head><title>Console</title></head><body></body></html>'
const embedding = { BMS_CONSOLE_EMBED_ORIGINS: ORIGINS, BMS_CONSOLE_LAUNCH_SECRET: SECRET }

/** @param built the page to embed; null: this build has none */
async function start(env: NodeJS.ProcessEnv = embedding, built: string | null = page) {
  const webRoot = mkdtempSync(join(tmpdir(), 'bms-console-web-'))
  writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>All servers</title>')
  if (built !== null) writeFileSync(join(webRoot, 'embed.html'), built)
  const { app } = await testApp({
    env: { BMS_CONSOLE_PUBLIC_ORIGINS: CONSOLE, BMS_CONSOLE_AUDIT: 'off', ...env },
    webRoot,
  })
  return (url: string) => app.inject({ url, headers: { host: 'console.test', accept: 'text/html' } })
}

const ancestorsOf = ({ headers }: { headers: Record<string, unknown> }) =>
  /frame-ancestors [^;]*/.exec(String(headers['content-security-policy']))?.[0]

function settingsOf(html: string) {
  const json = /<script type="application\/json" id="embed-settings">(.*?)<\/script>/.exec(html)?.[1]
  return EmbedSettings.parse(JSON.parse(json ?? 'none'))
}

describe('the page to embed', () => {
  it('may be framed by the configured pages, with nothing that contradicts', async () => {
    const get = await start()
    for (const url of [paths.embed('linux-1'), '/embed', '/embed/a/b', '/embed/x?y']) {
      const response = await get(url)
      expect([url, response.statusCode, ancestorsOf(response)]).toEqual([
        url,
        200,
        `frame-ancestors ${PORTAL} http://localhost:3000`,
      ])
      expect(response.headers['x-frame-options']).toBeUndefined()
      expect(response.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      expect(response.headers['content-security-policy']).toContain("script-src 'self'")
      expect(response.headers['set-cookie']).toBeUndefined()
      expect(settingsOf(response.body)).toEqual({ origins: [PORTAL, 'http://localhost:3000'] })
    }
  })

  it('is the only one: no other page may be framed', async () => {
    const get = await start()
    for (const url of [
      '/',
      '/servers/linux-1',
      '/index.html',
      '/embed.html',
      '/embedded',
      '/api/about',
      '/none',
    ]) {
      const response = await get(url)
      expect([url, ancestorsOf(response)]).toEqual([url, "frame-ancestors 'none'"])
      expect([url, response.headers['x-frame-options']]).toEqual([url, 'DENY'])
      expect(response.body).not.toContain('<title>Console')
    }
  })

  it('is there with embedding off, to say so, and in no frame', async () => {
    const get = await start({})
    const response = await get(paths.embed('linux-1'))
    expect([response.statusCode, ancestorsOf(response)]).toEqual([200, "frame-ancestors 'none'"])
    expect(response.headers['x-frame-options']).toBe('DENY')
    expect(settingsOf(response.body)).toEqual({ origins: [] })
  })

  it('gets its settings where it has a place for them, once', async () => {
    const place = '<script id="embed-settings" type="application/json">{"origins": []}</script>'
    const get = await start(embedding, page.replace('<title>', `${place}<title>`))
    const { body } = await get(paths.embed('linux-1'))
    expect(body.match(/embed-settings/g)).toHaveLength(1)
    expect(settingsOf(body).origins).toContain(PORTAL)
    expect(body.indexOf('embed-settings')).toBeLessThan(body.indexOf('<title>'))
  })

  it('that is not built is said to be missing', async () => {
    const get = await start(embedding, null)
    const response = await get(paths.embed('linux-1'))
    expect([response.statusCode, response.json().error.cause]).toEqual([404, 'embed-off'])
  })
})

describe('what the build compressed', () => {
  const script = `export const text = '${'all servers '.repeat(200)}'`
  const index = `<!doctype html><title>All servers</title>${'<meta>'.repeat(300)}`
  const small = 'export {}'

  async function startBuilt() {
    const webRoot = mkdtempSync(join(tmpdir(), 'bms-console-web-'))
    for (const folder of ['assets', 'sdk']) mkdirSync(join(webRoot, folder))
    for (const [path, content] of [
      ['assets/index-1.js', script],
      ['sdk/bms-console.js', script],
      ['index.html', index],
    ] as const) {
      writeFileSync(join(webRoot, path), content)
      writeFileSync(join(webRoot, `${path}.br`), brotliCompressSync(content))
      writeFileSync(join(webRoot, `${path}.gz`), gzipSync(content))
    }
    writeFileSync(join(webRoot, 'assets/small-1.js'), small)
    const { app } = await testApp({ env: { BMS_CONSOLE_PUBLIC_ORIGINS: CONSOLE }, webRoot })
    return (url: string, headers: Record<string, string>) =>
      app.inject({ url, headers: { host: 'console.test', ...headers } })
  }

  /** By what the browser takes: what it gets, and the words in it. */
  const taken = [
    ['gzip, deflate, br, zstd', 'br', (bytes: Buffer) => brotliDecompressSync(bytes)],
    ['br', 'br', (bytes: Buffer) => brotliDecompressSync(bytes)],
    ['gzip, deflate', 'gzip', (bytes: Buffer) => gunzipSync(bytes)],
    ['br;q=0, gzip', 'gzip', (bytes: Buffer) => gunzipSync(bytes)],
    ['identity', undefined, (bytes: Buffer) => bytes],
    ['', undefined, (bytes: Buffer) => bytes],
  ] as const

  it.each(taken)('goes to a browser that takes "%s" as %s', async (accepts, encoding, unpack) => {
    const get = await startBuilt()
    for (const [url, content, type, cache] of [
      [
        '/assets/index-1.js',
        script,
        /^(text|application)\/javascript/,
        'public, max-age=31536000, immutable',
      ],
      ['/sdk/bms-console.js', script, /^(text|application)\/javascript/, 'no-cache'],
      ['/', index, /^text\/html; charset=utf-8$/, 'no-cache'],
      // A deep link gets the page, too.
      ['/servers/linux-1', index, /^text\/html; charset=utf-8$/, 'no-cache'],
    ] as const) {
      const response = await get(url, { 'accept-encoding': accepts, accept: 'text/html' })
      expect([url, response.statusCode, response.headers['content-encoding']]).toEqual([url, 200, encoding])
      expect(unpack(response.rawPayload).toString()).toBe(content)
      expect(response.headers['content-length']).toBe(String(response.rawPayload.length))
      expect(response.headers['content-type']).toMatch(type)
      expect(response.headers['cache-control']).toBe(cache)
      // Else a cache on the way would give one browser what another takes.
      expect(response.headers.vary).toMatch(/accept-encoding/i)
    }
  })

  it('has an ETag for each form, by which a browser need not load it again', async () => {
    const get = await startBuilt()
    const tags = new Set<unknown>()
    for (const [accepts] of taken.slice(1, 3)) {
      const headers = { 'accept-encoding': accepts }
      const { etag } = (await get('/', headers)).headers
      tags.add(etag)
      const again = await get('/', { ...headers, 'if-none-match': String(etag) })
      expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0])
      expect(again.headers.vary).toMatch(/accept-encoding/i)
    }
    expect(tags.size).toBe(2)
  })

  it('is no page of its own, and what is small goes as it is', async () => {
    const get = await startBuilt()
    expect((await get('/assets/index-1.js.br', {})).statusCode).toBe(404)
    expect((await get('/sdk/bms-console.js.gz', {})).statusCode).toBe(404)
    const response = await get('/assets/small-1.js', { 'accept-encoding': 'gzip, br' })
    expect([response.body, response.headers['content-encoding']]).toEqual([small, undefined])
  })

  it('lets pages of other origins load the SDK in each form', async () => {
    const get = await startBuilt()
    const response = await get('/sdk/bms-console.js', { 'accept-encoding': 'br' })
    expect(response.headers['access-control-allow-origin']).toBe('*')
  })
})
