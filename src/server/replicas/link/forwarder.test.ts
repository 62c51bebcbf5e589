import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance } from 'fastify'
import pino from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { freePort } from '../../../../e2e/lab/tools.ts'
import { steadyClock } from '../../../shared/clock.ts'
import type { HostPort } from '../../environment.ts'
import { Forwarder, NOT_OWNER } from './forwarder.ts'
import { LinkError } from './link-error.ts'
import { isFromReplica, LinkServer } from './link-server.ts'
import { linkSecret } from './secret.ts'

const secret = linkSecret('a secret that all replicas share')
const log = pino({ enabled: false })

/** Two servers: what comes to the first one is forwarded to the second, which has `routes`. */
async function pair(routes: (owner: FastifyInstance) => void) {
  const owner = Fastify({ forceCloseConnections: true })
  await owner.register(websocket)
  await owner.register(async (instance) => routes(instance))
  await owner.ready()
  const address: HostPort = { host: '127.0.0.1', port: await freePort() }
  const accept = (socket: Socket) => void owner.server.emit('connection', socket)
  const link = new LinkServer({ secret, log, clock: steadyClock, accept })
  await link.listen(address)
  const forwarder = new Forwarder({ secret, clock: steadyClock, self: 'a' })
  const front = Fastify({
    forceCloseConnections: true,
    rewriteUrl: ({ url = '/' }) => url.replace('/base', ''),
  })
  forwarder.watchUpgrades(front.server)
  await front.register(websocket, { preClose: async () => forwarder.drain() })
  const faults: string[] = []
  front.setErrorHandler((error, _request, reply) => {
    faults.push(error instanceof LinkError ? error.fault : 'other')
    return reply.code(503).send('failed')
  })
  await front.register(async (instance) => {
    instance.all('/api', (request, reply) => forwarder.request(request, reply, address))
    instance.get(
      '/ws',
      {
        websocket: true,
        async preHandler(request, reply) {
          await forwarder.upgrade(request, reply, address)
          return reply
        },
      },
      () => {
        throw new Error('it was accepted here')
      },
    )
  })
  const origin = await front.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(async () => {
    await Promise.all([front.close(), link.close()])
    await owner.close()
  })
  return { origin, address, forwarder, front, link, faults }
}

function socketTo(origin: string): WebSocket {
  const headers = { 'x-forwarded-for': '192.0.2.1' }
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws`, { headers })
  // One that is cut has an error, too.
  socket.on('error', () => {})
  onTestFinished(() => socket.terminate())
  return socket
}

async function opened(origin: string): Promise<WebSocket> {
  const socket = socketTo(origin)
  await once(socket, 'open')
  return socket
}

describe('a forwarded request', () => {
  it('comes as the client sent it, and its answer goes back as it is', async () => {
    const { origin } = await pair((owner) => {
      owner.all('/base/api', (request, reply) => {
        reply.header('set-cookie', ['a=1', 'b=2']).header('x-own', 'yes').code(201)
        const { method, body, headers, socket, id } = request
        return reply.send({
          method,
          body,
          headers,
          from: socket.remoteAddress,
          id,
          replica: isFromReplica(request),
        })
      })
    })
    const body = JSON.stringify({ text: 'ä'.repeat(20_000) })
    const answer = await fetch(`${origin}/base/api?q=1`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', cookie: 'c=3', origin: 'https://console.test' },
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(answer.headers.get('x-own')).toBe('yes')
    expect(await answer.json()).toMatchObject({
      method: 'POST',
      body: JSON.parse(body),
      headers: {
        cookie: 'c=3',
        origin: 'https://console.test',
        host: new URL(origin).host,
        'x-request-id': 'req-1',
      },
      from: '127.0.0.1',
      replica: true,
    })
  })

  it('may have no body', async () => {
    const { origin } = await pair((owner) => {
      owner.delete('/api', async (request) => ({
        body: request.body ?? 'none',
        replica: isFromReplica(request),
      }))
    })
    const answer = await fetch(`${origin}/api`, { method: 'DELETE' })
    expect(await answer.json()).toEqual({ body: 'none', replica: true })
  })

  it('is not a replica’s own where a client sends it', async () => {
    const app = Fastify()
    app.get('/', async (request) => ({ replica: isFromReplica(request) }))
    onTestFinished(() => app.close())
    const origin = await app.listen({ host: '127.0.0.1', port: 0 })
    const answer = await fetch(origin, { headers: { [NOT_OWNER]: '1' } })
    expect(await answer.json()).toEqual({ replica: false })
  })

  it('fails as unreachable where nobody listens', async () => {
    const { origin, link, faults } = await pair(() => {})
    await link.close()
    expect((await fetch(`${origin}/api`)).status).toBe(503)
    expect(faults).toEqual(['unreachable'])
  })

  it('fails as cut where the other replica ends in the middle of it', async () => {
    const { origin, faults } = await pair((owner) => {
      owner.get('/api', (request) => void request.socket.destroy())
    })
    expect((await fetch(`${origin}/api`)).status).toBe(503)
    expect(faults).toEqual(['cut'])
  })

  it('fails as no owner’s where the other says so, and its answer is not shown', async () => {
    const { origin, faults } = await pair((owner) => {
      owner.get('/api', (_request, reply) => reply.header(NOT_OWNER, '1').code(421).send({}))
    })
    expect((await fetch(`${origin}/api`)).status).toBe(503)
    expect(faults).toEqual(['not-owner'])
  })

  it('ends at the other replica when the client leaves', async () => {
    let came = () => {}
    const arrival = new Promise<void>((resolve) => {
      came = resolve
    })
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const { origin } = await pair((owner) => {
      owner.get('/api', (request) => {
        request.socket.once('close', end)
        came()
      })
    })
    const leaving = new AbortController()
    const asked = fetch(`${origin}/api`, { signal: leaving.signal })
    await arrival
    leaving.abort()
    await expect(asked).rejects.toThrow()
    await ended
  })
})

describe('a forwarded WebSocket', () => {
  const echo = (owner: FastifyInstance) => {
    owner.get('/ws', { websocket: true }, (socket, request) => {
      socket.send(
        JSON.stringify({ from: request.headers['x-forwarded-for'], replica: isFromReplica(request) }),
      )
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
    })
  }

  it('is accepted by the other replica alone, and passes all both ways', async () => {
    const { origin, forwarder } = await pair(echo)
    const socket = socketTo(origin)
    const [hello] = await once(socket, 'message')
    expect(JSON.parse(String(hello))).toEqual({ from: '192.0.2.1', replica: true })
    expect(forwarder.spliced).toBe(1)
    const sent = Buffer.alloc(8 * 1024 * 1024, 'keys and output')
    socket.send(sent)
    const [back] = await once(socket, 'message')
    expect(sent.equals(back as Buffer)).toBe(true)
    socket.close(1000)
    const [code] = await once(socket, 'close')
    expect(code).toBe(1000)
    await expect.poll(() => forwarder.spliced).toBe(0)
  })

  it('loses no byte that came with the handshake', async () => {
    const { origin } = await pair(echo)
    const { hostname, port, host } = new URL(origin)
    const socket = connect(Number(port), hostname)
    onTestFinished(() => void socket.destroy())
    const lines = [
      'GET /ws HTTP/1.1',
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
    ]
    // A text frame follows in the same packet. Its mask is zero.
    const frame = Buffer.concat([Buffer.from('818200000000', 'hex'), Buffer.from('hi')])
    socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), frame]))
    let said = ''
    while (!said.includes('\x81\x02hi')) said += (await once(socket, 'data'))[0].toString('latin1')
    expect(said).toMatch(/^HTTP\/1.1 101 /)
  })

  it('shows a refusal of the other replica', async () => {
    const { origin } = await pair((owner) => {
      owner.get(
        '/ws',
        { websocket: true, preValidation: async (_request, reply) => reply.code(403).send('no') },
        () => {},
      )
    })
    const socket = socketTo(origin)
    const [error] = await once(socket, 'error')
    expect(String(error)).toContain('403')
  })

  it('ends when the other replica dies, and the other way round', async () => {
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const { origin, link } = await pair((owner) => {
      owner.get('/ws', { websocket: true }, (socket) => {
        socket.on('close', end)
      })
    })
    const [one, two] = [await opened(origin), await opened(origin)]
    one.terminate()
    await ended
    const closed = once(two, 'close')
    await link.close()
    expect((await closed)[0]).toBe(1006)
  })

  it('is cut by a replica that ends, so that the page comes back by another', async () => {
    const { origin, front } = await pair(echo)
    const socket = await opened(origin)
    const closed = once(socket, 'close')
    await front.close()
    await closed
  })

  it('is cut where its replica is gone, and no other', async () => {
    const { origin, forwarder, address } = await pair(echo)
    const socket = await opened(origin)
    forwarder.cut(({ port }) => port !== address.port)
    expect(forwarder.spliced).toBe(1)
    const closed = once(socket, 'close')
    forwarder.cut(({ port }) => port === address.port)
    await closed
    expect(forwarder.spliced).toBe(0)
  })

  it('holds up a sender whose reader does not read', async () => {
    const piece = Buffer.alloc(64 * 1024)
    let sent = 0
    const { origin } = await pair((owner) => {
      owner.get('/ws', { websocket: true }, (socket) => {
        const more = () => {
          sent += piece.length
          socket.send(piece, () => sent < 64 * 1024 * 1024 && more())
        }
        more()
      })
    })
    const reader = await opened(origin)
    reader.pause()
    // It stands still before all has been sent, and goes on when it is read.
    await expect.poll(() => still(() => sent), { timeout: 10_000 }).toBe(true)
    expect(sent).toBeLessThan(48 * 1024 * 1024)
    reader.resume()
    await expect.poll(() => sent, { timeout: 10_000 }).toBe(64 * 1024 * 1024)
  })
})

/** Whether a figure has stood still for a while */
async function still(figure: () => number): Promise<boolean> {
  const before = figure()
  await new Promise((resolve) => setTimeout(resolve, 200))
  return before > 0 && figure() === before
}
