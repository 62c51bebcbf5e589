import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, get as plainGet } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { brotliCompressSync, brotliDecompressSync, createGunzip, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { parse } from 'yaml'
import { z } from 'zod'
import { freePort } from '../../e2e/lab/tools.ts'
import { IssuedConsole, paths, type ServerList } from '../shared/api.ts'
import { SILENT_MS } from '../shared/beat.ts'
import { RELAY_SUBPROTOCOL } from '../shared/relay-protocol.ts'
import { listeningTestApp } from '../testing/app.ts'
import { isInstalled } from '../testing/installed.ts'
import { type Certificate, TestAuthority } from '../testing/outbound/certificates.ts'
import {
  type Placing,
  proxiedNames,
  proxyKinds,
  startReverseProxy,
} from '../testing/proxies/reverse-proxy.ts'
import { snippetOf } from '../testing/proxies/snippet.ts'
import { resumeWith } from '../testing/resume.ts'
import { startGateway } from '../testing/security/guarded-app.ts'
import { testServer } from '../testing/server.ts'
import { listEvents } from '../testing/server-list.ts'
import { person, silentCloud } from '../testing/sign-in/identity.ts'
import type { ListWant } from './clouds/cloud.ts'

/** The client's own address. It is none of the proxy's, which is 127.0.0.1. */
const CLIENT = '127.0.0.2'
/** What a client says of itself, and nobody may believe */
const claims = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-user': 'mallory',
  'x-forwarded-groups': 'admins',
  'x-request-id': 'told-by-mallory',
}
const ASSET = `console.log(${JSON.stringify('much to compress '.repeat(200))})`

const bases: Record<Placing, string> = { own: '', below: '/console' }

describe.skipIf(!isInstalled('openssl')).each(proxyKinds)('behind %s, as deploy has it', (kind) => {
  if (!isInstalled(kind)) return it.skip('is not installed here', () => {})
  let authority: TestAuthority
  let certificate: Certificate
  let webRoot: string
  beforeAll(() => {
    authority = new TestAuthority()
    certificate = authority.issue({ names: 'DNS:*.example.com' })
    webRoot = mkdtempSync(join(tmpdir(), 'web-'))
    mkdirSync(join(webRoot, 'assets'))
    writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>BMS Console</title>')
    writeFileSync(join(webRoot, 'assets/app.js'), ASSET)
    writeFileSync(join(webRoot, 'assets/app.js.br'), brotliCompressSync(ASSET))
    writeFileSync(join(webRoot, 'assets/app.js.gz'), gzipSync(ASSET))
  })
  afterAll(() => {
    authority.remove()
    rmSync(webRoot, { recursive: true })
  })

  /** The whole server, the proxy in front, and a client that comes from elsewhere */
  async function start(placing: Placing = 'own') {
    const [tlsPort, plainPort] = [await freePort(), await freePort()]
    const [name, base] = [proxiedNames[placing], bases[placing]]
    const host = `${name}:${tlsPort}`
    const origin = `https://${host}`
    const gateway = await startGateway([])
    let list: { page: () => void; end: () => void } | null = null
    const cloud = {
      ...silentCloud,
      getServer: async (id: string) => testServer({ id }),
      remoteConsole: async () => `http://${gateway}/?token=t`,
      listServers: ({ onPage }: ListWant = {}) =>
        new Promise<ServerList>((resolve) => {
          const servers = [testServer({ id: 'a' }), testServer({ id: 'b' })]
          list = {
            page: () => onPage?.({ servers: servers.slice(0, 1), total: 2 }),
            end: () => resolve({ servers, missing: [] }),
          }
        }),
    }
    const server = await listeningTestApp({
      env: {
        BMS_CONSOLE_PUBLIC_ORIGINS: origin,
        BMS_CONSOLE_BASE_PATH: base,
        BMS_CONSOLE_TRUSTED_PROXIES: '127.0.0.1',
        BMS_CONSOLE_TRANSPORT: 'relay',
        BMS_CONSOLE_GATEWAYS: gateway,
      },
      cloud,
      signIn: (mode) => ({ ...mode, identify: () => person('ada', 'operator', cloud) }),
      webRoot,
    })
    /** What reaches this server: health checks of the proxy's own aside */
    const received: IncomingHttpHeaders[] = []
    server.app.server.on('request', ({ url, headers }: IncomingMessage) => {
      if (url !== '/readyz') received.push(headers)
    })
    const others = createServer((_request, response) => response.end('others')).listen(0, '127.0.0.1')
    await once(others, 'listening')
    onTestFinished(() => {
      others.close()
      others.closeAllConnections()
    })
    await startReverseProxy(kind, placing, {
      others: `127.0.0.1:${(others.address() as AddressInfo).port}`,
      upstream: `127.0.0.1:${server.port}`,
      tlsPort,
      plainPort,
      certificate,
    })
    const tls = { ca: authority.pem, servername: name }
    const ask = async (
      path: string,
      { method = 'GET', ...headers }: { method?: string } & Record<string, string> = {},
    ): Promise<IncomingMessage> => {
      const request = httpsRequest({
        ...tls,
        ...{ host: '127.0.0.1', port: tlsPort, localAddress: CLIENT, agent: false },
        ...{ path, method, headers: { host, ...claims, ...headers } },
      }).end()
      onTestFinished(() => void request.destroy())
      const [response]: IncomingMessage[] = await once(request, 'response')
      if (!response) throw new Error('no response')
      return response
    }
    const cloudAsked = () => expect.poll(() => list !== null).toBe(true)
    return {
      ...{ ...server, name, base, origin, host, tls, tlsPort, plainPort, received, ask, cloudAsked },
      page: () => list?.page(),
      end: () => list?.end(),
    }
  }

  it.each<Placing>(['own', 'below'])(
    'the page and the API are there, and who asks is the client (%s)',
    async (placing) => {
      const { ask, received, name, base, host, origin, tls, tlsPort, plainPort } = await start(placing)
      const page = await ask(`${base}/servers/a/console`, { accept: 'text/html' })
      expect([page.statusCode, await text(page)]).toEqual([200, expect.stringContaining('BMS Console')])
      const about = await ask(base + paths.about())
      expect([about.statusCode, JSON.parse(await text(about))]).toEqual([
        200,
        expect.objectContaining({ cloud: 'Test' }),
      ])
      for (const headers of received) {
        expect(headers).toMatchObject({ host, 'x-forwarded-for': CLIENT })
        expect(headers).not.toHaveProperty('x-forwarded-user')
        expect(headers).not.toHaveProperty('x-forwarded-groups')
        expect(headers['x-request-id']).toMatch(/^[\da-f-]{32,36}$/)
      }

      // Browsers come by HTTP/2.
      const session = connectHttp2(origin, { ...tls, host: '127.0.0.1', lookup: toLoopback })
      onTestFinished(() => session.destroy())
      const stream = session.request({ ':path': base + paths.about(), ':authority': host })
      const [answered] = await once(stream, 'response')
      expect(answered).toMatchObject({ ':status': 200 })
      stream.resume()

      const [plain]: IncomingMessage[] = await once(
        plainGet({ host: '127.0.0.1', port: plainPort, path: '/servers?q=a', headers: { host: name } }),
        'response',
      )
      expect(plain?.statusCode).toBe(308)
      expect(plain?.headers.location).toMatch(new RegExp(`^https://${name}(:${tlsPort})?/servers\\?q=a$`))
      plain?.resume()
      if (base === '') return
      const entry = await ask(base, { accept: 'text/html' })
      expect([301, 302, 307, 308]).toContain(entry.statusCode)
      expect(new URL(entry.headers.location ?? '', origin).href).toBe(`${origin}${base}/`)
      for (const path of ['/', `${base}-else/`]) expect(await text(await ask(path))).toBe('others')
    },
  )

  it('what is compressed is passed on as it is', async () => {
    const { ask, cloudAsked, page, end } = await start()
    const asset = await ask('/assets/app.js', { 'accept-encoding': 'gzip, br' })
    expect(asset.headers['content-encoding']).toBe('br')
    const pieces: Buffer[] = []
    for await (const piece of asset) pieces.push(piece)
    expect(brotliDecompressSync(Buffer.concat(pieces)).toString()).toBe(ASSET)

    const listing = ask(paths.serverList(), { 'accept-encoding': 'gzip, br' })
    await cloudAsked()
    page()
    end()
    const list = await listing
    expect(list.headers['content-encoding']).toBe('gzip')
    expect(listEvents(await text(list.pipe(createGunzip()))).at(-1)).toMatchObject({ type: 'end' })
  })

  it('the list comes in pieces, as the cloud gives it', async () => {
    const { ask, cloudAsked, page, end } = await start()
    const listing = ask(paths.serverList(), { 'accept-encoding': 'gzip' })
    await cloudAsked()
    page()
    let heard = ''
    let ended = false
    const response = (await listing).pipe(createGunzip())
    response.on('data', (piece: Buffer) => {
      heard += piece.toString('utf8')
    })
    response.once('end', () => {
      ended = true
    })
    await expect.poll(() => heard).toContain('"servers"')
    expect(ended).toBe(false)
    end()
    await expect.poll(() => ended).toBe(true)
    expect(listEvents(heard).at(-1)).toMatchObject({ type: 'end' })
  })

  it.each<Placing>(['own', 'below'])(
    'a console’s bytes go both ways, and the audit log has the client’s address (%s)',
    async (placing) => {
      const { ask, audit, base, host, origin, tls, tlsPort } = await start(placing)
      const answer = await ask(base + paths.issueConsole('a'), { method: 'POST', origin })
      const issued = IssuedConsole.parse(JSON.parse(await text(answer)))
      if (issued.transport !== 'relay') throw new Error('not a relay')
      const socket = new WebSocket(
        `wss://127.0.0.1:${tlsPort}${base}${paths.relay(issued.session)}`,
        RELAY_SUBPROTOCOL,
        { ...tls, localAddress: CLIENT, origin, headers: { host, ...claims } },
      )
      onTestFinished(() => socket.terminate())
      let heard = ''
      socket.on('message', (data: Buffer, binary) => {
        if (binary) heard += data.toString('utf8')
      })
      await once(socket, 'open')
      expect(socket.protocol).toBe(RELAY_SUBPROTOCOL)
      socket.send(JSON.stringify(resumeWith(issued.ticket, 'client-of-the-test')))
      // The gateway repeats what is typed.
      await expect
        .poll(() => {
          if (heard === '') socket.send(Buffer.from('typed'))
          return heard
        })
        .toContain('typed')
      const opened = audit.events.filter(({ action }) => action === 'open-console')
      expect(opened.map(({ from }) => from)).toEqual([CLIENT])
    },
  )

  it('a console opens over HTTP/2 where the proxy offers that, as browsers then do', async () => {
    const { ask, host, origin, tls } = await start()
    const session = connectHttp2(origin, { ...tls, host: '127.0.0.1', lookup: toLoopback })
    onTestFinished(() => session.destroy())
    await once(session, 'remoteSettings')
    const offered = session.remoteSettings.enableConnectProtocol === true
    // Newer versions of the others may offer it, too.
    if (kind === 'haproxy') expect(offered).toBe(true)
    if (!offered) return
    const answer = await ask(paths.issueConsole('a'), { method: 'POST', origin })
    const issued = IssuedConsole.parse(JSON.parse(await text(answer)))
    if (issued.transport !== 'relay') throw new Error('not a relay')
    // RFC 8441
    const stream = session.request(
      {
        ...{ ':method': 'CONNECT', ':protocol': 'websocket', ':scheme': 'https' },
        ...{ ':authority': host, ':path': paths.relay(issued.session), origin },
        ...{ 'sec-websocket-version': '13', 'sec-websocket-protocol': RELAY_SUBPROTOCOL },
      },
      { endStream: false },
    )
    const [answered] = await once(stream, 'response')
    expect(answered).toMatchObject({ ':status': 200, 'sec-websocket-protocol': RELAY_SUBPROTOCOL })
    let heard = ''
    stream.on('data', (piece: Buffer) => {
      heard += piece.toString('latin1')
    })
    stream.write(maskedText(JSON.stringify(resumeWith(issued.ticket, 'client-of-the-test'))))
    await expect.poll(() => heard).toContain('"type":"hello"')
  })
})

/** A text frame of 126 to 65,535 bytes as a client sends it, with a mask that changes nothing. RFC 6455, section 5.2 */
function maskedText(payload: string): Buffer {
  const length = Buffer.byteLength(payload)
  return Buffer.concat([
    Buffer.from([0x81, 0x80 | 126, length >> 8, length & 0xff, 0, 0, 0, 0]),
    Buffer.from(payload),
  ])
}

/** As a browser's name resolution would, if the name were this machine's */
const toLoopback = (
  _name: string,
  _options: object,
  done: (error: null, addresses: { address: string; family: number }[]) => void,
): void => done(null, [{ address: '127.0.0.1', family: 4 }])

const units = { s: 1_000, m: 60_000, h: 3_600_000 }
const ms = (value: string) => {
  const [, count, unit] = /^(\d+)([smh])$/.exec(value) ?? []
  if (count === undefined || !(unit === 's' || unit === 'm' || unit === 'h')) throw new Error(`${value}?`)
  return Number(count) * units[unit]
}

describe('a silent line', () => {
  // Each end gives up the other after this long. A proxy that is less patient would end it before.
  it.each([
    ['nginx/bms-console.conf', /proxy_(?:read|send)_timeout\s+(\w+);/g, 2],
    ['nginx/below-a-path.conf', /proxy_(?:read|send)_timeout\s+(\w+);/g, 2],
    ['haproxy/haproxy.cfg', /timeout (?:tunnel|client|server)\s+(\w+)$/gm, 3],
    ['haproxy/below-a-path.cfg', /timeout (?:tunnel|client|server)\s+(\w+)$/gm, 3],
  ])('outlives what %s allows', (file, pattern, count) => {
    const limits = [...snippetOf(file).matchAll(pattern)].map(([, limit = '']) => ms(limit))
    expect(limits).toHaveLength(count)
    for (const limit of limits) expect(limit).toBeGreaterThan(2 * SILENT_MS)
    expect(Math.max(...limits)).toBeGreaterThanOrEqual(3_600_000)
  })

  it.each([
    'caddy/Caddyfile',
    'caddy/below-a-path.Caddyfile',
    'traefik/traefik.yaml',
    'traefik/bms-console.yaml',
    'traefik/below-a-path.yaml',
  ])('has no limit by %s', (file) => {
    const settings = snippetOf(file).replace(/^\s*#.*$/gm, '')
    expect(settings).not.toMatch(/timeout/i)
  })
})

describe('the snippet for Traefik', () => {
  const Dynamic = z.object({
    http: z.object({
      routers: z.record(
        z.string(),
        z.object({
          rule: z.string(),
          middlewares: z.array(z.string()),
          service: z.string(),
          tls: z.object({}),
        }),
      ),
      middlewares: z.record(
        z.string(),
        z.object({ headers: z.object({ customRequestHeaders: z.record(z.string(), z.string()) }) }),
      ),
      services: z.record(
        z.string(),
        z.object({
          loadBalancer: z.object({
            passHostHeader: z.literal(true),
            responseForwarding: z.object({ flushInterval: z.string().startsWith('-') }),
            servers: z.array(z.object({ url: z.string() })),
          }),
        }),
      ),
    }),
  })

  it.each(['bms-console', 'below-a-path'])(
    '%s refers to what it has, passes the host on, and takes away what clients claim',
    (file) => {
      const { http } = Dynamic.parse(parse(snippetOf(`traefik/${file}.yaml`)))
      for (const { middlewares, service } of Object.values(http.routers)) {
        expect(http.services).toHaveProperty(service)
        for (const name of middlewares)
          expect(http.middlewares[name]?.headers.customRequestHeaders).toEqual({
            'X-Forwarded-User': '',
            'X-Forwarded-Groups': '',
          })
      }
      const settings = z
        .object({
          entryPoints: z.record(z.string(), z.object({ forwardedHeaders: z.undefined().optional() })),
        })
        .parse(parse(snippetOf('traefik/traefik.yaml')))
      expect(Object.keys(settings.entryPoints)).toEqual(['web', 'websecure'])
    },
  )
})
