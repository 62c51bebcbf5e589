import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WritePump } from './write-pump.ts'

/** A terminal that parses when it is told to. */
function slowTerminal() {
  const writes: { text: string; muted: boolean; done: () => void }[] = []
  let parsed = ''
  const parseOne = () => {
    const write = writes.shift()
    if (!write) return false
    parsed += write.muted ? write.text.toUpperCase() : write.text
    write.done()
    return true
  }
  return {
    pump: new WritePump((text, muted, done) => void writes.push({ text, muted, done })),
    writes,
    parseOne,
    parsed: () => parsed,
  }
}

it('passes a piece at once while the terminal keeps up', () => {
  const { pump, writes } = slowTerminal()
  pump.push({ text: 'a', muted: false, done: () => {} })
  pump.push({ text: 'b', muted: false, done: () => {} })
  expect(writes.map(({ text }) => text)).toEqual(['a', 'b'])
})

it('keeps a flood out of the terminal, joins it, and tells when each piece was parsed', () => {
  const { pump, writes, parseOne, parsed } = slowTerminal()
  const piece = 'x'.repeat(16 * 1024)
  let done = 0
  for (let index = 0; index < 640; index++) pump.push({ text: piece, muted: false, done: () => done++ })
  const waiting = () => writes.reduce((sum, { text }) => sum + text.length, 0)
  let writesNeeded = 0
  do {
    expect(waiting()).toBeLessThanOrEqual(640 * 1024)
    expect(done * piece.length).toBe(parsed().length)
    writesNeeded += 1
  } while (parseOne())
  expect(parsed().length).toBe(640 * piece.length)
  expect(done).toBe(640)
  expect(writesNeeded).toBeLessThan(130)
})

it('keeps the order and the mute of every piece, however the parsing goes', () => {
  const piece = fc.record({ text: fc.stringMatching(/^[a-z]{0,9}$/), muted: fc.boolean(), parse: fc.nat(2) })
  fc.assert(
    fc.property(fc.array(piece), fc.constantFrom(1, 20_000), (pieces, times) => {
      const { pump, parseOne, parsed } = slowTerminal()
      let expected = ''
      for (const { text, muted, parse } of pieces) {
        const long = text.repeat(times)
        expected += muted ? long.toUpperCase() : long
        pump.push({ text: long, muted, done: () => {} })
        for (let count = 0; count < parse; count++) parseOne()
      }
      while (parseOne());
      expect(parsed()).toBe(expected)
    }),
    { numRuns: 200 },
  )
})
