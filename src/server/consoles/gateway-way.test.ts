import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { rootCertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { ManualClock } from '../../testing/clock.ts'
import { type Certificate, early, expired, TestAuthority } from '../../testing/outbound/certificates.ts'
import { connectProxy } from '../../testing/outbound/connect-proxy.ts'
import { parseConfig } from '../config.ts'
import { Dialler } from '../outbound/dialler.ts'
import { type GatewayEnd, GatewaySocket } from './gateway-socket.ts'

let authority: TestAuthority

beforeAll(() => {
  authority = new TestAuthority()
})
afterAll(() => authority.remove())

/** A gateway that repeats what it is sent. @returns its port */
async function gateway(certificate?: Certificate): Promise<number> {
  const server = certificate ? createServer(certificate) : createHttpServer()
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (viewer) => viewer.on('message', (data: Buffer) => viewer.send(data)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const viewer of sockets.clients) viewer.terminate()
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** The relay's way to gateways with these settings. */
const diallerOf = (env: NodeJS.ProcessEnv) => new Dialler(parseConfig(env).outbound)

/** OpenStack's settings, which any OpenStack client has. */
const openStack = {
  BMS_CONSOLE_CLOUD: 'openstack',
  BMS_CONSOLE_GATEWAYS: 'gateway.test:8003',
  OS_AUTH_URL: 'https://keystone.test/v3',
  OS_AUTH_TYPE: 'token',
  OS_TOKEN: 't',
  OS_PROJECT_ID: 'p',
  HOME: '/nowhere',
}

/**
 * Connects to a gateway and types. Its clock stands still until a test turns it.
 * @returns what the gateway repeated, or how the connection ended
 */
function connect(url: string, env: NodeJS.ProcessEnv = {}) {
  const clock = new ManualClock()
  let socket: GatewaySocket | null = null
  const outcome = new Promise<string | GatewayEnd>((resolve) => {
    socket = new GatewaySocket(
      `${url}/serial/?token=secret-token`,
      {
        onOpen: () => socket?.send(Buffer.from('ls\r')),
        onBytes: (bytes) => resolve(bytes.toString()),
        onWritten() {},
        onProved() {},
        onEnd: resolve,
      },
      diallerOf(env),
      { clock },
    )
  })
  onTestFinished(() => void socket?.close())
  return { outcome, clock }
}

const outcomeOf = (url: string, env?: NodeJS.ProcessEnv) => connect(url, env).outcome

describe('a gateway with a certificate of a private CA', () => {
  it.each([
    ['OS_CACERT', () => ({ ...openStack, OS_CACERT: authority.file })],
    ['OS_INSECURE', () => ({ ...openStack, OS_INSECURE: 'true' })],
    ['BMS_CONSOLE_GATEWAY_CACERT', () => ({ BMS_CONSOLE_GATEWAY_CACERT: authority.file })],
    [
      'BMS_CONSOLE_GATEWAY_CACERT before OS_INSECURE',
      () => ({ ...openStack, OS_INSECURE: 'true', BMS_CONSOLE_GATEWAY_CACERT: authority.file }),
    ],
  ])('is trusted by %s', async (_, env) => {
    const port = await gateway(authority.issue())
    expect(await outcomeOf(`wss://localhost:${port}`, env())).toBe('ls\r')
    expect(await outcomeOf(`wss://127.0.0.1:${port}`, env())).toBe('ls\r')
  })

  it('is not trusted without, and the reason is told', async () => {
    const port = await gateway(authority.issue())
    expect(await outcomeOf(`wss://localhost:${port}`)).toEqual({
      kind: 'unreachable',
      fault: 'certificate-unknown',
      detail: `The gateway localhost:${port} shows a certificate whose issuer is not trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE).`,
    })
  })

  it('is not trusted by a CA of gateways that is another one, though the cloud trusts anybody', async () => {
    const other = new TestAuthority()
    onTestFinished(() => other.remove())
    const port = await gateway(authority.issue())
    const env = { ...openStack, OS_INSECURE: 'true', BMS_CONSOLE_GATEWAY_CACERT: other.file }
    expect(await outcomeOf(`wss://localhost:${port}`, env)).toMatchObject({ fault: 'certificate-unknown' })
  })

  it.each([
    ['certificate-expired', { valid: expired }, 'shows a certificate that has expired (CERT_HAS_EXPIRED).'],
    [
      'certificate-early',
      { valid: early },
      'shows a certificate that is not valid yet (CERT_NOT_YET_VALID).',
    ],
    [
      'certificate-name',
      { names: 'DNS:console.test,DNS:*.console.test' },
      'shows a certificate for other names: DNS:console.test, DNS:*.console.test (ERR_TLS_CERT_ALTNAME_INVALID).',
    ],
  ])('is refused as %s where that is so', async (fault, wanted, says) => {
    const port = await gateway(authority.issue(wanted))
    const env = { BMS_CONSOLE_GATEWAY_CACERT: authority.file }
    expect(await outcomeOf(`wss://localhost:${port}`, env)).toEqual({
      kind: 'unreachable',
      fault,
      detail: `The gateway localhost:${port} ${says}`,
    })
  })

  it('leaves the public CAs trusted: only the cloud may have a private one', () => {
    const { ca } = parseConfig({ ...openStack, OS_CACERT: authority.file }).outbound.gatewayTls
    for (const pem of [authority.pem, ...rootCertificates]) expect(ca).toContain(pem)
    const own = {
      ...openStack,
      OS_CACERT: '/nowhere',
      OS_INSECURE: 'true',
      BMS_CONSOLE_GATEWAY_CACERT: authority.file,
    }
    expect(parseConfig(own).outbound.gatewayTls).toEqual({ ca: authority.pem, verify: true })
  })
})

describe('a gateway that is not there', () => {
  it('speaks no TLS', async () => {
    const port = await gateway()
    expect(await outcomeOf(`wss://localhost:${port}`)).toMatchObject({
      fault: 'no-tls',
      detail: expect.stringMatching(/does not speak TLS as it should \((EPROTO|ERR_SSL_\w+)\)\.$/),
    })
  })

  it('has a name that does not resolve', async () => {
    expect(await outcomeOf('wss://gateway.invalid:8003')).toMatchObject({
      fault: 'name-unknown',
      detail: expect.stringMatching(
        /^The gateway gateway\.invalid:8003 has a name that does not resolve \(E/,
      ),
    })
  })

  it('refuses the connection', async () => {
    expect(await outcomeOf('ws://127.0.0.1:9')).toMatchObject({
      fault: 'refused',
      detail: 'The gateway 127.0.0.1:9 refused the connection (ECONNREFUSED).',
    })
  })

  it('takes the connection and never speaks TLS: that alone may be a firewall', async () => {
    const silent = createTcpServer()
    const taken = once(silent, 'connection')
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.close())
    const { outcome, clock } = connect(`wss://127.0.0.1:${(silent.address() as AddressInfo).port}`)
    const [peer] = await taken
    clock.advance(10_000)
    expect(await outcome).toEqual({
      kind: 'unreachable',
      fault: 'timeout',
      detail: 'The gateway did not answer within 10 s. A firewall may be in the way.',
    })
    await once(peer.resume(), 'close')
  })
})

describe('a gateway behind a proxy', () => {
  const resolve = { 'gateway.test': '127.0.0.1' }

  it.each(['wss', 'ws'])('is reached by CONNECT, over %s, with credentials', async (scheme) => {
    const certificate = scheme === 'wss' ? authority.issue({ names: 'DNS:gateway.test' }) : undefined
    const port = await gateway(certificate)
    const proxy = await connectProxy({ credentials: 'us er:p@ss', resolve })
    const env = {
      [scheme === 'wss' ? 'HTTPS_PROXY' : 'HTTP_PROXY']: `http://us%20er:p%40ss@${proxy.host}`,
      BMS_CONSOLE_GATEWAY_CACERT: authority.file,
    }
    expect(await outcomeOf(`${scheme}://gateway.test:${port}`, env)).toBe('ls\r')
    expect(proxy.asked).toEqual([`gateway.test:${port}`])
  })

  it('is asked for its certificate all the same', async () => {
    const port = await gateway(authority.issue())
    const proxy = await connectProxy({ resolve })
    const env = { https_proxy: proxy.host, BMS_CONSOLE_GATEWAY_CACERT: authority.file }
    expect(await outcomeOf(`wss://gateway.test:${port}`, env)).toMatchObject({
      fault: 'certificate-name',
      detail: expect.stringContaining('DNS:localhost, IP Address:127.0.0.1'),
    })
  })

  it('is not asked for there where NO_PROXY has it', async () => {
    const proxy = await connectProxy({ resolve })
    const env = { HTTP_PROXY: proxy.host, HTTPS_PROXY: proxy.host, NO_PROXY: '.invalid' }
    for (const url of ['ws://gateway.invalid:6083', 'wss://gateway.invalid:8003'])
      expect(await outcomeOf(url, env)).toMatchObject({ fault: 'name-unknown' })
    const here = await gateway()
    expect(await outcomeOf(`ws://127.0.0.1:${here}`, env)).toBe('ls\r')
    expect(proxy.asked).toEqual([])
  })

  it.each([
    [{ credentials: 'user:other' }, 'proxy-credentials', 'wants other credentials: HTTP 407.'],
    [{ answer: 403 }, 'proxy-refused', 'refuses to connect to gateway.test:6083: HTTP 403.'],
    [{ answer: 503 }, 'proxy-failed', 'could not connect to gateway.test:6083: HTTP 503.'],
    [
      { resolve: { 'gateway.test': '127.0.0.1:nowhere' } },
      'proxy-failed',
      'could not connect to gateway.test:6083: HTTP 502.',
    ],
  ] as const)('is not reached where the proxy says no: %o', async (options, fault, says) => {
    const proxy = await connectProxy(options)
    const env = { HTTP_PROXY: `http://user:hunter2@${proxy.host}` }
    const end = await outcomeOf('ws://gateway.test:6083', env)
    expect(end).toEqual({
      kind: 'unreachable',
      fault,
      detail: `The proxy ${proxy.host} (HTTP_PROXY) ${says} NO_PROXY names what needs no proxy.`,
    })
    expect(JSON.stringify(end)).not.toMatch(/hunter2|secret-token/)
  })

  it('is not reached where the proxy is not there', async () => {
    expect(
      await outcomeOf('ws://gateway.test:6083', { http_proxy: 'http://user:hunter2@127.0.0.1:9' }),
    ).toEqual({
      kind: 'unreachable',
      fault: 'proxy-unreachable',
      detail: 'The proxy 127.0.0.1:9 (http_proxy) refused the connection (ECONNREFUSED).',
    })
  })

  it('is not reached where nobody trusts the proxy’s own certificate', async () => {
    const proxy = await connectProxy({ tls: authority.issue() })
    expect(await outcomeOf('ws://gateway.test:6083', { HTTP_PROXY: `https://${proxy.host}` })).toMatchObject({
      fault: 'proxy-unreachable',
      detail: expect.stringContaining('shows a certificate whose issuer is not trusted here'),
    })
  })

  it('is given up where the proxy does not answer, and the proxy is let go', async () => {
    const proxy = await connectProxy({ answer: 'hangs' })
    const asked = proxy.next()
    const { outcome, clock } = connect('ws://gateway.test:6083', { HTTP_PROXY: proxy.host })
    await asked
    clock.advance(10_000)
    expect(await outcome).toEqual({
      kind: 'unreachable',
      fault: 'proxy-timeout',
      detail: `The proxy ${proxy.host} (HTTP_PROXY) did not answer within 10 s. A firewall may be in the way.`,
    })
    await expect.poll(() => [...proxy.held].map((client) => client.destroyed)).toEqual([true])
  })

  it('is given up where the proxy connects and the gateway does not answer', async () => {
    const silent = createTcpServer()
    const taken = once(silent, 'connection')
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const proxy = await connectProxy({ resolve })
    const { outcome, clock } = connect(`ws://gateway.test:${port}`, { HTTP_PROXY: proxy.host })
    const [peer] = await taken
    // The handshake comes through the tunnel.
    await once(peer, 'data')
    clock.advance(10_000)
    expect(await outcome).toMatchObject({
      fault: 'timeout',
      detail: 'The gateway did not answer within 10 s. A firewall may be in the way.',
    })
    await once(peer.resume(), 'close')
  })
})
