import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EmbedChannel } from './channel.ts'

const origin = 'https://console.example.com'
const ready = { channel: 'bms-console', version: 1, type: 'ready' }

/** The part of a browser that messages need. */
beforeEach(() => void vi.stubGlobal('window', new EventTarget()))
afterEach(() => void vi.unstubAllGlobals())

function open() {
  const posted: unknown[][] = []
  // Windows are compared by identity, and only `postMessage` is called.
  const peer = { postMessage: (...args: unknown[]) => void posted.push(args) } as unknown as Window
  const received: string[] = []
  const channel = new EmbedChannel({ origin, peer: () => peer, onEvent: ({ type }) => received.push(type) })
  const post = (init: { data: unknown; origin: string; source: unknown }) =>
    window.dispatchEvent(Object.assign(new Event('message'), init))
  return { channel, peer, posted, received, post }
}

test('only messages of the console’s frame and exact origin are received', () => {
  const { peer, received, post } = open()
  const foreign = [
    'https://console.example.com.evil.example',
    'https://evil-console.example.com',
    'http://console.example.com',
    'https://console.example.com:8443',
    'null',
    '',
  ]
  for (const other of foreign) post({ data: ready, origin: other, source: peer })
  post({ data: ready, origin, source: {} })
  post({ data: ready, origin, source: null })
  expect(received).toEqual([])
  post({ data: ready, origin, source: peer })
  expect(received).toEqual(['ready'])
})

test('messages outside the contract are ignored', () => {
  const { peer, received, post } = open()
  const strangers = [null, 'ready', { type: 'ready' }, { ...ready, version: 2 }, { ...ready, type: 'hello' }]
  for (const data of strangers) post({ data, origin, source: peer })
  expect(received).toEqual([])
})

test('nothing is received after closing', () => {
  const { channel, peer, received, post } = open()
  channel.close()
  post({ data: ready, origin, source: peer })
  expect(received).toEqual([])
})

test('commands go to the exact origin, and only those of the contract', () => {
  const { channel, posted } = open()
  channel.send({ type: 'send', text: 'ls\n' })
  expect(posted).toEqual([[{ channel: 'bms-console', version: 1, type: 'send', text: 'ls\n' }, origin]])
  expect(() => channel.send({ type: 'set', fontSize: 99 })).toThrow(/fontSize/)
  expect(() => channel.send({ type: 'send', text: 'x'.repeat(4_097) })).toThrow(TypeError)
  expect(posted).toHaveLength(1)
})
