import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sliceOf } from './write-cost.ts'

const BUDGET = 512 * 1024

/** @returns the lengths of all slices */
function slices(text: string, budget = BUDGET): number[] {
  const lengths: number[] = []
  for (let rest = text; rest !== ''; ) {
    const { end } = sliceOf(rest, budget)
    lengths.push(end)
    rest = rest.slice(end)
  }
  return lengths
}

it('writes plain text in large pieces', () => {
  expect(slices('x'.repeat(1024 * 1024))).toEqual([BUDGET, BUDGET])
  expect(slices('žluťoučký kůň 🟢 '.repeat(1000))).toHaveLength(1)
})

it('writes logs in pieces that are worth their while', () => {
  const log = '[   12.345678] pci 0000:00:1f.0: [8086:7110] type 00 class 0x060100\r\n'.repeat(10_000)
  expect(Math.min(...slices(log).slice(0, -1))).toBeGreaterThan(128 * 1024)
  const colours = `${'\x1b[0;32mOK\x1b[0m done '.repeat(5)}\r\n`.repeat(10_000)
  expect(Math.min(...slices(colours).slice(0, -1))).toBeGreaterThan(128 * 1024)
})

it.each([
  ['resets', '\x1bc'],
  ['erases', '\x1b[2J'],
  ['erases in C1', '\x9b2J'],
  ['scrolling', '\x1b[24S'],
  ['inserted lines', '\x1b[24L'],
  ['repeated characters', 'x\x1b[80b'],
  ['switched screens', '\x1b[?1049h\x1b[?1049l'],
  ['test patterns', '\x1b#8'],
  ['small and costly ones together', '\x1b[m\x1b[2J'],
])('writes at most 64 %s at once', (_what, sequence) => {
  for (const length of slices(sequence.repeat(10_000))) {
    const sequences = sequence.match(/[\x1b\x9b]/g)?.length ?? 1
    expect((length / sequence.length) * sequences).toBeLessThanOrEqual(128)
  }
})

it('writes at most 4,100 lines at once', () => {
  for (const feed of ['\n', '\v', '\f', '\x84', '\x85']) {
    expect(Math.max(...slices(feed.repeat(100_000)))).toBeLessThanOrEqual(4_100)
  }
})

it('costs no less when a sequence is torn', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('\x1b', '[', '2', ';', 'J', 'm', 'c', 'x', '\n', '\x9b')),
      fc.nat(),
      (characters, seed) => {
        const text = characters.join('')
        const at = text.length === 0 ? 0 : seed % text.length
        const whole = sliceOf(text, Infinity).cost
        const torn = sliceOf(text.slice(0, at), Infinity).cost + sliceOf(text.slice(at), Infinity).cost
        expect(torn).toBeGreaterThanOrEqual(whole)
      },
    ),
  )
})

it('takes at least one character, however small the budget', () => {
  expect(sliceOf('\x1bc', 0)).toEqual({ end: 1, cost: 8193 })
})
