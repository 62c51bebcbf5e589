import { afterEach, expect, it, vi } from 'vitest'
import { FakeSocket, stubBrowser } from '../../../testing/web/fake-socket.ts'
import { openLineSocket } from './line-socket.ts'

class FakeWorker {
  static latest: FakeWorker
  readonly told: unknown[] = []
  ended = false
  onerror = () => {}
  onmessage = (_: { data: unknown }) => {}
  constructor() {
    FakeWorker.latest = this
  }
  postMessage(message: unknown) {
    this.told.push(message)
  }
  terminate() {
    this.ended = true
  }
}

afterEach(() => vi.unstubAllGlobals())

function open(worker: unknown = FakeWorker) {
  stubBrowser()
  vi.stubGlobal('Worker', worker)
  const handlers = {
    onOpen: vi.fn(),
    onText: vi.fn(),
    onBytes: vi.fn(),
    onSilent: vi.fn(),
    onClosed: vi.fn(),
  }
  const address = { url: 'ws://gateway.test/', protocols: [], beats: false }
  const socket = openLineSocket(address, handlers)
  return { ...handlers, address, socket, worker: FakeWorker.latest }
}

it('ends where the worker failed in a way that nobody foresaw', () => {
  const { worker, onClosed, address } = open()
  worker.onmessage({ data: { type: 'ready' } })
  expect(worker.told).toEqual([{ type: 'open', address }])
  worker.onerror()
  worker.onerror()
  const end = { opened: false, code: 1006, reason: 'The thread that reads the line failed.', why: 'closed' }
  expect(onClosed.mock.calls).toEqual([[end]])
  expect(worker.ended).toBe(true)
  expect(FakeSocket.made).toBe(0)
})

it('tells whether the line was open then', () => {
  const { worker, onClosed } = open()
  worker.onmessage({ data: { type: 'ready' } })
  worker.onmessage({ data: { type: 'opened' } })
  worker.onerror()
  expect(onClosed).toHaveBeenCalledWith(expect.objectContaining({ opened: true }))
})

it('is read by the page where the worker’s script did not load', async () => {
  const { worker, onClosed, onOpen } = open()
  worker.onerror()
  await vi.dynamicImportSettled()
  FakeSocket.latest.opens()
  expect(onOpen).toHaveBeenCalledOnce()
  expect(onClosed).not.toHaveBeenCalled()
})

it('is read by the page where the browser starts no worker', async () => {
  class NoWorker {
    constructor() {
      throw new DOMException('', 'SecurityError')
    }
  }
  const { socket, onOpen } = open(NoWorker)
  await vi.dynamicImportSettled()
  FakeSocket.latest.opens()
  expect(onOpen).toHaveBeenCalledOnce()
  socket.sendText('{}')
  expect(FakeSocket.latest.sent).toEqual(['{}'])
})

it('does not open behind its end', async () => {
  const { worker, socket } = open()
  worker.onerror()
  socket.close()
  await vi.dynamicImportSettled()
  expect(FakeSocket.made).toBe(0)
})

it('tells nobody of a worker that failed behind the line’s end', () => {
  const { worker, onClosed, socket } = open()
  worker.onmessage({ data: { type: 'ready' } })
  socket.close()
  worker.onerror()
  expect(onClosed).not.toHaveBeenCalled()
})
