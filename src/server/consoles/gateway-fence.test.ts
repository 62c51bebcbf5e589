import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { WebSocket, WebSocketServer } from 'ws'
import { ManualClock } from '../../testing/clock.ts'
import { addressOf, listeningGateway } from '../../testing/gateway.ts'
import { Dialler } from '../outbound/dialler.ts'
import { GatewaySocket } from './gateway-socket.ts'

/** A lease that ends when the test says so. */
class TestLease {
  #lost = false
  asked = 0
  onAsked: () => void = () => {}
  get good(): boolean {
    this.asked += 1
    this.onAsked()
    return !this.#lost
  }
  lose = () => {
    this.#lost = true
  }
}

function open(url: string, lease: TestLease) {
  const clock = new ManualClock()
  const seen = { opened: 0, ended: 0, fenced: 0, bytes: 0 }
  const socket = new GatewaySocket(
    url,
    {
      onOpen: () => void seen.opened++,
      onBytes: (bytes) => {
        seen.bytes += bytes.length
      },
      onWritten() {},
      onProved() {},
      onEnd: () => void seen.ended++,
      onFenced: () => void seen.fenced++,
    },
    new Dialler(),
    { clock, lease },
  )
  onTestFinished(() => void socket.close())
  return { socket, seen, clock }
}

async function websockets() {
  const server: WebSocketServer = await listeningGateway()
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  const connected = once(server, 'connection') as Promise<[WebSocket]>
  const messages: string[] = []
  const ends: number[] = []
  void connected.then(([gateway]) => {
    gateway.on('message', (data: Buffer) => void messages.push(data.toString()))
    gateway.on('ping', (data: Buffer) => void messages.push(`ping ${data.toString()}`))
    gateway.on('pong', () => void messages.push('pong'))
    gateway.on('close', (code) => void ends.push(code))
    gateway.on('error', () => {})
  })
  return { url: `ws://${addressOf(server)}/`, connected, messages, ends }
}

/** A gateway that keeps the very bytes that reach it, and answers nothing. */
async function listener() {
  let heard = ''
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      heard += data.toString()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('It has a port.')
  return { url: `ws://127.0.0.1:${address.port}/`, heard: () => heard, server }
}

describe('a gateway socket whose lease has ended', () => {
  it('types nothing, says no goodbye, and is cut at once', async () => {
    const { url, connected, messages, ends } = await websockets()
    const lease = new TestLease()
    const { socket, seen } = open(url, lease)
    await connected
    await expect.poll(() => seen.opened).toBe(1)
    socket.send(Buffer.from('ls'))
    await expect.poll(() => messages).toContain('ls')
    lease.lose()
    socket.send(Buffer.from(' -l'))
    expect(seen).toMatchObject({ fenced: 1, ended: 0 })
    socket.send(Buffer.from('\r'))
    await socket.close()
    // No close frame came.
    await expect.poll(() => ends).toEqual([1006])
    expect(messages.join()).not.toContain('-l')
    expect(seen).toMatchObject({ fenced: 1, ended: 0 })
  })

  it.each([
    { what: 'answers no ping', does: (gateway: WebSocket) => gateway.ping() },
    { what: 'answers no close', does: (gateway: WebSocket) => gateway.close(1000) },
  ])('$what', async ({ does }) => {
    const { url, connected, messages, ends } = await websockets()
    const lease = new TestLease()
    const { seen } = open(url, lease)
    const [gateway] = await connected
    await expect.poll(() => seen.opened).toBe(1)
    lease.lose()
    does(gateway)
    await expect.poll(() => ends).toEqual([1006])
    expect(messages).not.toContain('pong')
  })

  it('sends no ping', async () => {
    const { url, connected, messages, ends } = await websockets()
    const lease = new TestLease()
    const { seen, clock } = open(url, lease)
    await connected
    await expect.poll(() => messages).toEqual(['ping 0'])
    lease.lose()
    clock.advance(60_000)
    await expect.poll(() => ends).toEqual([1006])
    expect(messages).toEqual(['ping 0'])
    expect(seen.fenced).toBe(1)
  })

  it('says no goodbye when it is closed', async () => {
    const { url, connected, ends } = await websockets()
    const lease = new TestLease()
    const { socket, seen } = open(url, lease)
    await connected
    await expect.poll(() => seen.opened).toBe(1)
    lease.lose()
    await socket.close()
    await expect.poll(() => ends).toEqual([1006])
    expect(seen).toMatchObject({ fenced: 0, ended: 0 })
  })

  it('asks for no WebSocket where it ended on the way to the gateway', async () => {
    const { url, heard, server } = await listener()
    const lease = new TestLease()
    const { seen } = open(url, lease)
    lease.lose()
    const [connection] = (await once(server, 'connection')) as [Socket]
    await expect.poll(() => seen.fenced).toBe(1)
    await expect.poll(() => connection.destroyed).toBe(true)
    expect(heard()).toBe('')
  })

  it('does not let out what waits for a gateway that reads slowly', async () => {
    const { url, connected, ends } = await websockets()
    const lease = new TestLease()
    const { socket, seen } = open(url, lease)
    const [gateway] = await connected
    await expect.poll(() => seen.opened).toBe(1)
    let taken = 0
    gateway.on('message', (data: Buffer) => {
      taken += data.length
    })
    gateway.pause()
    // More than the kernel takes
    const sent = 32 * 1024 * 1024
    for (let n = 0; n < 32; n++) socket.send(Buffer.alloc(sent / 32))
    lease.lose()
    const closed = socket.close()
    gateway.resume()
    await closed
    await expect.poll(() => ends).toEqual([1006])
    expect(taken).toBeLessThan(sent)
  })

  it('is asked again for each write', async () => {
    const { url, connected } = await websockets()
    const lease = new TestLease()
    const { socket, seen } = open(url, lease)
    await connected
    await expect.poll(() => seen.opened).toBe(1)
    const before = lease.asked
    for (let n = 0; n < 10; n++) socket.send(Buffer.from('x'))
    expect(lease.asked).toBe(before + 10)
  })

  it('may be closed by whoever hears of the end, in the middle of a write', async () => {
    const { url, connected, messages, ends } = await websockets()
    const lease = new TestLease()
    const { socket, seen } = open(url, lease)
    await connected
    await expect.poll(() => seen.opened).toBe(1)
    lease.onAsked = () => {
      lease.onAsked = () => {}
      lease.lose()
      void socket.close()
    }
    socket.send(Buffer.from('late'))
    await expect.poll(() => ends).toEqual([1006])
    expect(messages).not.toContain('late')
    expect(seen).toMatchObject({ fenced: 0, ended: 0 })
  })
})

describe('the close of a gateway socket', () => {
  it('is over when its connection is: the next one finds the port free', async () => {
    const { url, connected, ends } = await websockets()
    const { socket, seen } = open(url, new TestLease())
    const [gateway] = await connected
    await expect.poll(() => seen.opened).toBe(1)
    gateway.pause()
    let closed = false
    const closing = socket.close().then(() => {
      closed = true
    })
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    expect(closed).toBe(false)
    gateway.resume()
    await closing
    await expect.poll(() => ends).toEqual([1000])
  })

  it('is over at once where there is no connection', async () => {
    const { url, server } = await listener()
    server.close()
    const { socket, seen } = open(url, new TestLease())
    await expect.poll(() => seen.ended).toBe(1)
    await socket.close()
  })
})
