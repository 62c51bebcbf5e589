import { expect, it } from 'vitest'
import { MOST_BYTES, type Piece, SeenLine } from './seen-line.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = ({ pieces }: SeenLine) =>
  pieces.map((piece) =>
    piece.kind === 'bytes' ? new TextDecoder().decode(piece.bytes) : `[${piece.awayMs}]`,
  )
const reloaded = (line: SeenLine) => SeenLine.restored(JSON.parse(JSON.stringify(line.stored)))

it('joins what comes soon after, and keeps the time of what comes later', () => {
  const line = new SeenLine()
  line.add(bytes('lo'), 1_000)
  line.add(bytes('gin'), 1_999)
  line.add(bytes(': '), 2_500)
  expect(line.pieces).toEqual<Piece[]>([
    { kind: 'bytes', heardAt: 1_000, bytes: bytes('login') },
    { kind: 'bytes', heardAt: 2_500, bytes: bytes(': ') },
  ])
  // A clock that was set back joins nothing.
  line.add(bytes('x'), 10)
  expect(line.pieces).toHaveLength(3)
})

it('is the same after a reload, each byte of it', () => {
  const line = new SeenLine()
  const all = Uint8Array.from({ length: 10_000 }, (_, index) => index % 256)
  line.add(all, 5)
  line.lost(10)
  line.add(bytes('back'), 3_010)
  expect(reloaded(line).pieces).toEqual(line.pieces)
  expect(reloaded(line).bytes).toBe(10_004)
})

it('has its breaks: how long nobody listened, or that nobody knows', () => {
  const line = new SeenLine()
  line.pageAway()
  expect(line.pieces).toEqual([])
  line.add(bytes('a'), 0)
  line.lost(1_000)
  line.lost(9_000)
  line.add(bytes('b'), 11_000)
  expect(text(line)).toEqual(['a', '[10000]', 'b'])
  const later = reloaded(line)
  later.pageAway()
  later.lost(12_000)
  later.add(bytes('c'), 13_000)
  // The page was away, and then the line was lost before a byte came: one break, of a length that nobody knows.
  expect(text(later)).toEqual(['a', '[10000]', 'b', '[null]', 'c'])
})

it('keeps the newest part, from the beginning of a line on', () => {
  const line = new SeenLine()
  line.add(bytes('the first line\n'), 0)
  line.lost(1)
  for (let at = 0; at < 20_000; at++) line.add(bytes(`line ${at} \x1b[31m${'x'.repeat(20)}\n`), 10 + at * 10)
  const shown = text(line).join('')
  expect(line.bytes).toBe(bytes(shown).length)
  expect(line.bytes).toBeLessThanOrEqual(MOST_BYTES)
  expect(line.bytes).toBeGreaterThan(MOST_BYTES - 100)
  expect(shown).toMatch(/^line \d+ /)
  expect(shown.endsWith(`line 19999 \x1b[31m${'x'.repeat(20)}\n`)).toBe(true)
})

it('bounds one flood, and pieces without end', () => {
  const flood = new SeenLine()
  flood.add(new Uint8Array(3 * MOST_BYTES).fill(0x0a), 0)
  expect(flood.bytes).toBeLessThanOrEqual(MOST_BYTES)
  const slow = new SeenLine()
  for (let at = 0; at < 10_000; at++) slow.add(bytes('.\n'), at * 2_000)
  expect(slow.pieces.length).toBeLessThanOrEqual(4_096)
  expect(text(slow).join('').length).toBe(slow.bytes)
})
