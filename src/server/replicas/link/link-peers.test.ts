import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import pino from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../../../e2e/lab/tools.ts'
import { type Clock, steadyClock } from '../../../shared/clock.ts'
import { ManualClock } from '../../../testing/clock.ts'
import { hideInternal } from '../replica.ts'
import { LinkPeers } from './link-peers.ts'
import { LinkServer } from './link-server.ts'
import { linkSecret } from './secret.ts'

const secret = linkSecret('a secret that all replicas share')
const log = pino({ enabled: false })

/** A replica with some routes, and somebody who asks it */
async function other(routes: (app: FastifyInstance) => void, clock: Clock = steadyClock) {
  const app = Fastify({ forceCloseConnections: true })
  hideInternal(app)
  routes(app)
  await app.ready()
  const connections: Socket[] = []
  const accept = (socket: Socket) => {
    connections.push(socket)
    app.server.emit('connection', socket)
  }
  const link = new LinkServer({ secret, log, clock: steadyClock, accept })
  const port = await freePort()
  await link.listen({ host: '127.0.0.1', port })
  const peers = new LinkPeers({ secret, clock, host: () => 'console.test', basePath: '/base' })
  onTestFinished(async () => {
    peers.close()
    await link.close()
    await app.close()
  })
  const peer = peers.peer({ id: 'b', address: { host: '127.0.0.1', port } })
  return { app, link, connections, peers, peer }
}

it('gets an answer, and asks again by the same connection', async () => {
  const { peer, connections, app } = await other((instance) => {
    const answer = (request: FastifyRequest, reply: FastifyReply) =>
      reply.header('x-host', request.headers.host).send('text')
    instance.get('/base/text', answer)
    instance.get('/internal/text', answer)
  })
  for (let times = 0; times < 3; times++) {
    const answer = await peer.get('/text')
    expect([answer?.status, answer?.header('x-host'), answer?.body.toString()]).toEqual([
      200,
      'console.test',
      'text',
    ])
  }
  expect(connections).toHaveLength(1)
  // Nobody else gets there.
  expect((await app.inject({ url: '/internal/text' })).statusCode).toBe(404)
})

it('asks anew where the connection was closed when it was used again', async () => {
  let asked = 0
  const { peer, connections } = await other((app) => {
    app.get('/base/x', (request, reply) => {
      asked++
      if (asked === 2) request.raw.socket.destroy()
      else void reply.send(String(asked))
    })
  })
  expect((await peer.get('/x'))?.body.toString()).toBe('1')
  expect((await peer.get('/x'))?.body.toString()).toBe('3')
  expect(connections).toHaveLength(2)
})

it('gives up one that does not answer, or is not there, or has too much to say', async () => {
  const clock = new ManualClock()
  let came = () => {}
  const arrival = new Promise<void>((resolve) => {
    came = resolve
  })
  const { peer, link } = await other((app) => {
    app.get('/base/silent', () => came())
    app.get('/base/much', (_request, reply) => reply.send(Buffer.alloc(17 * 1024 * 1024)))
  }, clock)
  const asked = peer.get('/silent')
  await arrival
  clock.advance(2_000)
  expect(await asked).toBeNull()
  expect(await peer.get('/much')).toBeNull()
  await link.close()
  expect(await peer.get('/silent')).toBeNull()
  expect(clock.pending).toBe(0)
})

it('has something done, and waits for that as long as it is told to', async () => {
  const clock = new ManualClock()
  let came = () => {}
  const arrival = new Promise<void>((resolve) => {
    came = resolve
  })
  const { peer } = await other((app) => {
    app.post('/base/internal/do', async (request, reply) =>
      reply.code(204).header('x-body', JSON.stringify(request.body)).send(),
    )
    app.post('/base/internal/slow', () => came())
  }, clock)
  const done = await peer.post('/internal/do', { line: 'Jergen' }, 8_000)
  expect([done?.status, done?.header('x-body')]).toEqual([204, '{"line":"Jergen"}'])
  const asked = peer.post('/internal/slow', {}, 8_000)
  await arrival
  let given = false
  void asked.then(() => {
    given = true
  })
  clock.advance(7_900)
  await new Promise((resolve) => setImmediate(resolve))
  expect(given).toBe(false)
  clock.advance(100)
  expect(await asked).toBeNull()
})

it('asks for what shall go', async () => {
  const { peer } = await other((app) => {
    app.delete('/base/known', (_request, reply) => reply.code(204).send())
  })
  expect(await peer.remove('/known')).toBe(204)
  expect(await peer.remove('/unknown')).toBe(404)
})

it('reads a body of any length, and keeps nobody waiting who reads slowly', async () => {
  const piece = Buffer.alloc(1024 * 1024, 'x')
  const { peer, link } = await other((app) => {
    app.get('/base/long', (_request, reply) =>
      reply.send(Readable.from(Array.from({ length: 20 }, () => piece))),
    )
    app.get('/base/short', (_request, reply) => reply.send('short'))
  })
  const bodies = await Promise.all(Array.from({ length: 10 }, () => peer.open('/long')))
  expect((await peer.get('/short'))?.body.toString()).toBe('short')
  const lengthOf = async (body: AsyncIterable<Buffer> | null | undefined) => {
    let length = 0
    for await (const bytes of body ?? []) length += bytes.length
    return length
  }
  expect(await lengthOf(bodies[0])).toBe(20 * piece.length)
  expect(await peer.open('/nothing')).toBeNull()
  await link.close()
  // Half of it must not look like all of it.
  await expect(lengthOf(bodies[1])).rejects.toThrow()
  expect(await peer.open('/long')).toBeNull()
})
