import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { ApiError, IssuedConsole, paths, ServerList } from '../shared/api.ts'
import { RecordingList } from '../shared/recording.ts'
import { RELAY_SUBPROTOCOL, RelayMessage } from '../shared/relay-protocol.ts'
import type { Server } from '../shared/server.ts'
import { testApp } from '../testing/app.ts'
import { startTestCloud } from '../testing/clouds/test-cloud.ts'
import { MemoryStore } from '../testing/line-log.ts'
import { startLoki } from '../testing/loki.ts'
import { resumeWith } from '../testing/resume.ts'
import { testServer } from '../testing/server.ts'
import { nothingAttached } from '../testing/sign-in/identity.ts'
import { type Cloud, CloudError } from './clouds/cloud.ts'
import { createHuaweiCloud } from './clouds/huawei/huawei.ts'
import { FRESH_MS } from './clouds/snapshot.ts'
import type { HoldingStore } from './line-log/store/store.ts'

const ORIGIN = 'https://console.test'
const TOKEN = 'b7f2-console-token'

const server = (id: string, family: Server['os']['family'] = 'linux') =>
  testServer({ id, name: id, os: { windowsConsole: false, family, image: null } })

async function start(
  options: {
    transport?: 'direct' | 'relay'
    gateway?: string
    cloud?: Partial<Cloud>
    env?: NodeJS.ProcessEnv
    lineStore?: HoldingStore
  } = {},
) {
  const calls: string[] = []
  const cloud: Cloud = {
    listServers: async () => ({
      servers: [server('linux-1'), server('windows-1', 'windows')],
      missing: [],
    }),
    getServer: async (id) => server(id, id.startsWith('windows') ? 'windows' : 'linux'),
    attachments: async () => nothingAttached,
    remoteConsole: async (id) => {
      calls.push(id)
      return `http://${options.gateway ?? 'gateway.test:6083'}/serial/pod/?token=${TOKEN}`
    },
    power: async () => null,
    powerJob: async () => ({ state: 'done' }),
    close: async () => {},
    ...options.cloud,
  }
  const { app, log } = await testApp({
    cloud,
    env: {
      BMS_CONSOLE_PUBLIC_ORIGINS: ORIGIN,
      BMS_CONSOLE_AUDIT: 'off',
      BMS_CONSOLE_TRANSPORT: options.transport ?? 'direct',
      BMS_CONSOLE_GATEWAYS: options.gateway ?? 'gateway.test:6083',
      ...options.env,
    },
    ...(options.lineStore ? { lineStore: options.lineStore } : {}),
  })
  return { app, calls, log }
}

const headers = { host: 'console.test', origin: ORIGIN }

describe('the API', () => {
  it('logs why the cloud refused, for the operator to whom the page sends people', async () => {
    const failure = {
      cause: 'no-permission',
      detail: 'The cloud answered HTTP 403: Not allowed.',
      code: 'BMS.0033',
      requestId: 'req-1',
      permission: 'bms:servers:list',
    } as const
    const facts = {
      cause: 'no-permission',
      detail: failure.detail,
      code: 'BMS.0033',
      cloudRequest: 'req-1',
      permission: 'bms:servers:list',
    }
    const refuses = await start({ cloud: { listServers: () => Promise.reject(new CloudError(failure)) } })
    await refuses.app.inject({ url: paths.servers(), headers })
    expect(refuses.log.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ ...facts, msg: 'refused' }),
    )
    const partly = await start({
      cloud: { listServers: async () => ({ servers: [], missing: [{ where: 'eu-nl', failure }] }) },
    })
    await partly.app.inject({ url: paths.servers(), headers })
    expect(partly.log.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ ...facts, where: 'eu-nl', msg: 'servers are missing from the list' }),
    )
  })

  it('logs no secret that the cloud repeats in its reason', async () => {
    const token = 'MIIFVgYJKoZI.hvcNAQcCoIIFRzCC'
    const provider = await startTestCloud(() => ({
      status: 403,
      body: { error: { code: 'BMS.0033', message: `Not allowed with ${token}` } },
    }))
    const cloud = createHuaweiCloud({
      endpoint: provider.endpoint,
      projectId: 'p',
      auth: { kind: 'token', token },
    })
    const { app, log } = await start({ cloud })
    await app.inject({ url: paths.servers(), headers })
    expect(log.join('')).toContain('Not allowed with [secret]')
    expect(log.join('')).not.toContain(token)
  })

  it('lists servers and hides nothing behind a cache', async () => {
    const { app } = await start()
    const response = await app.inject({ url: paths.servers(), headers })
    expect(response.statusCode).toBe(200)
    expect(response.json().servers).toHaveLength(2)
    expect(response.headers['cache-control']).toBe('no-store')
  })

  it('reads the list once for all who ask at once, and anew when a person asks for it', async () => {
    let reads = 0
    const { app } = await start({
      cloud: {
        listServers: async () => {
          reads += 1
          await new Promise((resolve) => setTimeout(resolve, 20))
          return { servers: [server(`linux-${reads}`)], missing: [] }
        },
      },
    })
    const ask = async (more = {}) => {
      const response = await app.inject({ url: paths.servers(), headers: { ...headers, ...more } })
      expect(response.headers['content-type']).toBe('application/json; charset=utf-8')
      return ServerList.parse(response.json()).servers[0]?.id
    }
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask()))
    expect([reads, new Set(answers)]).toEqual([1, new Set(['linux-1'])])
    await new Promise((resolve) => setTimeout(resolve, FRESH_MS + 50))
    expect(await ask()).toBe('linux-1')
    expect(await ask({ 'cache-control': 'no-cache' })).toBe('linux-2')
    expect(await ask()).toBe('linux-2')
    expect(
      (
        await app.inject({
          method: 'POST',
          url: paths.power('linux-1'),
          headers,
          payload: { action: 'reboot' },
        })
      ).statusCode,
    ).toBe(202)
    expect(await ask()).toBe('linux-3')
  })

  it('describes itself', async () => {
    const { app } = await start()
    const response = await app.inject({ url: '/api/docs/json', headers })
    expect(Object.keys(response.json().paths)).toEqual(
      expect.arrayContaining(['/api/servers', '/api/servers/{id}', '/api/servers/{id}/console']),
    )
    expect((await app.inject({ url: '/api/docs/', headers })).statusCode).toBe(200)
  })

  it('hands out a direct URL and allows the page to open it', async () => {
    const { app } = await start()
    const response = await app.inject({ method: 'POST', url: paths.issueConsole('linux-1'), headers })
    expect(IssuedConsole.parse(response.json())).toMatchObject({
      transport: 'direct',
      url: `ws://gateway.test:6083/serial/pod/?token=${TOKEN}`,
    })
    expect(response.headers['content-security-policy']).toContain('ws://gateway.test:6083')
    expect(response.headers['content-security-policy']).toContain("frame-ancestors 'none'")
  })

  it('refuses Windows before it asks the cloud', async () => {
    const { app, calls } = await start()
    const response = await app.inject({ method: 'POST', url: paths.issueConsole('windows-1'), headers })
    expect(response.statusCode).toBe(409)
    expect(ApiError.parse(response.json()).error.cause).toBe('unsupported-os')
    expect(calls).toEqual([])
  })

  it('refuses a console at a host that is not listed', async () => {
    const { app, log } = await start({
      cloud: { remoteConsole: async () => `https://evil.test/?token=${TOKEN}` },
    })
    const response = await app.inject({ method: 'POST', url: paths.issueConsole('linux-1'), headers })
    expect(ApiError.parse(response.json()).error).toMatchObject({ cause: 'console-url-refused' })
    expect(response.body + log.join('')).not.toContain(TOKEN)
  })

  it.each([
    ['signed-out', 401],
    ['no-permission', 403],
    ['server-not-found', 404],
    ['server-not-ready', 409],
    ['throttled', 429],
    ['cloud-error', 502],
    ['cloud-timeout', 504],
  ] as const)('keeps the cause %s and answers %i', async (cause, status) => {
    const { app } = await start({
      cloud: {
        remoteConsole: async () => {
          throw new CloudError({ cause, retryAfter: 7, code: 'BMS.1', requestId: 'r1' })
        },
      },
    })
    const response = await app.inject({ method: 'POST', url: paths.issueConsole('linux-1'), headers })
    expect(response.statusCode).toBe(status)
    expect(ApiError.parse(response.json()).error).toEqual({
      cause,
      retryAfter: 7,
      code: 'BMS.1',
      requestId: 'r1',
    })
    expect(response.headers['retry-after']).toBe('7')
  })

  it('answers an unforeseen error without its words', async () => {
    const { app } = await start({
      cloud: {
        listServers: async () => {
          throw new Error(`boom ${TOKEN}`)
        },
      },
    })
    const response = await app.inject({ url: paths.servers(), headers })
    expect(response.statusCode).toBe(500)
    expect(response.body).not.toContain(TOKEN)
  })

  it.each(['..%2f..%2fadmin', 'a%20b', '%00', 'x'.repeat(150)])('refuses the id %s', async (id) => {
    const { app } = await start()
    const response = await app.inject({ url: `/api/servers/${id}`, headers })
    expect(response.statusCode).toBe(400)
    expect(ApiError.parse(response.json()).error.cause).toBe('bad-request')
  })

  it('limits how often one address asks for a console', async () => {
    const { app } = await start({ env: { BMS_CONSOLE_ISSUES_PER_MINUTE: '1' } })
    const ask = () => app.inject({ method: 'POST', url: paths.issueConsole('linux-1'), headers })
    expect((await ask()).statusCode).toBe(200)
    const refused = await ask()
    expect(refused.statusCode).toBe(429)
    expect(ApiError.parse(refused.json()).error).toMatchObject({
      cause: 'too-many-requests',
      retryAfter: expect.any(Number),
    })
  })
})

describe('the guard', () => {
  it.each([
    ['another site', { host: 'console.test', origin: 'https://evil.test' }, 403],
    ['a null origin', { host: 'console.test', origin: 'null' }, 403],
    ['a look-alike', { host: 'console.test', origin: 'https://console.test.evil.test' }, 403],
    ['another port', { host: 'console.test', origin: 'https://console.test:81' }, 403],
    ['another scheme', { host: 'console.test', origin: 'http://console.test' }, 403],
    ['a rebound host', { host: 'evil.test', origin: 'http://evil.test' }, 421],
  ])('refuses %s before the cloud is asked', async (_, given, status) => {
    const { app, calls } = await start()
    const response = await app.inject({ method: 'POST', url: paths.issueConsole('linux-1'), headers: given })
    expect(response.statusCode).toBe(status)
    expect(calls).toEqual([])
  })

  it('lets probes in by any name', async () => {
    const { app } = await start()
    expect((await app.inject({ url: '/healthz', headers: { host: '10.1.2.3' } })).statusCode).toBe(200)
    expect((await app.inject({ url: '/readyz', headers: { host: '10.1.2.3' } })).statusCode).toBe(200)
  })
})

describe('the relay', () => {
  const closers: Array<() => void> = []
  afterEach(() => {
    for (const close of closers.splice(0)) close()
  })

  /** A gateway in the hands of the test. */
  async function gateway(onConnection: (socket: WebSocket, protocolHeader: string | undefined) => void) {
    const http = createServer()
    const sockets = new WebSocketServer({ server: http })
    sockets.on('connection', (socket, request) => onConnection(socket, request.headers.origin))
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    closers.push(() => {
      for (const socket of sockets.clients) socket.terminate()
      http.close()
    })
    return `127.0.0.1:${(http.address() as AddressInfo).port}`
  }

  /** A viewer as the page is one: gathers messages and bytes, and waits for what it is asked to. */
  async function view(
    gatewayHost: string,
    options: {
      origin?: string
      ticket?: (ticket: string) => string
      subprotocol?: string
      client?: string
      lineStore?: HoldingStore
      env?: NodeJS.ProcessEnv
    } = {},
  ) {
    const { lineStore, env = {} } = options
    const { app, log, calls } = await start({
      transport: 'relay',
      gateway: gatewayHost,
      env,
      ...(lineStore ? { lineStore } : {}),
    })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const response = await app.inject({ method: 'POST', url: paths.issueConsole('linux-1'), headers })
    const issued = IssuedConsole.parse(response.json())
    if (issued.transport !== 'relay') throw new Error('not a relay')
    const { port } = app.server.address() as AddressInfo
    const socket = new WebSocket(
      `ws://127.0.0.1:${port}${paths.relay(issued.session)}`,
      options.subprotocol ?? RELAY_SUBPROTOCOL,
      { headers: { host: 'console.test' }, origin: options.origin ?? ORIGIN },
    )
    const messages: RelayMessage[] = []
    let bytes = Buffer.alloc(0)
    const waiting = new Set<() => void>()
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) bytes = Buffer.concat([bytes, data])
      else messages.push(RelayMessage.parse(JSON.parse(data.toString())))
      for (const check of waiting) check()
    })
    const until = <T>(read: () => T | undefined) =>
      new Promise<T>((resolve) => {
        const check = () => {
          const value = read()
          if (value === undefined) return
          waiting.delete(check)
          resolve(value)
        }
        waiting.add(check)
        check()
      })
    socket.on('open', () =>
      socket.send(
        JSON.stringify(
          resumeWith((options.ticket ?? String)(issued.ticket), options.client ?? 'first-viewer-of-the-test'),
        ),
      ),
    )
    /** Why the relay's own line was lost. */
    const lost = () =>
      until(() => messages.find((message) => message.type === 'state' && message.gateway === 'lost')).then(
        (message) => (message.type === 'state' && message.gateway === 'lost' ? message.failure : undefined),
      )
    const closing = () =>
      until(() => messages.find((message) => message.type === 'closing')).then((message) => message.failure)
    return {
      app,
      log,
      calls,
      issued,
      body: response.body,
      socket,
      messages,
      until,
      lost,
      closing,
      bytes: () => bytes,
    }
  }

  it('carries bytes both ways, as binary frames, without Origin and without a token in the browser', async () => {
    const origins: Array<string | undefined> = []
    const frames: boolean[] = []
    const host = await gateway((socket, origin) => {
      origins.push(origin)
      socket.on('message', (data: Buffer, isBinary) => {
        frames.push(isBinary)
        socket.send(data)
      })
    })
    const viewer = await view(host)
    await viewer.until(() =>
      viewer.messages.find((message) => message.type === 'state' && message.gateway === 'open'),
    )
    viewer.socket.send(Buffer.from('žluťoučký\r'))
    await viewer.until(() => (viewer.bytes().toString() === 'žluťoučký\r' ? true : undefined))
    await viewer.until(() => viewer.messages.find((message) => message.type === 'taken'))
    expect(origins).toEqual([undefined])
    expect(frames).toEqual([true])
    expect(viewer.messages.map((message) => message.type)).toEqual([
      'hello',
      'viewers',
      'live',
      'state',
      'state',
      'taken',
    ])
    expect(viewer.body + viewer.log.join('') + JSON.stringify(viewer.messages)).not.toContain(TOKEN)
    expect(viewer.log.join('')).not.toContain(
      viewer.issued.transport === 'relay' ? viewer.issued.ticket : '?',
    )
  })

  it('passes text frames of an odd gateway on as bytes', async () => {
    const viewer = await view(await gateway((socket) => socket.send('login: ')))
    await viewer.until(() => (viewer.bytes().toString() === 'login: ' ? true : undefined))
  })

  it('delivers keys typed before the gateway opened', async () => {
    const viewer = await view(await gateway((socket) => socket.on('message', (data) => socket.send(data))))
    await once(viewer.socket, 'open')
    viewer.socket.send(Buffer.from('early'))
    await viewer.until(() => (viewer.bytes().toString() === 'early' ? true : undefined))
  })

  it('names a gateway that accepts and hangs up', async () => {
    const viewer = await view(await gateway((socket) => socket.terminate()))
    expect(await viewer.closing()).toMatchObject({ cause: 'gateway-hung-up' })
  })

  it('names a gateway that ends a line which had spoken', async () => {
    const viewer = await view(await gateway((socket) => socket.send('bye', () => socket.terminate())))
    expect(await viewer.lost()).toMatchObject({ cause: 'gateway-closed' })
    expect(viewer.bytes().toString()).toBe('bye')
  })

  it('asks for a new link when the gateway drops, and goes on where the line was', async () => {
    const tokens: string[] = []
    const host = await gateway((socket) => {
      if (tokens.push('') === 1) socket.send('before ', () => socket.terminate())
      else socket.send('after')
    })
    const viewer = await view(host)
    expect(await viewer.lost()).toMatchObject({ cause: 'gateway-closed' })
    await viewer.until(() => (viewer.bytes().toString() === 'before after' ? true : undefined))
    expect(viewer.calls).toEqual(['linux-1', 'linux-1'])
    expect(viewer.messages.map((message) => message.type).at(-1)).toBe('seam')
  })

  it('keeps what the line said across a restart, with what was done to the power', async () => {
    const lineStore = new MemoryStore()
    let connections = 0
    const host = await gateway((socket) => socket.send(connections++ === 0 ? 'before\n' : 'after\n'))
    const before = await view(host, { lineStore })
    await before.until(() => (before.bytes().toString() === 'before\n' ? true : undefined))
    await before.app.inject({
      method: 'POST',
      url: paths.power('linux-1'),
      headers,
      payload: { action: 'reboot' },
    })
    await before.app.close()
    expect(lineStore.closed).toBe(true)

    const after = await view(host, { lineStore })
    await after.until(() => (after.bytes().toString() === 'before\nafter\n' ? true : undefined))
    expect(after.messages.find(({ type }) => type === 'hello')).toMatchObject({ began: 7, replayFrom: 0 })
    const seams = after.messages.filter((message) => message.type === 'seam')
    expect(seams).toEqual([{ type: 'seam', why: 'restarted', awayMs: expect.any(Number) }])
    const marks = (await lineStore.reader('linux-1')?.marks(0, 100)) ?? []
    const session = { kind: 'session', id: before.issued.transport === 'relay' && before.issued.session }
    expect(marks.map(({ at, mark }) => [at, mark]).slice(0, 4)).toEqual([
      [0, { ...session, state: 'on' }],
      [7, { kind: 'power', action: 'reboot', by: expect.any(String) }],
      [7, { ...session, state: 'restarting' }],
      [7, { kind: 'seam', why: 'restarted', awayMs: expect.any(Number) }],
    ])
  })

  it.each([true, false])(
    'records what a line says once, with a log for all lines (%s) or without',
    async (hasLog) => {
      const folder = mkdtempSync(join(tmpdir(), 'once-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const said = 'Kernel panic - not syncing\r\n'
      const viewer = await view(await gateway((socket) => socket.send(said)), {
        env: {
          BMS_CONSOLE_RECORDINGS: 'always',
          BMS_CONSOLE_RECORDINGS_DIR: join(folder, 'recordings'),
          ...(hasLog ? { BMS_CONSOLE_LINE_LOG_DIR: join(folder, 'log') } : {}),
        },
      })
      await viewer.until(() => (viewer.bytes().toString() === said ? true : undefined))
      const about = (await viewer.app.inject({ url: paths.about(), headers })).json()
      expect(about).toMatchObject({ recordings: 'always', log: hasLog })
      await viewer.app.close()
      const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      const having = names.filter((name) => {
        const path = join(folder, name)
        return statSync(path).isFile() && readFileSync(path, 'latin1').includes('Kernel panic')
      })
      // Until there is more of it, a journal has it.
      expect(having).toEqual([expect.stringMatching(hasLog ? /^log.journal/ : /^recordings.lines.journal/)])
      const later = await start({
        transport: 'relay',
        gateway: 'gateway.test',
        env: {
          BMS_CONSOLE_RECORDINGS: 'always',
          BMS_CONSOLE_RECORDINGS_DIR: join(folder, 'recordings'),
          ...(hasLog ? { BMS_CONSOLE_LINE_LOG_DIR: join(folder, 'log') } : {}),
        },
      })
      const { recordings } = RecordingList.parse(
        (await later.app.inject({ url: paths.recordings({}), headers })).json(),
      )
      expect(recordings).toMatchObject([{ state: 'complete', lostBytes: 0 }])
      const text = await later.app.inject({ url: paths.recordingText(recordings[0]?.id ?? ''), headers })
      expect(text.body).toBe('Kernel panic - not syncing\n')
    },
  )

  it('masks what is kept, recorded and shipped, while the page sees it as it is', async () => {
    const loki = await startLoki()
    onTestFinished(() => loki.close())
    const folder = mkdtempSync(join(tmpdir(), 'masks-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const masks = join(folder, 'masks')
    writeFileSync(masks, 'password: (\\S+)\n')
    const lineStore = new MemoryStore()
    const said = 'password: hunter2\r\n'
    const viewer = await view(await gateway((socket) => socket.send(said)), {
      lineStore,
      env: {
        BMS_CONSOLE_LINE_LOG_MASKS_FILE: masks,
        BMS_CONSOLE_RECORDINGS: 'always',
        BMS_CONSOLE_RECORDINGS_DIR: join(folder, 'recordings'),
        BMS_CONSOLE_SHIP: 'loki',
        BMS_CONSOLE_SHIP_URL: new URL(loki.url).origin,
      },
    })
    await viewer.until(() => (viewer.bytes().toString() === said ? true : undefined))
    const hidden = 'password: *******'
    const listed = async () => {
      const response = await viewer.app.inject({ url: paths.recordings({}), headers })
      return RecordingList.parse(response.json()).recordings.map(({ id }) => id)
    }
    // It is written down in the background.
    await expect.poll(listed).toHaveLength(1)
    const [recordingId = ''] = await listed()
    const cast = await viewer.app.inject({
      url: paths.recordingCast(recordingId),
      headers,
    })
    expect(cast.body).toContain(hidden)
    expect(cast.body).not.toContain('hunter2')
    await viewer.app.close()
    expect((await lineStore.tail('linux-1', 100))?.bytes.toString()).toBe(`${hidden}\r\n`)
    // What is recorded is a range of what is kept, and nothing else has it.
    const names = readdirSync(join(folder, 'recordings')).filter((name) => /\.(json|notes)$/.test(name))
    expect(names).toHaveLength(2)
    for (const name of names)
      expect(readFileSync(join(folder, 'recordings', name), 'utf8')).not.toContain('hunter2')
    expect(loki.pushes.flatMap(({ streams }) => streams)).toMatchObject([
      { stream: { server_id: 'linux-1' }, values: [[expect.any(String), hidden]] },
    ])
  })

  it('names a gateway that is not there, and one that answers HTTP', async () => {
    const http = createServer((_, response) => response.writeHead(400).end())
    http.on('upgrade', (_, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    closers.push(() => http.close())
    const refused = await view(`127.0.0.1:${(http.address() as AddressInfo).port}`)
    expect(await refused.lost()).toMatchObject({
      cause: 'gateway-unreachable',
      detail: /HTTP 400/ as never,
    })
    const absent = await view('127.0.0.1:9')
    expect(await absent.lost()).toMatchObject({ cause: 'gateway-unreachable' })
  })

  it('refuses a wrong ticket', async () => {
    const viewer = await view(await gateway(() => {}), { ticket: () => 'guess' })
    expect(await viewer.closing()).toMatchObject({ cause: 'ticket-refused' })
  })

  it.each([
    ['a foreign origin', { origin: 'https://evil.test' }, 403],
    ['another subprotocol', { subprotocol: 'tty' }, 400],
  ])('refuses %s before the upgrade', async (_, options, status) => {
    const viewer = await view(await gateway(() => {}), options)
    viewer.socket.on('error', () => {})
    const [, response] = await once(viewer.socket, 'unexpected-response')
    expect(response.statusCode).toBe(status)
  })

  it('stops reading the gateway when the viewer does not acknowledge, and goes on when it does', async () => {
    const total = 8 * 1024 * 1024
    let written = 0
    const host = await gateway((socket) => {
      const chunk = Buffer.alloc(64 * 1024, 'x')
      const pump = () => {
        if (written >= total) return
        written += chunk.length
        socket.send(chunk, () => setImmediate(pump))
      }
      pump()
    })
    const viewer = await view(host)
    await viewer.until(() => (viewer.bytes().length >= 2 * 1024 * 1024 ? true : undefined))
    // The line stands still: a further round trip through the same relay brings nothing beyond the window.
    for (let round = 0; round < 5; round++) {
      viewer.socket.ping()
      await once(viewer.socket, 'pong')
    }
    const held = viewer.bytes().length
    expect(held).toBeLessThan(2.2 * 1024 * 1024)
    viewer.socket.on('message', (_, isBinary) => {
      if (isBinary) viewer.socket.send(JSON.stringify({ type: 'ack', offset: viewer.bytes().length }))
    })
    viewer.socket.send(JSON.stringify({ type: 'ack', offset: held }))
    await viewer.until(() => (viewer.bytes().length === total ? true : undefined))
  })

  it('outlives a viewer whose frames are too large, and holds nothing of it', async () => {
    const viewer = await view(await gateway(() => {}))
    await viewer.until(() => viewer.messages.find((message) => message.type === 'hello'))
    viewer.socket.on('error', () => {})
    viewer.socket.send(Buffer.alloc(2 * 1024 * 1024))
    await once(viewer.socket, 'close')
    expect((await viewer.app.inject({ url: '/healthz' })).statusCode).toBe(200)
    // It waits for every viewer's connection to be gone.
    await viewer.app.close()
  })

  it('tells its viewers when the proxy shuts down', async () => {
    const viewer = await view(await gateway(() => {}))
    await viewer.until(() => viewer.messages.find((message) => message.type === 'hello'))
    const told = viewer.closing()
    await viewer.app.close()
    expect(await told).toMatchObject({ cause: 'proxy-restarting' })
  })
})
