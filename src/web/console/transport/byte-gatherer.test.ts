import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteGatherer } from './byte-gatherer.ts'

function start() {
  const lots: string[] = []
  const timers: (() => void)[] = []
  const gatherer = new ByteGatherer((bytes) => lots.push(Buffer.from(bytes).toString('latin1')), {
    now: () => 0,
    after: (_ms, run) => {
      timers.push(run)
      return () => {}
    },
  })
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
