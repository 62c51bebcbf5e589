import { once } from 'node:events'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Failure } from '../../shared/cause.ts'
import { ImpatientClock } from '../../testing/clock.ts'
import { startTestCloud } from '../../testing/clouds/test-cloud.ts'
import { type Certificate, expired, TestAuthority } from '../../testing/outbound/certificates.ts'
import { connectProxy } from '../../testing/outbound/connect-proxy.ts'
import { CloudError } from '../clouds/cloud.ts'
import { CloudHttp } from '../clouds/http.ts'
import { callerOver } from './caller.ts'
import { outboundSettings } from './settings.ts'
import type { TlsOptions } from './trust.ts'

let authority: TestAuthority

beforeAll(() => {
  authority = new TestAuthority()
})
afterAll(() => authority.remove())

/** A cloud that repeats what it was sent. @returns its port */
async function cloud(certificate?: Certificate): Promise<number> {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => response.end(JSON.stringify({ body, token: request.headers['x-auth-token'] })))
  }
  return portOf(certificate ? createServer(certificate, answer) : createHttpServer(answer))
}

/** A cloud that answers like this. @returns its address */
const served = async (answer: RequestListener) =>
  `http://127.0.0.1:${await portOf(createHttpServer(answer))}/`

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

interface Way {
  tls?: TlsOptions
  env?: NodeJS.ProcessEnv
  timeoutMs?: number
}

const repeated = { body: 'sent', token: 'secret-token' }

/** @returns what the cloud repeated, or what the client says */
async function call(url: string, { tls, env = {}, timeoutMs }: Way = {}): Promise<unknown> {
  const { proxies } = outboundSettings(env, null)
  const http = new CloudHttp({ caller: callerOver({ tls, proxies }), clock: new ImpatientClock(), timeoutMs })
  onTestFinished(() => http.close())
  const request = {
    method: 'POST' as const,
    url: new URL(url),
    headers: { 'x-auth-token': 'secret-token' },
    body: 'sent',
  }
  return http.send(request, []).then(
    ({ json }) => json,
    (error: unknown): Failure => {
      if (error instanceof CloudError) return error.failure
      throw error
    },
  )
}

describe('a cloud with a certificate of its own', () => {
  it('is reached by its CA, or without asking; else not', async () => {
    const port = await cloud(authority.issue())
    const url = `https://localhost:${port}/`
    expect(await call(url, { tls: { ca: authority.pem, verify: true } })).toEqual(repeated)
    expect(await call(url, { tls: { ca: null, verify: false } })).toEqual(repeated)
    expect(await call(url)).toEqual({
      cause: 'cloud-unreachable',
      fault: 'certificate-unknown',
      detail: `localhost:${port} shows a certificate whose issuer is not trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE).`,
    })
  })

  it.each([
    ['certificate-expired', { valid: expired }, 'has expired'],
    ['certificate-name', { names: 'DNS:iam.test' }, 'for other names: DNS:iam.test'],
  ])('is refused as %s where that is so', async (fault, wanted, says) => {
    const port = await cloud(authority.issue(wanted))
    const tls = { ca: authority.pem, verify: true }
    expect(await call(`https://localhost:${port}/`, { tls })).toEqual({
      cause: 'cloud-unreachable',
      fault,
      detail: expect.stringContaining(says),
    })
  })
})

it.each([
  ['http://cloud.invalid:5000/', 'name-unknown', /^cloud\.invalid:5000 has a name that does not resolve \(E/],
  ['http://127.0.0.1:2/', 'refused', /^127\.0\.0\.1:2 refused the connection \(ECONNREFUSED\)\.$/],
])('what is wrong with %s is %s', async (url, fault, says) => {
  expect(await call(url)).toEqual({
    cause: 'cloud-unreachable',
    fault,
    detail: expect.stringMatching(says),
  })
})

describe('an answer', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('may be compressed with %s', async (encoding, compress) => {
    const url = await served((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(compress('{"servers":[]}')),
    )
    expect(await call(url)).toEqual({ servers: [] })
  })

  it('that is damaged is no answer, and the next call has one', async () => {
    let damaged = true
    const url = await served((_request, response) => {
      if (damaged) response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip')
      else response.end('{}')
      damaged = false
    })
    expect(await call(url)).toMatchObject({ cause: 'cloud-unreachable' })
    expect(await call(url)).toEqual({})
  })

  it('that leads to another place is not followed there', async () => {
    const asked: (string | undefined)[] = []
    const url = await served((request, response) => {
      asked.push(request.url)
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await call(url)).toMatchObject({ detail: 'The cloud answered HTTP 302 without a reason.' })
    expect(asked).toEqual(['/'])
  })
})

it('an answer may have headers of 40 KiB, as a long token has', async () => {
  const token = 't'.repeat(40 * 1024)
  const { endpoint } = await startTestCloud(() => ({ headers: { 'x-subject-token': token } }))
  const http = new CloudHttp({ clock: new ImpatientClock() })
  const request = { method: 'POST' as const, url: new URL(endpoint), headers: {}, body: '{}' }
  const { headers } = await http.send(request, [])
  expect(headers.get('x-subject-token')).toBe(token)
})

describe('a cloud behind a proxy', () => {
  const resolve = { 'cloud.test': '127.0.0.1' }

  it.each(['https', 'http'])('is reached by CONNECT, over %s, with credentials', async (scheme) => {
    const port = await cloud(scheme === 'https' ? authority.issue({ names: 'DNS:cloud.test' }) : undefined)
    const proxy = await connectProxy({ credentials: 'user:p@ss', resolve })
    const env = { [`${scheme}_proxy`]: `http://user:p%40ss@${proxy.host}` }
    const tls = { ca: authority.pem, verify: true }
    expect(await call(`${scheme}://cloud.test:${port}/`, { tls, env })).toEqual(repeated)
    expect(proxy.asked).toEqual([`cloud.test:${port}`])
  })

  it('shows its own certificate through the proxy', async () => {
    const port = await cloud(authority.issue())
    const proxy = await connectProxy({ resolve })
    const way = { tls: { ca: authority.pem, verify: true }, env: { HTTPS_PROXY: proxy.host } }
    expect(await call(`https://cloud.test:${port}/`, way)).toMatchObject({
      fault: 'certificate-name',
      detail: expect.stringMatching(/^cloud\.test:\d+ shows a certificate for other names: DNS:localhost/),
    })
  })

  it('is reached without where NO_PROXY has it', async () => {
    const proxy = await connectProxy({ resolve })
    const env = { HTTP_PROXY: proxy.host, no_proxy: 'invalid' }
    expect(await call('http://cloud.invalid/', { env })).toMatchObject({ fault: 'name-unknown' })
    expect(await call(`http://127.0.0.1:${await cloud()}/`, { env })).toEqual(repeated)
    expect(proxy.asked).toEqual([])
  })

  it.each([
    [{ credentials: 'user:other' }, 'proxy-credentials', 'wants other credentials: HTTP 407.'],
    [{ answer: 403 }, 'proxy-refused', 'refuses to connect to cloud.test:443: HTTP 403.'],
    [{ answer: 502 }, 'proxy-failed', 'could not connect to cloud.test:443: HTTP 502.'],
  ] as const)('is not reached where the proxy says no: %o', async (options, fault, says) => {
    const proxy = await connectProxy(options)
    const failure = await call('https://cloud.test/', { env: { HTTPS_PROXY: `user:hunter2@${proxy.host}` } })
    expect(failure).toEqual({
      cause: 'cloud-unreachable',
      fault,
      detail: `The proxy ${proxy.host} (HTTPS_PROXY) ${says} NO_PROXY names what needs no proxy.`,
    })
  })

  it('is not reached where the proxy is not there', async () => {
    expect(await call('https://cloud.test/', { env: { HTTPS_PROXY: '127.0.0.1:9' } })).toEqual({
      cause: 'cloud-unreachable',
      fault: 'proxy-unreachable',
      detail: 'The proxy 127.0.0.1:9 (HTTPS_PROXY) refused the connection (ECONNREFUSED).',
    })
  })

  it('is not waited for where the proxy does not answer', async () => {
    const proxy = await connectProxy({ answer: 'hangs' })
    const env = { HTTPS_PROXY: proxy.host }
    expect(await call('https://cloud.test/', { env, timeoutMs: 50 })).toMatchObject({
      cause: 'cloud-timeout',
    })
    expect(proxy.asked).toEqual(['cloud.test:443'])
  })
})
