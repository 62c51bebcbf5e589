import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Write, WritePump } from './write-pump.ts'

const textOf = ({ pieces }: Write) => pieces.join('')

/** A terminal that parses only when a test says so. */
function slowTerminal() {
  const writes: Write[] = []
  let parsed = ''
  /** @param ms how long it takes */
  const parseOne = (ms = 0) => {
    const write = writes.shift()
    if (!write) return false
    write.begun()
    parsed += write.muted ? textOf(write).toUpperCase() : textOf(write)
    clock.time += ms
    write.done()
    return true
  }
  const timers: (() => void)[] = []
  const clock = {
    time: 0,
    now: () => clock.time,
    after: (_ms: number, run: () => void) => {
      timers.push(run)
      return () => {}
    },
  }
  return {
    pump: new WritePump((write) => void writes.push(write), clock),
    clock,
    /** Runs all waiting timers. @returns whether there were any */
    ring: () => timers.splice(0).map((run) => run()).length > 0,
    writes,
    parseOne,
    parsed: () => parsed,
  }
}

it('passes a piece at once while the terminal keeps up', () => {
  const { pump, writes } = slowTerminal()
  pump.push({ text: 'a', muted: false, taken: () => {} })
  pump.push({ text: 'b', muted: false, taken: () => {} })
  expect(writes.map(textOf)).toEqual(['a', 'b'])
})

it('keeps a flood out of the terminal, joins it, and asks for more only when there is room', () => {
  const { pump, writes, parseOne, parsed } = slowTerminal()
  const piece = 'x'.repeat(16 * 1024)
  const mib = 1024 * 1024
  let taken = 0
  for (let index = 0; index < 640; index++) pump.push({ text: piece, muted: false, taken: () => taken++ })
  const inTerminal = () => writes.reduce((sum, write) => sum + textOf(write).length, 0)
  expect(taken * piece.length).toBe(4 * mib)
  let writesNeeded = 0
  do {
    expect(inTerminal()).toBeLessThanOrEqual(6 * mib)
    expect(taken === 640 || 640 * piece.length - parsed().length > 4 * mib).toBe(true)
    writesNeeded += 1
  } while (parseOne())
  expect(parsed().length).toBe(640 * piece.length)
  expect(taken).toBe(640)
  expect(writesNeeded).toBeLessThan(130)
})

it('cuts what costs the terminal much into small writes, and keeps all of it', () => {
  const { pump, writes, parseOne, parsed } = slowTerminal()
  const resets = '\x1bc'.repeat(10_000)
  pump.push({ text: `${resets}plain`, muted: false, taken: () => {} })
  for (const write of writes) expect(textOf(write).length).toBeLessThanOrEqual(256)
  while (parseOne());
  expect(parsed()).toBe(`${resets}plain`)
})

it('writes less at once when the terminal becomes slow, and more when it is quick again', () => {
  const { pump, writes, parseOne } = slowTerminal()
  const push = (count: number) => {
    for (let index = 0; index < count; index++) {
      pump.push({ text: 'x'.repeat(64 * 1024), muted: false, taken: () => {} })
    }
  }
  const longest = () => Math.max(...writes.map((write) => textOf(write).length))
  push(200)
  for (let count = 0; count < 6; count++) parseOne(1)
  expect(longest()).toBe(3072 * 1024)
  // 400 ms for a write: the next one is a seventh. One more is in the terminal already.
  parseOne(400)
  expect(writes.map((write) => textOf(write).length)).toEqual([3072 * 1024, 471_859])
  while (parseOne());
  push(20)
  parseOne(1)
  expect(longest()).toBeGreaterThan(471_859)
})

it('lets few writes wait in the terminal, and joins the pieces that come meanwhile', () => {
  const { pump, writes, parseOne, parsed } = slowTerminal()
  for (const text of 'abcdef') pump.push({ text, muted: false, taken: () => {} })
  expect(writes.map(textOf)).toEqual(['a', 'b'])
  parseOne()
  expect(writes.map(textOf)).toEqual(['b', 'cdef'])
  while (parseOne());
  expect(parsed()).toBe('abcdef')
})

it('runs an action at its place in the stream', () => {
  const { pump, writes, parseOne, parsed } = slowTerminal()
  const seen: string[] = []
  const push = (text: string) => pump.push({ text, muted: false, taken: () => {} })
  push('before ')
  let finish = () => {}
  pump.act((done) => {
    seen.push(parsed())
    finish = done
  })
  push('after')
  expect(seen).toEqual([])
  parseOne()
  expect(seen).toEqual(['before '])
  expect(writes).toHaveLength(0)
  finish()
  parseOne()
  expect(parsed()).toBe('before after')
})

it('gathers a flood into large writes, and keeps none of it waiting for ever', () => {
  const { pump, clock, writes, parseOne, ring } = slowTerminal()
  const piece = 'x'.repeat(16 * 1024)
  const push = () => pump.push({ text: piece, muted: false, taken: () => {} })
  // 160 KiB in 50 ms are a flood, although the terminal keeps up.
  for (let count = 0; count < 10; count++) push()
  while (parseOne());
  clock.time = 60
  push()
  expect(writes).toHaveLength(0)
  for (let count = 0; count < 63; count++) push()
  // Two of the writes before were telling, and quick.
  expect(writes.map((write) => textOf(write).length)).toEqual([256 * 1024, 256 * 1024])
  while (parseOne());
  push()
  expect(writes).toHaveLength(0)
  ring()
  expect(writes).toHaveLength(1)
  while (parseOne());
  // After a quiet moment the next piece, such as a key's echo, passes at once.
  clock.time = 500
  push()
  expect(writes).toHaveLength(1)
})

it('keeps the order and the mute of every piece, however the parsing goes', () => {
  const piece = fc.record({
    text: fc.stringMatching(/^[a-z\x1b]{0,9}$/),
    muted: fc.boolean(),
    parse: fc.nat(2),
  })
  fc.assert(
    fc.property(fc.array(piece), fc.constantFrom(1, 20_000), (pieces, times) => {
      const { pump, parseOne, parsed, ring } = slowTerminal()
      let expected = ''
      for (const { text, muted, parse } of pieces) {
        const long = text.repeat(times)
        expected += muted ? long.toUpperCase() : long
        pump.push({ text: long, muted, taken: () => {} })
        for (let count = 0; count < parse; count++) parseOne()
      }
      do while (parseOne());
      while (ring())
      expect(parsed()).toBe(expected)
    }),
    { numRuns: 200 },
  )
})
