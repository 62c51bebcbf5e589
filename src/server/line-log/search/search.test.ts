import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { steadyClock } from '../../../shared/clock.ts'
import { MemoryStore } from '../../../testing/line-log.ts'
import { BLOCK_BYTES, TrigramIndex } from '../index/trigram-index.ts'
import type { LogReader } from '../store/store.ts'
import { poolLimits, SearchPool } from './pool.ts'
import { type Hit, type SearchedLog, type SearchOptions, searchLogs } from './search.ts'

const pool = new SearchPool(steadyClock)
afterAll(() => pool.close())

const phrase = (text: string) => ({ text, regex: false, matchCase: false })
const regex = (text: string) => ({ text, regex: true, matchCase: false })

async function find(logs: SearchedLog[], change: Partial<SearchOptions> = {}) {
  const hits: Hit[] = []
  const progress: number[] = []
  const searched = await searchLogs(logs, {
    pool,
    person: 'ada',
    query: phrase('panic'),
    most: 100,
    ms: 60_000,
    clock: steadyClock,
    index: null,
    signal: new AbortController().signal,
    onProgress: (scanned) => progress.push(scanned),
    onHit: (hit) => void hits.push(hit),
    ...change,
  })
  return { searched, hits, progress }
}

let servers = 0

/** A line whose log has been said piece by piece, a second each. */
function logOf(...pieces: readonly string[]) {
  const line = new MemoryStore().line({ server: { id: `s${++servers}`, name: 'web-01' }, project: null })
  for (const [index, piece] of pieces.entries()) line.append(Buffer.from(piece), (index + 1) * 1000)
  return line
}

const all = (reader: LogReader) => ({ reader, from: reader.start, to: reader.end })

describe('a search in logs', () => {
  it('gives hits with their times, the newest first, and then says that it has looked at everything', async () => {
    const log = logOf('one\r\nPanic 1\r\n', 'two\r\npanic 2', ' here\r\n', 'three')
    const { searched, hits, progress } = await find([all(log)])
    expect(hits).toMatchObject([
      { offset: 19, time: 2000, match: 'panic', after: ' 2 here' },
      { offset: 5, time: 1000, match: 'Panic', after: ' 1' },
    ])
    expect(searched).toEqual({ reason: 'all', rest: null })
    expect(progress).toEqual([38])
  })

  it('gives pages that meet, over several logs', async () => {
    const lines = (from: number) => Array.from({ length: 5 }, (_, line) => `panic ${from + line}\n`).join('')
    const logs = [all(logOf(lines(0), lines(5))), all(logOf('nothing\n')), all(logOf(lines(10)))]
    const after: string[] = []
    let rest = logs
    for (let pages = 0; rest.length > 0; pages++) {
      expect(pages).toBeLessThan(9)
      const { searched, hits } = await find(rest, { most: 2 })
      after.push(...hits.map((hit) => hit.after))
      const next = searched?.rest
      rest = next
        ? [
            { ...next.log, to: next.before },
            ...rest.slice(rest.findIndex((log) => log.reader === next.log.reader) + 1),
          ]
        : []
    }
    expect(after.map(Number)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 14, 13, 12, 11, 10])
  })

  it('reads files and what is not in them yet, across slices', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'log-search-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    const text = `first panic\n${'nothing to see here\n'.repeat(500_000)}kernel pa`
    const rest = 'nic\nlast line\n'
    const bytes = Buffer.from(text)
    const cut = 5_000_001
    await writeFile(join(dir, 'a'), bytes.subarray(0, cut))
    await writeFile(join(dir, 'b'), bytes.subarray(cut))
    const memory = logOf(text + rest)
    const reader: LogReader = Object.assign(Object.create(memory), {
      files: async () => [
        { path: join(dir, 'a'), from: 0, bytes: cut },
        { path: join(dir, 'b'), from: cut, bytes: bytes.length - cut },
      ],
      read: (from: number, most: number) => memory.read(from, most),
      stretches: () => [{ from: 0, to: memory.end }],
      timeOf: async () => 0,
    })
    const { searched, hits } = await find([{ reader, from: 0, to: memory.end }])
    expect(hits.map(({ before, match, offset }) => [before + match, offset])).toEqual([
      ['kernel panic', bytes.length - 9],
      ['first panic', 0],
    ])
    expect(searched?.reason).toBe('all')
  })

  it('reads what no file has between files, whatever the index says of it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'log-search-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    const words = 'nothing to see here\n'.repeat(20_000)
    const before = Buffer.from(`first panic\n${words}begin of a line, `)
    const between = `then panic\n${words}middle panic\n${words}last pa`
    const after = Buffer.from(`nic\n${words}newest panic\n`)
    const memory = logOf(before.toString() + between + after.toString())
    const from = before.length + between.length
    await writeFile(join(dir, 'a'), before)
    await writeFile(join(dir, 'b'), after)
    const reader: LogReader = Object.assign(Object.create(memory), {
      files: async () => [
        { path: join(dir, 'a'), from: 0, bytes: before.length },
        { path: join(dir, 'b'), from, bytes: after.length },
      ],
      read: (at: number, most: number) => memory.read(at, most),
      stretches: () => [{ from: 0, to: memory.end }],
      timeOf: async () => 0,
    })
    const path = join(dir, 'search.db')
    const index = TrigramIndex.open(path)
    const blocks = Math.ceil(memory.end / BLOCK_BYTES)
    const known = (block: number) =>
      block === 0 ? 'first panic' : block === blocks - 1 ? 'newest panic' : ''
    index.add(
      memory.line.server.id,
      0,
      Array.from({ length: blocks }, (_, block) => known(block)),
    )
    index.close()
    for (const each of [path, null]) {
      const { hits } = await find([{ reader, from: 0, to: memory.end }], { index: each })
      expect(hits.map((hit) => hit.before + hit.match)).toEqual([
        'newest panic',
        'last panic',
        'middle panic',
        'begin of a line, then panic',
        'first panic',
      ])
    }
  })

  it('ends a regular expression that takes too long, and the next search works', async () => {
    const strict = new SearchPool(steadyClock, { ...poolLimits, stuckMs: 300 })
    onTestFinished(() => strict.close())
    const log = all(logOf(`${'a'.repeat(200)}!\n`))
    const { searched } = await find([log], { pool: strict, query: regex('^(a+)+$') })
    expect(searched).toEqual({ reason: 'too-hard', rest: { log, before: log.to } })
    expect((await find([log], { pool: strict, query: regex('a+!') })).hits).toHaveLength(1)
  })

  it('ends when the reader leaves, even from a regular expression without end', async () => {
    const left = new AbortController()
    const short = new SearchPool(steadyClock, { ...poolLimits, leftMs: 10 })
    onTestFinished(() => short.close())
    const search = find([all(logOf(`${'a'.repeat(200)}!\n`))], {
      pool: short,
      query: regex('^(a+)+$'),
      signal: left.signal,
    })
    setTimeout(() => left.abort(), 50)
    expect((await search).searched).toBeNull()
  })

  it('ends with what it has when its time is up', async () => {
    const log = all(logOf('panic\n'))
    const { searched } = await find([log], { ms: -1 })
    expect(searched).toEqual({ reason: 'time', rest: { log, before: log.to } })
  })
})

describe('the pool', () => {
  it('lets people take turns, however many turns one of them waits for', async () => {
    const one = new SearchPool(steadyClock, { ...poolLimits, workers: 1 })
    onTestFinished(() => one.close())
    const order: string[] = []
    const data = new Uint8Array(Buffer.from('x\n'))
    const turn = {
      query: phrase('x'),
      index: null,
      pieces: [{ from: 0, bytes: 2, data }],
      from: 0,
      to: 2,
      most: 1,
    }
    const { signal } = new AbortController()
    const ask = (person: string) => one.turn(person, turn, signal).then(() => order.push(person))
    await Promise.all(['ada', 'ada', 'ada', 'bob', 'bob', 'cyd'].map(ask))
    expect(order).toEqual(['ada', 'ada', 'bob', 'cyd', 'ada', 'bob'])
  })
})
