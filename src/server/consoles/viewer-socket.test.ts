import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { BEAT } from '../../shared/beat.ts'
import { RelayMessage } from '../../shared/relay-protocol.ts'
import { ManualClock } from '../../testing/clock.ts'
import { resumeWith } from '../../testing/resume.ts'
import type { AttachedViewer } from './viewer-port.ts'
import { ViewerSocket, type ViewerSocketOptions } from './viewer-socket.ts'

const resume = resumeWith('ticket', 'client-client-cl')

/** Both ends of a viewer's connection. The clock stands still until the test turns it. */
async function connect(join?: ViewerSocketOptions['join']) {
  const clock = new ManualClock()
  const attached = {
    input: vi.fn<AttachedViewer['input']>(),
    message: vi.fn<AttachedViewer['message']>(),
    left: vi.fn<AttachedViewer['left']>(),
  }
  const joining = vi.fn(join ?? (() => attached))
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong: false })
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  const accepted = new Promise<{ viewer: ViewerSocket; served: WebSocket }>((resolve) => {
    server.on('connection', (served, { socket: wire }) => {
      const log = pino({ level: 'silent' })
      resolve({ viewer: new ViewerSocket(served, { wire, log, clock, signIn: null, join: joining }), served })
    })
  })
  const page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  onTestFinished(() => page.terminate())
  const messages: RelayMessage[] = []
  page.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) messages.push(RelayMessage.parse(JSON.parse(data.toString())))
  })
  const closed = once(page, 'close')
  /** What comes to the page, as the network brings it */
  const pieces: Buffer[] = []
  page.once('upgrade', ({ socket }) => void socket.on('data', (piece: Buffer) => void pieces.push(piece)))
  await once(page, 'open')
  /** Sends `resume` and waits until the viewer has joined. */
  const enter = async () => {
    say(page, resume)
    await soon(() => expect(joining).toHaveBeenCalled())
  }
  return { clock, page, pieces, messages, attached, closed, enter, ...(await accepted) }
}

const say = (page: WebSocket, message: unknown) => page.send(JSON.stringify(message))
const soon = (check: () => void) => vi.waitFor(check, { interval: 5, timeout: 15_000 })

describe('a viewer’s socket', () => {
  it('passes on whole what comes in fragments', async () => {
    const { page, attached, enter } = await connect()
    await enter()
    const typed = () => attached.input.mock.calls.map(([bytes]) => bytes.toString())
    page.send(Buffer.from('who'), { binary: true, fin: false })
    page.send(Buffer.from('ami'), { binary: true, fin: true })
    page.send(Buffer.alloc(0), { binary: true })
    page.send(Buffer.from('x'), { binary: true })
    await soon(() => expect(typed()).toEqual(['whoami', '', 'x']))
  })

  it('passes keystrokes and messages on, once the viewer has joined', async () => {
    const { page, attached } = await connect()
    say(page, resume)
    page.send(Buffer.from('ls\r'))
    say(page, { type: 'ack', offset: 4 })
    await soon(() => expect(attached.message).toHaveBeenCalledWith({ type: 'ack', offset: 4 }))
    expect(attached.input.mock.calls.map(([bytes]) => bytes.toString())).toEqual(['ls\r'])
  })

  it('refuses a page that sends no ticket in time', async () => {
    const { clock, messages, closed } = await connect()
    clock.advance(4_999)
    expect(messages).toEqual([])
    clock.advance(1)
    await closed
    expect(messages).toEqual([
      {
        type: 'closing',
        failure: { cause: 'ticket-refused', detail: 'The page sent no ticket in time.' },
      },
    ])
  })

  it('lets a viewer that has joined take its time', async () => {
    const { clock, page, messages, enter } = await connect()
    await enter()
    clock.advance(9_999)
    expect(page.readyState).toBe(WebSocket.OPEN)
    expect(messages).toEqual([])
  })

  it.each([
    ['keys before “resume”', (page: WebSocket) => page.send(Buffer.from('x')), /sent input before/],
    ['an unknown message', (page: WebSocket) => say(page, { type: 'reboot' }), /does not know/],
    ['no JSON', (page: WebSocket) => page.send('{'), /does not know/],
    [
      'a second “resume”',
      (page: WebSocket) => {
        say(page, resume)
        say(page, resume)
      },
      /twice/,
    ],
  ])('refuses %s', async (_, misbehave, detail) => {
    const { page, messages, closed } = await connect()
    misbehave(page)
    await closed
    expect(messages.at(-1)).toMatchObject({ type: 'closing', failure: { cause: 'protocol-error' } })
    expect(JSON.stringify(messages.at(-1))).toMatch(detail)
  })

  it('sends the reason to a viewer that may not join', async () => {
    const { page, messages, closed } = await connect(() => ({ cause: 'viewer-limit' }))
    say(page, resume)
    await closed
    expect(messages).toEqual([{ type: 'closing', failure: { cause: 'viewer-limit' } }])
  })

  it('beats, and ends a viewer from which nothing came for 30 s', async () => {
    const { clock, attached, messages, viewer, enter } = await connect()
    await enter()
    clock.advance(10_000)
    await soon(() => expect(messages).toEqual([{ type: 'beat' }]))
    clock.advance(19_999)
    expect(attached.left).not.toHaveBeenCalled()
    clock.advance(1)
    await viewer.closed
    expect(attached.left).toHaveBeenCalledExactlyOnceWith()
  })

  it('keeps a viewer that answers its beats, and counts none of them as a request', async () => {
    const { clock, page, attached, messages, enter } = await connect()
    await enter()
    page.on('message', (data: Buffer) => {
      if (data.toString() === BEAT) page.send(BEAT)
    })
    for (let count = 1; count <= 100; count += 1) {
      clock.advance(10_000)
      await soon(() => expect(messages).toHaveLength(count))
      // The answer was sent before this comes back.
      const pong = once(page, 'pong')
      page.ping()
      await pong
    }
    expect(page.readyState).toBe(WebSocket.OPEN)
    expect(attached.message).not.toHaveBeenCalled()
  })

  it('takes anything that a viewer sends for a sign of life, but not what it has not read', async () => {
    const { clock, page, attached, enter } = await connect()
    await enter()
    for (let count = 1; count <= 5; count += 1) {
      clock.advance(20_000)
      page.send(Buffer.from('x'))
      await soon(() => expect(attached.input).toHaveBeenCalledTimes(count))
    }
    expect(page.readyState).toBe(WebSocket.OPEN)
  })

  it('does not blame a viewer for the time in which this process stood still', async () => {
    const { clock, page, enter } = await connect()
    await enter()
    clock.stall(120_000)
    clock.advance(29_999)
    const pong = once(page, 'pong')
    page.ping()
    await pong
    expect(page.readyState).toBe(WebSocket.OPEN)
  })

  it('answers pings', async () => {
    const { page } = await connect()
    const pong = once(page, 'pong')
    page.ping('there?')
    expect(String((await pong)[0])).toBe('there?')
  })

  it('reads frames that come too fast more slowly, and loses none', async () => {
    const { clock, page, attached, served, enter } = await connect()
    await enter()
    const sent = 30_000
    for (let count = 0; count < sent; count++) page.send(Buffer.alloc(0))
    await soon(() => expect(served.isPaused).toBe(true))
    // The burst, and what was read before it was counted.
    const first = attached.input.mock.calls.length
    expect(first).toBeGreaterThanOrEqual(1_000)
    expect(first).toBeLessThan(25_000)
    await soon(() => {
      clock.advance(1_000)
      expect(attached.input).toHaveBeenCalledTimes(sent)
    })
  })

  it('reads a viewer that acknowledges what it gets at any pace', async () => {
    const { page, attached, viewer, enter } = await connect()
    await enter()
    for (let offset = 0; offset < 5_000; offset++) {
      viewer.send(Buffer.of(0), () => {})
      say(page, { type: 'ack', offset })
      if (offset % 100 === 0) await soon(() => expect(attached.message).toHaveBeenCalledTimes(offset + 1))
    }
    await soon(() => expect(attached.message).toHaveBeenCalledTimes(5_000))
  })

  it('closes a viewer that asks for more than a person can, and says when to come back', async () => {
    const { page, attached, messages, closed, enter } = await connect()
    await enter()
    for (let count = 0; count < 8_000; count++) {
      say(page, { type: 'take' })
      say(page, { type: 'release' })
    }
    await closed
    expect(attached.message.mock.calls.length).toBeLessThanOrEqual(30)
    expect(messages.at(-1)).toMatchObject({
      type: 'closing',
      failure: { cause: 'too-many-requests', retryAfter: 10 },
    })
    expect(attached.left).toHaveBeenCalledWith('too-many-requests')
  })

  it('cuts a viewer that goes on after our close as if nothing had been', async () => {
    const { page, viewer, enter } = await connect()
    await enter()
    page.pause()
    viewer.close()
    for (let count = 0; count < 20_000; count++) page.send(Buffer.alloc(0))
    // The clock stands still: it is not cut for its silence.
    await viewer.closed
  })

  it('refuses a message of a length that no page sends', async () => {
    const { page, messages, closed } = await connect()
    say(page, { ...resume, ticket: 'x'.repeat(8 * 1024) })
    await closed
    expect(messages.at(-1)).toMatchObject({ failure: { cause: 'protocol-error' } })
  })

  it('keeps little for a viewer that reads nothing, whatever it is told and asked', async () => {
    const { page, viewer, messages, enter } = await connect()
    await enter()
    page.pause()
    // The kernel takes some before anything waits.
    while (viewer.bufferedBytes === 0) {
      viewer.send(Buffer.alloc(64 * 1024), () => {})
      await new Promise(setImmediate)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    const before = viewer.bufferedBytes
    for (let count = 0; count < 10_000; count++) {
      viewer.notify({ type: 'viewers', viewers: [] })
      viewer.notify({ type: 'taken', upTo: count, proof: 'pong' })
      const range = { from: 10_000 + count, to: 10_001 + count }
      viewer.notify({ type: 'dropped', ...range, why: 'not-writer', fate: 'never-sent' })
      viewer.notify({ type: 'recording', on: count % 2 === 0, mayChange: true })
      viewer.notify({ type: 'warning', limit: 'idle-limit', endsInMs: count })
      page.ping()
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(viewer.bufferedBytes - before).toBeLessThan(1_024)
    // The newest of each comes once it reads again.
    page.resume()
    await soon(() =>
      expect(messages.at(-1)).toEqual({ type: 'warning', limit: 'idle-limit', endsInMs: 9_999 }),
    )
    expect(messages.findLast(({ type }) => type === 'recording')).toMatchObject({ on: false })
    expect(messages.filter(({ type }) => type === 'taken' || type === 'dropped')).toEqual([
      { type: 'dropped', from: 10_000, to: 10_001, why: 'not-writer', fate: 'never-sent' },
      { type: 'taken', upTo: 0, proof: 'pong' },
      { type: 'dropped', from: 10_001, to: 20_000, why: 'not-writer', fate: 'never-sent' },
      { type: 'taken', upTo: 9_999, proof: 'pong' },
    ])
    expect(messages).toHaveLength(10)
  })

  it('sends a receipt in one piece with the echo that comes in the same turn, whichever is first', async () => {
    const { viewer, enter, pieces } = await connect()
    await enter()
    const echo = Buffer.from('x')
    viewer.send(echo, () => {})
    viewer.notify({ type: 'taken', upTo: 1, proof: 'pong' })
    await soon(() => expect(pieces).toHaveLength(1))
    viewer.notify({ type: 'taken', upTo: 2, proof: 'pong' })
    viewer.send(echo, () => {})
    await soon(() => expect(pieces).toHaveLength(2))
    for (const [index, piece] of pieces.entries()) {
      expect(piece.toString()).toContain('x')
      expect(piece.toString()).toContain(`"upTo":${index + 1}`)
    }
  })

  it('sends a receipt before what ends the connection', async () => {
    const { viewer, messages, enter, closed } = await connect()
    await enter()
    viewer.notify({ type: 'taken', upTo: 1, proof: 'pong' })
    viewer.refuse({ cause: 'viewer-limit' })
    await closed
    expect(messages.map(({ type }) => type)).toEqual(['taken', 'closing'])
  })

  it('cuts a viewer that does not answer our close', async () => {
    const { clock, page, viewer } = await connect()
    page.pause()
    viewer.close()
    let gone = false
    void viewer.closed.then(() => {
      gone = true
    })
    clock.advance(1_999)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(gone).toBe(false)
    clock.advance(1)
    await viewer.closed
  })
})
