import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import type { LineReader } from '../store/store.ts'
import { stretchesOf } from '../store/stretches.ts'
import { LogIndex } from './log-index.ts'
import { BLOCK_BYTES, TrigramIndex } from './trigram-index.ts'

const ALL = { from: 0, before: 2 ** 31, most: 1_000 }

/** Lines whose logs are files that the test writes. */
async function setUp() {
  const dir = await mkdtemp(join(tmpdir(), 'index-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const lines = new Map<string, { start: number; files: Awaited<ReturnType<LineReader['files']>> }>()
  const ref = (id: string) => ({ server: { id, name: id }, project: null })
  const reader = (id: string): LineReader | null => {
    const line = lines.get(id)
    const newest = line?.files.at(-1)
    if (!line) return null
    return {
      line: ref(id),
      start: line.start,
      end: newest ? newest.from + newest.bytes : line.start,
      stretches: () => stretchesOf(line.files),
      files: async () => line.files,
      read: async () => ({ at: 0, bytes: Buffer.alloc(0) }),
      marks: async () => [],
      timeOf: async () => 0,
      times: async () => [],
      offsetOf: async () => 0,
      follow: () => () => {},
    }
  }
  const options = {
    dir,
    store: { lines: () => [...lines.keys()].map(ref), reader },
    log: { info() {}, warn: (facts: unknown) => expect.fail(JSON.stringify(facts)) },
    clock: new ManualClock(0),
  }
  const write = async (id: string, from: number, text: string) => {
    const path = join(dir, `${id}-${from}.seg`)
    await writeFile(path, text, 'latin1')
    const line = lines.get(id) ?? { start: from, files: [] }
    line.files = [...line.files.filter((file) => file.path !== path), { path, from, bytes: text.length }]
    lines.set(id, line)
  }
  const open = async () => {
    const index = await LogIndex.open(options)
    return index
  }
  const read = (index: LogIndex) => {
    const found = TrigramIndex.read(index.path)
    onTestFinished(() => found.close())
    return found
  }
  return { dir, lines, write, open, read }
}

const block = (text: string) => text.padEnd(BLOCK_BYTES, '.')

it('follows the files, across their ends, and waits for the bytes that overlap', async () => {
  const { write, open, read } = await setUp()
  await write('a', 0, `${block('nothing')}${'.'.repeat(BLOCK_BYTES - 3)}ker`)
  const index = await open()
  onTestFinished(() => index.close())
  await index.sweep()
  const found = read(index)
  expect(found.covered('a')).toMatchObject({ next: 1 })
  await write('a', 2 * BLOCK_BYTES, `nel panic${'.'.repeat(2 * BLOCK_BYTES)}`)
  await index.sweep()
  expect(found.covered('a')).toMatchObject({ next: 3 })
  // It begins in one file and ends in the next.
  expect(found.find('a', ['kernel panic'], ALL)).toEqual([1])
})

it('goes on after a restart, and begins at what is kept', async () => {
  const { write, open, read } = await setUp()
  await write('a', 100 * BLOCK_BYTES, block('one panic') + block(''))
  const first = await open()
  await first.sweep()
  await first.close()
  await write('a', 102 * BLOCK_BYTES, block('another panic') + block(''))
  await write('b', 5, 'short')
  const index = await open()
  onTestFinished(() => index.close())
  await index.sweep()
  // The row of 101 covers the beginning of 102, too.
  expect(read(index).find('a', ['panic'], ALL)).toEqual([102, 101, 100])
})

it('is made anew when most of it has expired, or a line counts from 0 again', async () => {
  const { lines, write, open, read } = await setUp()
  await write('a', 0, block('panic').repeat(10) + block(''))
  await write('b', 0, block('panic').repeat(4) + block(''))
  const index = await open()
  onTestFinished(() => index.close())
  await index.sweep()
  expect(read(index).find('a', ['panic'], ALL)).toHaveLength(10)
  lines.set('a', { start: 8 * BLOCK_BYTES, files: lines.get('a')?.files ?? [] })
  await write('a', 8 * BLOCK_BYTES, block('new panic').repeat(2) + block(''))
  await index.sweep()
  expect(read(index).covered('a')).toMatchObject({ first: 0 })
  lines.delete('a')
  await index.sweep()
  expect(read(index).covered('a')).toBeNull()
  expect(read(index).find('b', ['panic'], ALL)).toHaveLength(4)
  lines.delete('b')
  await write('b', 0, block('another') + block(''))
  await index.sweep()
  expect(read(index).find('b', ['panic'], ALL)).toHaveLength(0)
})

it('replaces a file that is no database', async () => {
  const { dir, write, open, read } = await setUp()
  await writeFile(join(dir, 'search.db'), 'This is a letter.'.repeat(100))
  await write('a', 0, block('panic') + block(''))
  const index = await open()
  onTestFinished(() => index.close())
  await index.sweep()
  expect(read(index).find('a', ['panic'], ALL)).toEqual([0])
})
