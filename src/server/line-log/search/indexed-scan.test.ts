import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { indexedText } from '../index/indexed-text.ts'
import { TrigramIndex } from '../index/trigram-index.ts'
import { type BlockIndex, scanIndexed } from './indexed-scan.ts'
import { withIndex } from './open-index.ts'
import { PieceReader } from './pieces.ts'
import { compile } from './query.ts'
import { scan } from './scan.ts'

const go = () => false
const BLOCK = 96
const OVERLAP = 48

/** An index of a log, by looking into each block. */
function indexOf(log: Buffer, covered: BlockIndex['covered']): BlockIndex & { asked: number } {
  const index = {
    blockBytes: BLOCK,
    overlapBytes: OVERLAP,
    covered,
    asked: 0,
    find(text: string, { from, before, most }: { from: number; before: number; most: number }) {
      index.asked += 1
      return Array.from({ length: covered.next - covered.first }, (_, at) => covered.first + at)
        .filter((block) => block >= from && block < before)
        .filter((block) => {
          const bytes = log.subarray(block * BLOCK, (block + 1) * BLOCK + OVERLAP)
          return indexedText(bytes).toLowerCase().includes(text.toLowerCase())
        })
        .reverse()
        .slice(0, most)
    },
  }
  return index
}

it('finds with an index what it finds without, in any range and whatever is covered', () => {
  const part = fc.constantFrom(
    ...['panic', 'PANIC', 'pan', 'ic', 'an unremarkable word', '\n', '\r\n', '\r\n', '\x1b[31m', 'x\b'],
    ...['a line of its own\n', 'y'.repeat(120)],
  )
  const four = fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat())
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 120 }),
      four,
      fc.integer({ min: 1, max: 4 }),
      (parts, numbers, most) => {
        const log = Buffer.from(parts.join(''))
        const reader = new PieceReader([{ from: 0, bytes: log.length, data: log }])
        const [from = 0, to = 0] = numbers
          .slice(0, 2)
          .map((n) => n % (log.length + 1))
          .sort((a, b) => a - b)
        const blocks = Math.floor(log.length / BLOCK) + 1
        const [first = 0, next = 0] = numbers
          .slice(2)
          .map((n) => n % blocks)
          .sort((a, b) => a - b)
        for (const regex of [false, true]) {
          const query = compile({ text: 'panic', regex, matchCase: false })
          const plain = scan(reader, { from, to }, query, most, go)
          const indexed = scanIndexed(reader, { from, to }, query, most, go, indexOf(log, { first, next }))
          expect(indexed).toEqual(plain)
        }
      },
    ),
    { numRuns: 500 },
  )
})

it('reads only what the index names', () => {
  const log = Buffer.from(`${'nothing here\n'.repeat(5000)}panic\n${'nothing here\n'.repeat(5000)}`)
  const reader = new PieceReader([{ from: 0, bytes: log.length, data: log }])
  let read = 0
  const counted = {
    stretches: reader.stretches,
    read(from: number, into: Buffer) {
      read += into.length
      return reader.read(from, into)
    },
  }
  const query = compile({ text: 'panic', regex: false, matchCase: false })
  const index = indexOf(log, { first: 0, next: Math.ceil(log.length / BLOCK) })
  const { found } = scanIndexed(counted, { from: 0, to: log.length }, query, 10, go, index)
  expect(found).toMatchObject([{ offset: 65_000 }])
  expect(read).toBeLessThan(10_000)
  expect(index.asked).toBe(1)
})

it('uses the index on disk, and does without one that is not there', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'log-search-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const path = join(dir, 'search.db')
  expect(await withIndex({ path, line: 'web-01' }, (index) => index)).toBeNull()
  const written = TrigramIndex.open(path)
  written.add('web-01', 3, ['nothing', 'kernel panic', 'nothing'])
  written.close()
  expect(await withIndex({ path, line: 'db-01' }, (index) => index)).toBeNull()
  const found = await withIndex({ path, line: 'web-01' }, (index) => ({
    covered: index?.covered,
    blocks: index?.find('Panic', { from: 0, before: 100, most: 10 }),
    short: index?.find('pa', { from: 0, before: 100, most: 10 }),
  }))
  expect(found).toMatchObject({ covered: { first: 3, next: 6 }, blocks: [4], short: null })
})
