import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeSocket, stubBrowser } from '../../../testing/web/fake-socket.ts'
import type { TransportHandlers } from './transport.ts'

const handlers = {
  onOpen: vi.fn<TransportHandlers['onOpen']>(),
  onBytes: vi.fn<TransportHandlers['onBytes']>(),
  onRelay: vi.fn<TransportHandlers['onRelay']>(),
  onSilent: vi.fn<TransportHandlers['onSilent']>(),
  onFailed: vi.fn<TransportHandlers['onFailed']>(),
}
const TOKEN = 's3cr3t'
const key = Uint8Array.of(0x61)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  vi.stubGlobal('performance', { timeOrigin: 0, now: () => Date.now() })
  // What a page learns of its gateways lasts as long as the page.
  vi.resetModules()
})
afterEach(() => {
  for (const handler of Object.values(handlers)) {
    expect(JSON.stringify(handler.mock.calls)).not.toContain(TOKEN)
    handler.mockReset()
  }
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function opener(page = 'http://console.test') {
  const browser = stubBrowser(page)
  const { openDirect } = await import('./direct.ts')
  return {
    ...browser,
    open: (address = 'ws://gateway.test') => openDirect(`${address}/?token=${TOKEN}`, handlers),
  }
}

it('names the page’s origin, which a gateway may refuse, where it hangs up before it said anything', async () => {
  const { open } = await opener('https://console.test')
  open('wss://gateway.test')
  FakeSocket.latest.opens()
  FakeSocket.latest.fails()
  expect(handlers.onFailed).toHaveBeenLastCalledWith({
    cause: 'gateway-closed',
    detail: 'close 1006, to a page from https://console.test',
  })
  open('wss://gateway.test')
  FakeSocket.latest.opens()
  FakeSocket.latest.onmessage({ data: key.buffer })
  FakeSocket.latest.fails()
  expect(handlers.onFailed).toHaveBeenLastCalledWith({ cause: 'gateway-closed', detail: 'close 1006' })
})

it('goes by what does not leave the computer, and does not give up', async () => {
  const { open } = await opener()
  const transport = open()
  const socket = FakeSocket.latest
  expect(transport.send(key)).toBe(false)
  socket.opens()
  expect(handlers.onOpen).toHaveBeenCalledWith(false, null)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(handlers.onSilent).not.toHaveBeenCalled()
  expect(transport.send(key)).toBe(true)
  transport.answer('\x1b[1;7R')
  expect(socket.sent).toEqual([key, new TextEncoder().encode('\x1b[1;7R')])
  await vi.advanceTimersByTimeAsync(12_000)
  expect(handlers.onSilent.mock.calls).toEqual([[10_000]])
  socket.bufferedAmount = 0
  await vi.advanceTimersByTimeAsync(600_000)
  expect(handlers.onSilent).toHaveBeenLastCalledWith(null)
  expect(handlers.onFailed).not.toHaveBeenCalled()
})

describe('a browser that opens no such socket', () => {
  it('is on a page of https, and the gateway is not encrypted: told once, at once, and by its name', async () => {
    const { open } = await opener('https://console.test')
    FakeSocket.refuses = new DOMException(`ws://gateway.test/?token=${TOKEN} is insecure`, 'SecurityError')
    open()
    expect(handlers.onFailed).not.toHaveBeenCalled()
    await Promise.resolve()
    expect(handlers.onFailed.mock.calls).toEqual([[{ cause: 'gateway-not-encrypted' }]])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(handlers.onFailed).toHaveBeenCalledOnce()
  })

  it('has another reason, which is told without the address that it repeats', async () => {
    const { open } = await opener('https://console.test')
    FakeSocket.refuses = new DOMException(`wss://gateway.test/?token=${TOKEN} is odd`, 'SyntaxError')
    open('wss://gateway.test')
    await vi.advanceTimersByTimeAsync(0)
    expect(handlers.onFailed.mock.calls).toEqual([
      [{ cause: 'gateway-unreachable', detail: 'The browser opens no such address (SyntaxError).' }],
    ])
  })

  it('keeps to the page’s policy, which Chromium tells by an error and never by a close', async () => {
    const { open, forbids } = await opener()
    open('wss://[2001:db8::1]:6083')
    forbids('wss://elsewhere.test/')
    expect(handlers.onFailed).not.toHaveBeenCalled()
    forbids(`wss://[2001:db8::1]:6083/?token=${TOKEN}`)
    expect(handlers.onFailed.mock.calls).toEqual([[{ cause: 'gateway-forbidden' }]])
    const { latest } = FakeSocket
    latest.readyState = FakeSocket.CLOSED
    latest.onerror()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(handlers.onFailed).toHaveBeenCalledOnce()
    expect(FakeSocket.made).toBe(1)
  })

  it('may name no more of a forbidden address than its scheme', async () => {
    const { open, forbids } = await opener()
    open('wss://[2001:db8::1]:6083')
    forbids('wss')
    expect(handlers.onFailed.mock.calls).toEqual([[{ cause: 'gateway-forbidden' }]])
  })

  it('says nothing but that there was an error: the page waits for more only a second', async () => {
    const { open } = await opener()
    open()
    for (const attempt of [1, 2]) {
      expect(FakeSocket.made).toBe(attempt)
      FakeSocket.latest.readyState = FakeSocket.CLOSED
      FakeSocket.latest.onerror()
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(handlers.onFailed.mock.calls).toEqual([[{ cause: 'gateway-unreachable', detail: 'close 1006' }]])
  })

  it('is not heard of once the line was closed', async () => {
    const { open } = await opener('https://console.test')
    FakeSocket.refuses = new DOMException('', 'SecurityError')
    open().close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(handlers.onFailed).not.toHaveBeenCalled()
  })
})

describe('a gateway that selects no subprotocol', () => {
  it('is asked again without the offer, by the same link, and the next time so at once', async () => {
    const { open } = await opener()
    const transport = open()
    const first = FakeSocket.latest
    expect(first.protocols).toEqual(['binary'])
    first.fails()
    const second = FakeSocket.latest
    expect(second).not.toBe(first)
    expect([second.url, second.protocols]).toEqual([first.url, []])
    second.opens()
    expect(handlers.onOpen.mock.calls).toEqual([[false, null]])
    expect(transport.send(key)).toBe(true)
    expect(second.sent).toEqual([key])
    second.onmessage({ data: key.buffer })
    expect(handlers.onBytes).toHaveBeenCalledWith(key, false)
    expect(handlers.onFailed).not.toHaveBeenCalled()
    transport.close()
    expect(second.readyState).toBe(FakeSocket.CLOSED)

    open()
    expect(FakeSocket.latest.protocols).toEqual([])
    FakeSocket.latest.opens()
    expect(FakeSocket.made).toBe(3)
    open('ws://other.test')
    expect(FakeSocket.latest.protocols).toEqual(['binary'])
  })

  it('takes its link once only: then the next link begins in the way that opened', async () => {
    const { open } = await opener()
    open()
    FakeSocket.latest.fails()
    FakeSocket.latest.opens()
    FakeSocket.latest.fails()
    expect(handlers.onFailed.mock.calls).toEqual([
      [{ cause: 'gateway-closed', detail: 'close 1006, to a page from http://console.test' }],
    ])
    open()
    expect(FakeSocket.latest.protocols).toEqual([])
  })

  it('is not there at all: two tries, and one failure', async () => {
    const { open } = await opener()
    open()
    FakeSocket.latest.fails()
    FakeSocket.latest.fails()
    expect(FakeSocket.made).toBe(2)
    expect(handlers.onFailed.mock.calls).toEqual([[{ cause: 'gateway-unreachable', detail: 'close 1006' }]])
  })

  it('is not what a gateway is that answers nobody, or that ends a line', async () => {
    const { open } = await opener()
    open()
    await vi.advanceTimersByTimeAsync(15_000)
    expect(FakeSocket.made).toBe(1)
    expect(handlers.onFailed.mock.calls[0]?.[0]).toMatchObject({
      cause: 'gateway-unreachable',
      detail: expect.stringContaining('No answer within 15 s'),
    })
    open()
    FakeSocket.latest.opens()
    FakeSocket.latest.fails(1003, 'Unsupported: Text frames are not supported')
    expect(FakeSocket.made).toBe(2)
    expect(handlers.onFailed).toHaveBeenLastCalledWith({
      cause: 'protocol-error',
      detail: 'Unsupported: Text frames are not supported',
    })
  })
})
