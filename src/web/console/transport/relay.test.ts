import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BEAT } from '../../../shared/beat.ts'
import { RelayMessage, ViewerMessage } from '../../../shared/relay-protocol.ts'
import { issuedConsole } from '../../../testing/web/fake-line.ts'
import { FakeSocket, stubBrowser } from '../../../testing/web/fake-socket.ts'
import { openRelay } from './relay.ts'
import type { Resume, TransportHandlers } from './transport.ts'

/** A socket to a relay */
class RelaySocket extends FakeSocket {
  static override latest: RelaySocket
  constructor(url: string, protocols: string[]) {
    super(url, protocols)
    RelaySocket.latest = this
  }
  says(message: RelayMessage) {
    this.onmessage({ data: JSON.stringify(RelayMessage.parse(message)) })
  }
  get messages() {
    return this.sent.flatMap((each) =>
      typeof each === 'string' ? [ViewerMessage.parse(JSON.parse(each))] : [],
    )
  }
}

const handlers = {
  onOpen: vi.fn<TransportHandlers['onOpen']>(),
  onBytes: vi.fn<TransportHandlers['onBytes']>(),
  onRelay: vi.fn<TransportHandlers['onRelay']>(),
  onSilent: vi.fn<TransportHandlers['onSilent']>(),
  onFailed: vi.fn<TransportHandlers['onFailed']>(),
}
const resume: Resume = {
  output: { session: 'session-1', offset: 7, began: 0, follows: null },
  input: { stream: 'stream-stream-stream', known: 3 },
  before: { stream: 'before-before-before', known: 1 },
  size: { columns: 80, rows: 24 },
}
const hello: Extract<RelayMessage, { type: 'hello' }> = {
  type: 'hello',
  session: 'session-1',
  offset: 10,
  replayFrom: 7,
  began: 0,
  ackBytes: 1_000,
  you: 'viewer-1',
  may: { write: true, record: false, end: false },
  line: 2,
  input: { next: 5, proved: 4, dropped: [], window: 16, isNew: false },
  before: { next: 2, proved: 2, dropped: [] },
}
const key = Uint8Array.of(0x61)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  vi.stubGlobal('performance', { timeOrigin: 0, now: () => Date.now() })
  stubBrowser()
  vi.stubGlobal('WebSocket', RelaySocket)
  for (const handler of Object.values(handlers)) handler.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function relay(output = resume.output) {
  const transport = openRelay(issuedConsole.relay, { ...resume, output }, handlers)
  const socket = RelaySocket.latest
  socket.opens()
  await vi.waitFor(() => expect(socket.sent).toHaveLength(1))
  return { transport, socket }
}

it('offers version 2, and says where both directions go on', async () => {
  const { socket } = await relay()
  expect(socket.protocols).toEqual(['bms-console.v2'])
  expect(socket.messages).toEqual([
    {
      type: 'resume',
      ticket: 'ticket',
      client: expect.stringMatching(/^[\w-]{16,64}$/),
      offset: 7,
      input: resume.input,
      before: resume.before,
      knows: ['times', 'marks'],
      size: resume.size,
    },
  ])
})

it('passes over messages that it does not know, since a newer relay may have additions', async () => {
  const { socket } = await relay()
  socket.says(hello)
  socket.saysText('{"type":"of-tomorrow","offset":"x"}')
  expect(handlers.onFailed).not.toHaveBeenCalled()
  socket.says({ type: 'times', now: 5, stretches: [[3, 4]] })
  expect(handlers.onRelay).toHaveBeenLastCalledWith({ type: 'times', now: 5, stretches: [[3, 4]] })
  socket.saysText('{"type":"gap","lostBytes":"x"}')
  expect(handlers.onFailed).toHaveBeenCalledWith(expect.objectContaining({ cause: 'protocol-error' }))
})

it('says how far it is in another session’s output, and in the one before that', async () => {
  const { socket } = await relay({ session: 'session-0', offset: 12, began: 9, follows: 'session-00' })
  expect(socket.messages[0]).toMatchObject({
    offset: null,
    earlier: [
      { session: 'session-0', offset: 12 },
      { session: 'session-00', offset: 9 },
    ],
  })
  socket.says({ ...hello, offset: 10, replayFrom: 10, began: 10, goesOnAt: 9, follows: 'session-0' })
  expect(handlers.onRelay).toHaveBeenCalledWith(
    expect.objectContaining({ type: 'joined', lostBytes: 1, began: 10, follows: 'session-0' }),
  )
  // What earlier sessions left does not show that this line speaks.
  socket.says({ type: 'state', gateway: 'open', line: 1 })
  expect(handlers.onOpen).toHaveBeenCalledWith(false, 1)
})

it('begins anew where the relay does not know what it had', async () => {
  const { socket } = await relay({ session: 'session-0', offset: 12, began: 0, follows: null })
  socket.says(hello)
  expect(handlers.onRelay).toHaveBeenCalledWith(expect.objectContaining({ lostBytes: null }))
})

it('answers each loss of the line, so that the relay knows for which line the next keys are', async () => {
  const { transport, socket } = await relay()
  socket.says(hello)
  transport.send(key)
  socket.says({ type: 'state', gateway: 'lost', failure: { cause: 'gateway-closed' }, retryInMs: 300 })
  transport.send(key)
  expect(socket.sent.slice(1)).toEqual([key, JSON.stringify({ type: 'heard' }), key])
})

it('sends no key before the relay has said at which number to begin', async () => {
  const { transport, socket } = await relay()
  expect(transport.send(key)).toBe(false)
  socket.says(hello)
  expect(handlers.onRelay).toHaveBeenCalledWith(
    expect.objectContaining({
      type: 'joined',
      line: 2,
      input: hello.input,
      before: hello.before,
      lostBytes: 0,
    }),
  )
  expect(transport.send(key)).toBe(true)
  expect(socket.sent.at(-1)).toEqual(key)
  socket.onclose({ code: 1006, reason: '' })
  expect(transport.send(key)).toBe(false)
})

it('passes on receipts, and the number of the line that opened', async () => {
  const { socket } = await relay()
  socket.says(hello)
  socket.says({ type: 'taken', upTo: 5, proof: 'pong' })
  expect(handlers.onRelay).toHaveBeenCalledWith(expect.objectContaining({ type: 'taken', upTo: 5 }))
  const dropped = { type: 'dropped', from: 5, to: 6, why: 'line-down', fate: 'never-sent' } as const
  socket.says(dropped)
  expect(handlers.onRelay).toHaveBeenCalledWith(dropped)
  socket.says({ type: 'state', gateway: 'open', line: 3 })
  expect(handlers.onOpen).toHaveBeenCalledWith(true, 3)
})

it('knows of what the relay never saw, when it closes, that it was not sent', async () => {
  const { transport, socket } = await relay()
  socket.says(hello)
  transport.send(Uint8Array.of(1, 2, 3))
  handlers.onRelay.mockClear()
  socket.says({ type: 'closing', failure: { cause: 'line-moved' }, input: 6 })
  const dropped = { type: 'dropped', from: 6, to: 8, why: 'line-lost', fate: 'never-sent' }
  expect(handlers.onRelay.mock.calls).toEqual([[dropped]])
  expect(handlers.onFailed.mock.calls).toEqual([[{ cause: 'line-moved' }]])
  expect(transport.send(key)).toBe(false)
})

it.each([
  ['all of it', 8],
  ['nobody knows what', undefined],
])('tells of nothing where the relay saw %s when it closes', async (_, input) => {
  const { transport, socket } = await relay()
  socket.says(hello)
  transport.send(Uint8Array.of(1, 2, 3))
  handlers.onRelay.mockClear()
  socket.says({ type: 'closing', failure: { cause: 'line-moved' }, input })
  expect(handlers.onRelay).not.toHaveBeenCalled()
  expect(handlers.onFailed).toHaveBeenCalledOnce()
})

it('gives the terminal’s own answers apart from keys, and no longer than the relay takes', async () => {
  const { transport, socket } = await relay()
  transport.answer('\x1b[1;7R')
  transport.answer('x'.repeat(300))
  expect(socket.messages.slice(1)).toEqual([
    { type: 'answer', text: '\x1b[1;7R' },
    { type: 'answer', text: 'x'.repeat(256) },
  ])
})

it('answers each beat, and gives a silent relay up', async () => {
  const { socket } = await relay()
  await vi.advanceTimersByTimeAsync(10_000)
  socket.onmessage({ data: BEAT })
  expect(socket.sent.at(-1)).toBe(BEAT)
  await vi.advanceTimersByTimeAsync(13_000)
  expect(handlers.onSilent).toHaveBeenCalledOnce()
  socket.says(hello)
  expect(handlers.onSilent).toHaveBeenLastCalledWith(null)
  await vi.advanceTimersByTimeAsync(31_000)
  expect(handlers.onFailed.mock.calls).toEqual([
    [{ cause: 'relay-silent', detail: 'Nothing came for 30 s.' }],
  ])
})

it('of a computer that is offline says that', async () => {
  await relay()
  vi.stubGlobal('navigator', { onLine: false })
  await vi.advanceTimersByTimeAsync(31_000)
  expect(handlers.onFailed.mock.calls).toEqual([[{ cause: 'network-lost' }]])
})

it('tells the size of its terminal to a relay that knows of sizes, once for each', async () => {
  const { transport, socket } = await relay()
  transport.resized({ columns: 90, rows: 30 })
  socket.says(hello)
  transport.resized({ columns: 100, rows: 31 })
  expect(socket.messages.filter(({ type }) => type === 'size')).toEqual([])
  socket.says({ ...hello, size: { columns: 132, rows: 43 } })
  expect(handlers.onRelay).toHaveBeenLastCalledWith({ type: 'size', size: { columns: 132, rows: 43 } })
  transport.resized({ columns: 80, rows: 24 })
  transport.resized({ columns: 100, rows: 31 })
  transport.resized({ columns: 100, rows: 31 })
  expect(socket.messages.slice(1)).toEqual([{ type: 'size', columns: 100, rows: 31 }])
})
