import { once } from 'node:events'
import { connect } from 'node:net'
import type { InjectOptions } from 'fastify'
import { describe, expect, it } from 'vitest'
import { paths } from '../shared/api.ts'
import { listeningTestApp, testApp } from '../testing/app.ts'
import { silentCloud } from '../testing/sign-in/identity.ts'

const headers = { host: 'console.test', origin: 'https://console.test' }

const expectSecure = (given: Record<string, unknown>) => {
  expect(given).toMatchObject({
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    'x-content-type-options': 'nosniff',
    'permissions-policy': expect.stringContaining('camera=()'),
    'referrer-policy': 'no-referrer',
  })
}

describe('the headers that protect a page', () => {
  it.each<[what: string, status: number, request: InjectOptions]>([
    ['an answer', 200, { url: paths.about(), headers }],
    ['health', 200, { url: '/healthz' }],
    ['a failure', 500, { url: paths.servers(), headers }],
    ['a foreign host', 421, { url: paths.about(), headers: { host: 'evil.test' } }],
    [
      'a foreign origin',
      403,
      { method: 'POST', url: paths.signOut(), headers: { ...headers, origin: 'https://evil.test' } },
    ],
    [
      'a body that is no JSON',
      400,
      {
        method: 'POST',
        url: paths.signOut(),
        headers: { ...headers, 'content-type': 'application/json' },
        payload: '{',
      },
    ],
    [
      'a body that is too long',
      413,
      {
        method: 'POST',
        url: paths.signOut(),
        headers: { ...headers, 'content-type': 'application/json' },
        payload: 'x'.repeat(65 * 1024),
      },
    ],
    ['an id that is none', 400, { url: '/api/servers/%00', headers }],
    ['a path that cannot be decoded', 400, { url: '/%', headers }],
    ['no route', 404, { url: '/nothing', headers }],
    ['no route of the API', 404, { url: '/api/nothing', headers }],
    ['the documentation', 200, { url: '/api/docs/', headers }],
    ['a file of the documentation', 200, { url: '/api/docs/static/swagger-ui.css', headers }],
    ['the description', 200, { url: '/api/docs/json', headers }],
  ])('are on %s', async (_, status, request) => {
    const { app } = await testApp({ cloud: silentCloud })
    const response = await app.inject(request)
    expect(response.statusCode).toBe(status)
    expectSecure(response.headers)
  })

  it.each([
    ['https://console.test', 'max-age=31536000'],
    // Browsers would remember it for all ports of a host, and loopback is everybody's.
    ['https://console.test:8443', undefined],
    ['https://localhost', undefined],
    ['https://console.test,http://localhost:8080', undefined],
  ])('of %s let browsers remember https: %s', async (origins, expected) => {
    const { app } = await testApp({ env: { BMS_CONSOLE_PUBLIC_ORIGINS: origins } })
    const { host } = new URL(origins.split(',')[0] ?? '')
    const { headers: given } = await app.inject({ url: paths.about(), headers: { host } })
    expect(given['strict-transport-security']).toBe(expected)
  })

  it('let the documentation load nothing from elsewhere', async () => {
    const { app } = await testApp({ env: { BMS_CONSOLE_GATEWAYS: 'gateway.test:6083' } })
    const { headers: given } = await app.inject({ url: '/api/docs/', headers })
    const policy = String(given['content-security-policy'])
    expect(policy).toContain("connect-src 'self';")
    expect(policy).not.toMatch(/https:|wss?:|\.io\b|gateway\.test/)
  })
})

/** What comes back for these bytes, until the server closes. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text
  })
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}

const headersOf = (answer: string) =>
  Object.fromEntries(
    answer
      .slice(0, answer.indexOf('\r\n\r\n'))
      .split('\r\n')
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  )

describe('what is no request', () => {
  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['headers that are too long', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20 * 1024)}\r\n\r\n`, 431],
  ])('is refused with the same headers: %s', async (_, bytes, status) => {
    const { port } = await listeningTestApp()
    const answer = await exchange(port, bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expectSecure(headersOf(answer))
  })

  it('has some seconds to become one', async () => {
    const { app } = await testApp()
    expect(app.server.requestTimeout).toBe(20_000)
    expect(app.server.headersTimeout).toBe(10_000)
  })
})

describe('an upgrade', () => {
  const upgrade = (host: string, path: string, protocol: string, more = '') =>
    `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: Upgrade\r\nupgrade: ${protocol}\r\n` +
    `sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`

  it.each(['/healthz', '/readyz', paths.about(), paths.servers(), '/', '/nothing', '/api/docs/'])(
    'is refused at %s',
    async (path) => {
      const { port, origin } = await listeningTestApp()
      const { host } = new URL(origin)
      for (const protocol of ['websocket', 'h2c']) {
        const answer = await exchange(port, upgrade(host, path, protocol, `origin: ${origin}\r\n`))
        expect(answer).toMatch(/^HTTP\/1.1 400 /)
        expectSecure(headersOf(answer))
      }
    },
  )
})
