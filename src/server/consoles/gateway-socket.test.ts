import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { ManualClock } from '../../testing/clock.ts'
import { Dialler } from '../outbound/dialler.ts'
import { type GatewayEnd, GatewaySocket } from './gateway-socket.ts'

/** Opens a gateway's socket and keeps what it reports. Its clock stands still until a test turns it. */
function open(url: string, dialler = new Dialler()) {
  const clock = new ManualClock()
  const seen: { chunks: Buffer[]; received: number; written: number; proofs: string[]; ends: GatewayEnd[] } =
    {
      chunks: [],
      received: 0,
      written: 0,
      proofs: [],
      ends: [],
    }
  const text = () => Buffer.concat(seen.chunks).toString()
  const waiting = new Set<() => void>()
  const changed = () => {
    for (const check of waiting) check()
  }
  const until = (is: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!is()) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  const socket = new GatewaySocket(
    url,
    {
      onOpen: changed,
      onBytes: (bytes) => {
        seen.chunks.push(bytes)
        seen.received += bytes.length
        changed()
      },
      onWritten: (count) => {
        seen.written = count
        changed()
      },
      onProved: (count, proof) => {
        seen.proofs.push(`${count} ${proof}`)
        changed()
      },
      onEnd: (end) => {
        seen.ends.push(end)
        changed()
      },
    },
    dialler,
    { clock },
  )
  onTestFinished(() => void socket.close())
  return { socket, seen, until, text, clock }
}

async function listen(http: ReturnType<typeof createServer>): Promise<string> {
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  return `ws://127.0.0.1:${(http.address() as AddressInfo).port}/serial/?token=secret-token`
}

async function wsGateway(
  onConnection: (viewer: WebSocket, request: IncomingMessage) => void,
  select?: () => string | false,
) {
  const http = createServer()
  const sockets = new WebSocketServer({ server: http, ...(select ? { handleProtocols: select } : {}) })
  sockets.on('connection', onConnection)
  onTestFinished(() => {
    for (const viewer of sockets.clients) viewer.terminate()
  })
  return listen(http)
}

/** Answers the upgrade with these lines, then hands the connection over. */
async function rawGateway(answer: (request: IncomingMessage, socket: Duplex) => void) {
  return listen(createServer().on('upgrade', answer))
}

/** A gateway's valid answer to the handshake. */
function switching({ headers }: IncomingMessage): Buffer {
  const accept = createHash('sha1')
    .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  return Buffer.from(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
}

/** Turns the clock until so many proofs have come: a ping waits a moment for more keys. */
const proved = (seen: { proofs: string[] }, clock: ManualClock, proofs: number) =>
  vi.waitFor(
    () => {
      clock.advance(10)
      expect(seen.proofs).toHaveLength(proofs)
    },
    { interval: 20, timeout: 3_000 },
  )

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve: () => resolve() }
}

describe('a gateway socket', () => {
  it('carries bytes both ways and answers a ping', async () => {
    const kinds: boolean[] = []
    const url = await wsGateway((viewer) => {
      viewer.on('message', (data: Buffer, isBinary) => {
        kinds.push(isBinary)
        viewer.ping('there?', undefined, () => {})
        viewer.once('pong', (payload: Buffer) => viewer.send(Buffer.concat([data, payload])))
      })
    })
    const { socket, until, text } = open(url)
    await until(() => socket.isOpen)
    socket.send(Buffer.from('ls\r'))
    await until(() => text() === 'ls\rthere?')
    expect(kinds).toEqual([true])
  })

  it('gives nothing while it is paused, not even what came with the handshake', async () => {
    const url = await rawGateway((request, socket) => {
      socket.write(Buffer.concat([switching(request), Buffer.of(0x82, 5), Buffer.from('early')]))
    })
    const { socket, seen, until, text } = open(url)
    socket.pause()
    await until(() => socket.isOpen)
    expect(seen.received).toBe(0)
    socket.resume()
    await until(() => text() === 'early')
  })

  it('offers “binary”, sends no Origin, and takes a gateway that selects nothing', async () => {
    const asked: IncomingMessage[] = []
    const url = await wsGateway(
      (viewer, request) => {
        asked.push(request)
        viewer.send('hello')
      },
      () => false,
    )
    const { until, text } = open(url)
    await until(() => text() === 'hello')
    expect(asked[0]?.headers).not.toHaveProperty('origin')
    expect(asked[0]?.headers['sec-websocket-protocol']).toBe('binary')
    expect(asked[0]?.url).toBe('/serial/?token=secret-token')
  })

  it.each([
    ['a code', (viewer: WebSocket) => viewer.close(1003, 'Unsupported: Text frames'), 1003],
    ['no code', (viewer: WebSocket) => viewer.close(), 1005],
    ['no close at all', (viewer: WebSocket) => viewer.terminate(), 1006],
  ])('tells of an end with %s', async (_, hangUp, code) => {
    const { seen, until } = open(await wsGateway(hangUp))
    await until(() => seen.ends.length > 0)
    expect(seen.ends).toEqual([{ kind: 'closed', code }])
  })

  it('gives the last bytes before the end', async () => {
    const { seen, until, text } = open(
      await wsGateway((viewer) => viewer.send('bye', () => viewer.close(1000))),
    )
    await until(() => seen.ends.length > 0)
    expect(text()).toBe('bye')
  })

  it('says nothing more once we closed, whatever the gateway answers', async () => {
    const answered: Buffer[] = []
    const url = await wsGateway((viewer) => {
      viewer.on('close', (code) => answered.push(Buffer.from(String(code))))
    })
    const { socket, seen, until } = open(url)
    await until(() => socket.isOpen)
    socket.close()
    await expect.poll(() => answered.map(String)).toEqual(['1000'])
    expect(seen.ends).toEqual([])
    expect(socket.isOpen).toBe(false)
  })

  it('names what is no WebSocket server, without the token', async () => {
    const refusing = await rawGateway((_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
    const lying = await rawGateway((_, socket) =>
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n\r\n',
      ),
    )
    const odd = await wsGateway(
      () => {},
      () => 'tty',
    )
    for (const [url, end] of [
      [refusing, { kind: 'unreachable', fault: null, detail: expect.stringContaining('HTTP 403') }],
      [lying, { kind: 'unintelligible', detail: expect.stringContaining('wrong key') }],
      [odd, { kind: 'unintelligible', detail: expect.stringContaining('subprotocol') }],
      [
        'ws://127.0.0.1:9/?token=secret-token',
        {
          kind: 'unreachable',
          fault: 'refused',
          detail: 'The gateway 127.0.0.1:9 refused the connection (ECONNREFUSED).',
        },
      ],
    ] as const) {
      const { seen, until } = open(url)
      await until(() => seen.ends.length > 0)
      expect(seen.ends).toEqual([end])
      expect(JSON.stringify(seen.ends)).not.toContain('secret-token')
    }
  })

  it('gives up on a gateway that does not answer the handshake', async () => {
    const asked = deferred()
    const { seen, clock } = open(await rawGateway(() => asked.resolve()))
    await asked.promise
    clock.advance(9_999)
    expect(seen.ends).toEqual([])
    clock.advance(1)
    expect(seen.ends).toEqual([
      {
        kind: 'unreachable',
        fault: 'timeout',
        detail: 'The gateway did not answer within 10 s. A firewall may be in the way.',
      },
    ])
  })

  it('cuts the connection of a gateway that does not answer our close', async () => {
    const heard = deferred()
    let gateway: Duplex | undefined
    const url = await rawGateway((request, connection) => {
      gateway = connection.on('error', () => {}).on('end', heard.resolve)
      connection.write(switching(request))
      connection.resume()
    })
    const { socket, until, clock } = open(url)
    await until(() => socket.isOpen)
    socket.close()
    await heard.promise
    gateway?.write('still here')
    expect(gateway?.destroyed).toBe(false)
    clock.advance(2_000)
    // A gateway learns that it was cut when it next writes.
    const writeFails = () => {
      gateway?.write('still here')
      return gateway?.destroyed
    }
    await expect.poll(writeFails, { interval: 10 }).toBe(true)
  })

  it('hears nothing more from a gateway that said goodbye, and cuts it though it does not read ours', async () => {
    let gateway: Duplex | undefined
    const url = await rawGateway((request, connection) => {
      gateway = connection.on('error', () => {})
      connection.pause().write(switching(request))
    })
    const { socket, seen, until, text, clock } = open(url)
    await until(() => socket.isOpen)
    // The kernel takes some before anything waits.
    while (socket.bufferedBytes < 8 * 1024 * 1024) {
      socket.send(Buffer.alloc(1024 * 1024))
      await new Promise(setImmediate)
    }
    const write = (frame: Buffer) => new Promise((resolve) => gateway?.write(frame, resolve))
    await write(Buffer.of(0x88, 0))
    await until(() => seen.ends.length > 0)
    await write(Buffer.concat([Buffer.of(0x82, 4), Buffer.from('late')]))
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    expect(seen.ends).toEqual([{ kind: 'closed', code: 1005 }])
    expect(text()).toBe('')
    clock.advance(2_000)
    const writeFails = () => {
      gateway?.write('still here')
      return gateway?.destroyed
    }
    await expect.poll(writeFails, { interval: 10 }).toBe(true)
  })

  it('lets one pong wait at most for a gateway that pings and never reads', async () => {
    const ping = Buffer.concat([Buffer.of(0x89, 125), Buffer.alloc(125)])
    const pings = Buffer.concat(Array<Buffer>(1_000).fill(ping))
    const url = await rawGateway((request, socket) => {
      socket.pause().write(switching(request))
      for (let count = 0; count < 200; count++) socket.write(pings)
      socket.write(Buffer.concat([Buffer.of(0x82, 4), Buffer.from('done')]))
    })
    const { socket, until, text } = open(url)
    await until(() => text() === 'done')
    expect(socket.bufferedBytes).toBeLessThan(1_024)
  })

  it('proves what the gateway has read by a ping behind it', async () => {
    let typed = ''
    const pings: string[] = []
    const url = await wsGateway((viewer) => {
      viewer.on('ping', (payload: Buffer) => pings.push(String(payload)))
      viewer.on('message', (data: Buffer) => {
        typed += data.toString()
      })
    })
    const { socket, seen, until, clock } = open(url)
    await until(() => socket.isOpen)
    for (const [keys, proofs] of [
      ['root', 1],
      ['\r', 2],
    ] as const) {
      socket.send(Buffer.from(keys))
      await proved(seen, clock, proofs)
    }
    expect(typed).toBe('root\r')
    expect(seen.proofs).toEqual(['4 pong', '5 pong'])
    expect(pings).toEqual(['0', '4', '5'])
    expect(seen.written).toBe(5)
  })

  it('says only that bytes have left where the gateway answers no ping', async () => {
    const url = await rawGateway((request, socket) => void socket.resume().write(switching(request)))
    const { socket, seen, until, clock } = open(url)
    await until(() => socket.isOpen)
    socket.send(Buffer.from('root'))
    await until(() => seen.written === 4)
    expect(seen.proofs).toEqual([])
    clock.advance(2_000)
    socket.send(Buffer.from('\r'))
    await until(() => seen.proofs.length > 1)
    expect(seen.proofs).toEqual(['4 written', '5 written'])
  })

  it('gives up a gateway that no longer answers, and cuts its connection', async () => {
    const connections: WebSocket[] = []
    const url = await wsGateway((viewer) => void connections.push(viewer))
    const { socket, seen, until, clock } = open(url)
    await until(() => socket.isOpen)
    socket.send(Buffer.from('x'))
    await proved(seen, clock, 1)
    const [gateway] = connections
    gateway?.pause()
    socket.send(Buffer.from('y'))
    // The ping is behind all that this turn sends.
    await new Promise(setImmediate)
    clock.advance(24_999)
    expect(seen.ends).toEqual([])
    clock.advance(1)
    expect(seen.ends).toEqual([{ kind: 'silent', detail: 'The gateway answered no ping for 25 s.' }])
    expect(seen.proofs).toEqual(['1 pong'])
    gateway?.resume()
    if (gateway) await once(gateway, 'close')
  })

  it('does not read while paused', async () => {
    let taken = 0
    const block = Buffer.alloc(1024 * 1024)
    const total = 64 * block.length
    const url = await wsGateway((viewer) => {
      const more = () => {
        if (taken >= total) return
        taken += block.length
        viewer.send(block, more)
      }
      more()
    })
    const { socket, seen, until } = open(url)
    await until(() => seen.received > 0)
    socket.pause()
    const held = seen.received
    // The gateway’s own socket fills and stays full. The kernel on both ends holds this much and no more.
    let before = -1
    await expect
      .poll(
        () => {
          const still = before === taken
          before = taken
          return still
        },
        { interval: 100 },
      )
      .toBe(true)
    expect(taken).toBeLessThan(total)
    expect(seen.received).toBe(held)
    socket.resume()
    await until(() => seen.received === total)
  })
})
