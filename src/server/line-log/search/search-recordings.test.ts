import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { steadyClock } from '../../../shared/clock.ts'
import { type CastEvent, encodeEvent, encodeHeader } from '../../recordings/cast.ts'
import { poolLimits, SearchPool } from './pool.ts'
import { type SearchedRecording, searchRecordings } from './search-recordings.ts'

const phrase = (text: string, regex = false) => ({ text, regex, matchCase: false })

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'casts-'))
  return () => rm(dir, { recursive: true })
})

async function cast(id: string, events: CastEvent[]): Promise<SearchedRecording> {
  const path = join(dir, `${id}-${crypto.randomUUID()}.cast`)
  await writeFile(path, encodeHeader({ title: 't', startedAt: 0 }) + events.map(encodeEvent).join(''))
  return { id, source: { kind: 'cast', path }, bytes: 100, from: null, to: null, before: null }
}

const ticks = (count: number) =>
  Array.from({ length: count }, (_, index): CastEvent => [index + 1, 'o', `tick ${index + 1}\r\n`])

function newPool(limits: Partial<typeof poolLimits> = {}) {
  const pool = new SearchPool(steadyClock, { ...poolLimits, ...limits })
  onTestFinished(() => pool.close())
  return pool
}

async function find(
  recordings: SearchedRecording[],
  text: string,
  change: Partial<Parameters<typeof searchRecordings>[1]> & { regex?: boolean } = {},
) {
  const { regex = false, ...options } = change
  const hits: string[] = []
  const progress: number[] = []
  const searched = await searchRecordings(recordings, {
    pool: options.pool ?? newPool(),
    person: 'ada',
    query: phrase(text, regex),
    most: 100,
    ms: 60_000,
    clock: steadyClock,
    signal: new AbortController().signal,
    onProgress: (bytes) => progress.push(bytes),
    onHit: ({ id }, { line }) => hits.push(`${id} ${line}`),
    ...options,
  })
  return { searched, hits, progress }
}

describe('a search in recordings', () => {
  it('goes from one to the next, each from its newest line, in pages that meet', async () => {
    const recordings = [await cast('a', ticks(3)), await cast('b', []), await cast('c', ticks(2))]
    const pool = newPool()
    expect(await find(recordings, 'tick', { pool })).toEqual({
      hits: ['a 3', 'a 2', 'a 1', 'c 2', 'c 1'],
      searched: { reason: 'all', rest: null },
      progress: [100, 200, 300],
    })
    const first = await find(recordings, 'tick', { pool, most: 2 })
    expect(first).toMatchObject({
      hits: ['a 3', 'a 2'],
      searched: { reason: 'page', rest: { index: 0, before: 2 } },
    })
    const [a, ...others] = recordings
    const second = await find(a ? [{ ...a, before: 2 }, ...others] : [], 'tick', { pool, most: 2 })
    expect(second).toMatchObject({
      hits: ['a 1', 'c 2'],
      searched: { reason: 'page', rest: { index: 2, before: 2 } },
    })
    const third = await find(a ? [{ ...a, before: 2 }, ...others] : [], 'tick', { pool, most: 1 })
    expect(third).toMatchObject({ searched: { reason: 'page', rest: { index: 2, before: null } } })
  })

  it('asks for what is a range of a log, piece by piece, and passes over one that cannot be read', async () => {
    const pool = new SearchPool(steadyClock, poolLimits, async function* (id) {
      if (id === 'broken') throw new Error('The disk is gone.')
      for (const event of ticks(3)) yield [event]
    })
    onTestFinished(() => pool.close())
    const ofLog = (id: string): SearchedRecording => ({
      id,
      source: { kind: 'log', id },
      bytes: 100,
      from: null,
      to: null,
      before: null,
    })
    const recordings = [ofLog('broken'), ofLog('a'), await cast('b', ticks(1)), ofLog('c')]
    expect(await find(recordings, 'tick', { pool })).toMatchObject({
      hits: ['a 3', 'a 2', 'a 1', 'b 1', 'c 3', 'c 2', 'c 1'],
      searched: { reason: 'all' },
    })
  })

  it('passes over one that was deleted meanwhile', async () => {
    const [gone, there] = [await cast('gone', ticks(1)), await cast('there', ticks(1))]
    if (gone.source.kind === 'cast') await rm(gone.source.path)
    expect((await find([gone, there], 'tick')).hits).toEqual(['there 1'])
  })

  it('ends where a regular expression takes too long, and goes on after that recording', async () => {
    const hard = await cast('hard', [[1, 'o', `${'a'.repeat(60)}!\r\n`]])
    const { searched, hits } = await find([await cast('a', [[1, 'o', 'aab\r\n']]), hard, hard], '^(a+)+b?$', {
      regex: true,
      pool: newPool({ stuckMs: 500 }),
    })
    expect(hits).toEqual(['a 1'])
    expect(searched).toEqual({ reason: 'too-hard', rest: { index: 2, before: null } })
  })

  it('does not take one that is long for one that is stuck', async () => {
    const long = await cast(
      'long',
      Array.from({ length: 1_400 }, (_, index): CastEvent => [index, 'o', `${'tick '.repeat(3_000)}\r\n`]),
    )
    const pool = newPool({ stuckMs: 400 })
    const began = performance.now()
    expect((await find([long], 'tick', { pool, most: 10_000 })).searched).toMatchObject({ reason: 'all' })
    // Otherwise this shows nothing.
    expect(performance.now() - began).toBeGreaterThan(400)
  })

  it('ends when its time is up, and stops for who leaves', async () => {
    const recordings = [await cast('a', ticks(1))]
    expect((await find(recordings, 'tick', { ms: -1 })).searched).toEqual({
      reason: 'time',
      rest: { index: 0, before: null },
    })
    expect((await find(recordings, 'tick', { signal: AbortSignal.abort() })).searched).toBeNull()
    const { searched } = await find(recordings, 'tick', { pool: newPool({ recordingMs: -1 }) })
    expect(searched).toEqual({ reason: 'time', rest: null })
  })

  it('leaves a worker to those who search in logs, and gives each person a turn', async () => {
    const pool = newPool()
    const recordings = Array.from({ length: 6 }, (_, index) => cast(`${index}`, ticks(5_000)))
    const order: string[] = []
    const { signal } = new AbortController()
    const read = async (person: string, which: Promise<SearchedRecording>) => {
      const { source } = await which
      const turn = { query: phrase('tick'), source, from: null, to: null, before: null, most: 1 }
      await pool.recordingTurn(person, turn, signal)
      order.push(person)
    }
    await Promise.all(recordings)
    const reads = [
      ...recordings.slice(0, 4).map((one) => read('ada', one)),
      ...recordings.slice(4).map((one) => read('bob', one)),
    ]
    await Promise.resolve()
    const data = new Uint8Array(Buffer.from('x\n'))
    const pieces = [{ from: 0, bytes: 2, data }]
    await pool.turn('cyd', { query: phrase('x'), index: null, pieces, from: 0, to: 2, most: 1 }, signal)
    order.push('log')
    await Promise.all(reads)
    expect(order.filter((who) => who !== 'log')).toEqual(['ada', 'ada', 'bob', 'ada', 'bob', 'ada'])
    expect(order.indexOf('log')).toBeLessThan(4)
  })
})
