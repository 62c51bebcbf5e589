import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EmbedChannel } from './channel.ts'

const origin = 'https://console.example.com'
const ready = { channel: 'bms-console', version: 1, type: 'ready' }

/** As much of a browser as messages need. */
beforeEach(() => void vi.stubGlobal('window', new EventTarget()))
afterEach(() => void vi.unstubAllGlobals())

function open() {
  const posted: unknown[][] = []
  // A window is told apart by being the same object; only its `postMessage` is used.
  const peer = { postMessage: (...args: unknown[]) => void posted.push(args) } as unknown as Window
  const heard: string[] = []
  const channel = new EmbedChannel({ origin, peer: () => peer, onEvent: ({ type }) => heard.push(type) })
  const post = (init: { data: unknown; origin: string; source: unknown }) =>
    window.dispatchEvent(Object.assign(new Event('message'), init))
  return { channel, peer, posted, heard, post }
}

test('only the console’s frame and exact origin are heard', () => {
  const { peer, heard, post } = open()
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
  expect(heard).toEqual([])
  post({ data: ready, origin, source: peer })
  expect(heard).toEqual(['ready'])
})

test('what is not of the contract is not heard', () => {
  const { peer, heard, post } = open()
  const strangers = [null, 'ready', { type: 'ready' }, { ...ready, version: 2 }, { ...ready, type: 'hello' }]
  for (const data of strangers) post({ data, origin, source: peer })
  expect(heard).toEqual([])
})

test('nothing is heard after the end', () => {
  const { channel, peer, heard, post } = open()
  channel.close()
  post({ data: ready, origin, source: peer })
  expect(heard).toEqual([])
})

test('commands go to the exact origin, and only those of the contract', () => {
  const { channel, posted } = open()
  channel.send({ type: 'send', text: 'ls\n' })
  expect(posted).toEqual([[{ channel: 'bms-console', version: 1, type: 'send', text: 'ls\n' }, origin]])
  expect(() => channel.send({ type: 'set', fontSize: 99 })).toThrow(/fontSize/)
  expect(() => channel.send({ type: 'send', text: 'x'.repeat(4_097) })).toThrow(TypeError)
  expect(posted).toHaveLength(1)
})
