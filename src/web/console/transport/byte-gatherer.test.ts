import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteGatherer } from './byte-gatherer.ts'

function start() {
  const lots: string[] = []
  const timers: (() => void)[] = []
  const gatherer = new ByteGatherer(
    (lot) => lots.push(Buffer.concat(lot.map((bytes) => Buffer.from(bytes))).toString('latin1')),
    {
      now: () => 0,
      after: (_ms, run) => {
        timers.push(run)
        return () => {}
      },
    },
  )
  const add = (text: string) => gatherer.add(Uint8Array.from(text, (char) => char.charCodeAt(0)))
  const ring = () => timers.splice(0).map((run) => run()).length > 0
  return { gatherer, lots, add, ring }
}

it('passes a key’s echo at once, and the bytes right after it in one lot', () => {
  const { lots, add, ring } = start()
  add('a')
  expect(lots).toEqual(['a'])
  add('b')
  add('c')
  expect(lots).toEqual(['a'])
  ring()
  expect(lots).toEqual(['a', 'bc'])
  ring()
  add('d')
  expect(lots).toEqual(['a', 'bc', 'd'])
})

it('does not keep a flood waiting', () => {
  const { lots, add } = start()
  const piece = 'x'.repeat(64 * 1024)
  for (let count = 0; count < 9; count++) add(piece)
  expect(lots.map((lot) => lot.length / piece.length)).toEqual([1, 4, 4])
})

it('joins small pieces, and passes large ones on as they are', () => {
  const lots: ArrayBuffer[][] = []
  const gatherer = new ByteGatherer((lot) => lots.push(lot), { now: () => 0, after: () => () => {} })
  const large = new Uint8Array(32 * 1024)
  const part = new Uint8Array(64 * 1024).subarray(1024, 33 * 1024)
  gatherer.add(new Uint8Array(1))
  for (const piece of [new Uint8Array(2), new Uint8Array(3), large, new Uint8Array(4), part])
    gatherer.add(piece)
  gatherer.flush()
  expect(lots.map((lot) => lot.map(({ byteLength }) => byteLength))).toEqual([
    [1],
    // A part of a buffer is copied: the rest is not the line's.
    [5, 32 * 1024, 4 + 32 * 1024],
  ])
  expect(lots[1]?.[1]).toBe(large.buffer)
})

it('keeps every byte in order, whatever the pieces, times and flushes', () => {
  const text = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) })
  fc.assert(
    fc.property(fc.array(fc.record({ text, what: fc.constantFrom('add', 'ring', 'flush') })), (steps) => {
      const { gatherer, lots, add, ring } = start()
      let expected = ''
      for (const { text, what } of steps) {
        if (what === 'ring') ring()
        else if (what === 'flush') gatherer.flush()
        else {
          expected += text
          add(text)
        }
      }
      while (ring());
      expect(lots.join('')).toBe(expected)
    }),
  )
})
