import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { steadyClock } from '../../shared/clock.ts'
import { type CastEvent, encodeEvent, encodeHeader } from './cast.ts'
import { type ReaderLimits, RecordingReader, readerLimits } from './reader.ts'

async function castOf(...events: CastEvent[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'cast-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const path = join(dir, 'x.cast')
  await writeFile(path, encodeHeader({ title: 't', startedAt: 0 }) + events.map(encodeEvent).join(''))
  return path
}

const here = () => new AbortController().signal
const newReader = (change: Partial<ReaderLimits> = {}) =>
  new RecordingReader(steadyClock, { ...readerLimits, ...change })

async function textOf(reader: RecordingReader, path: string): Promise<string> {
  const read = await reader.text(path, here())
  if (read.kind !== 'done') throw new Error(read.kind)
  let text = ''
  for await (const piece of read.value) text += piece
  return text
}

/** Many pieces of the file, so that the worker has to be asked for more. */
const large = () =>
  castOf(
    ...Array.from(
      { length: 100 },
      (_, part): CastEvent => [part, 'o', `${'x'.repeat(15_000)}\r\nline ${part}\r\n`],
    ),
  )

describe('the reader of recordings', () => {
  it('searches one recording and many, in a thread of its own', async () => {
    const reader = newReader()
    const path = await castOf([1, 'o', 'tick\r\n'], [2, 'o', 'tock\r\n'])
    expect(await reader.searchOne({ path, query: 'TOCK', matches: 5 }, here())).toEqual({
      kind: 'done',
      value: { matches: [{ second: 2, before: '', match: 'tock', after: '' }], more: false },
    })
    const casts = [{ id: 'a', path }]
    expect(await reader.search({ casts, query: 'tick', matches: 5, skip: 0, take: 5 }, here())).toMatchObject(
      {
        kind: 'done',
        value: { found: [{ id: 'a' }], hasMore: false, complete: true },
      },
    )
  })

  it('gives the text piece by piece, each when the last was taken', async () => {
    const text = await textOf(newReader(), await large())
    expect(text.split('\n').filter((line) => line.startsWith('line'))).toHaveLength(100)
  })

  it('is quick with the repeat that took a minute and gibibytes', async () => {
    const begun = performance.now()
    const text = await textOf(newReader(), await castOf([1, 'o', 'a\x1b[2147483647b\r\nlogin: ']))
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect(text).toMatch(/^a{1,300}\nlogin:\n$/)
  })

  it('says so when it takes too long', async () => {
    const reader = newReader({ workMs: 1 })
    const path = await castOf([1, 'o', 'tick'])
    const stopped = { kind: 'stopped', bound: 'time' }
    expect(await reader.text(path, here())).toEqual(stopped)
    expect(await reader.searchOne({ path, query: 'tick', matches: 5 }, here())).toEqual(stopped)
  })

  it('says so when it needs too much memory', async () => {
    const path = await large()
    // More than the worker's heap, in one array.
    const casts = Array.from({ length: 400_000 }, (_, index) => ({
      id: `${index}`.padEnd(40),
      path: '/nowhere',
    }))
    const reader = newReader({ heapMiB: 16 })
    expect(await reader.search({ casts, query: 'x', matches: 5, skip: 0, take: 5 }, here())).toEqual({
      kind: 'stopped',
      bound: 'memory',
    })
    // The next one is not hurt.
    expect(await newReader().searchOne({ path, query: 'line 99', matches: 5 }, here())).toMatchObject({
      kind: 'done',
    })
  })

  it('breaks the text off when a bound is hit in the middle', async () => {
    const reader = newReader({ stalledMs: 50 })
    const read = await reader.text(await large(), here())
    if (read.kind !== 'done') throw new Error(read.kind)
    const pieces = read.value[Symbol.asyncIterator]()
    await pieces.next()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const rest = async () => {
      for (;;) if ((await pieces.next()).done) return
    }
    await expect(rest()).rejects.toThrow('The export was stopped')
  })

  it('ends a download that takes too long in all', async () => {
    const read = await newReader({ downloadMs: 0 }).text(await large(), here())
    if (read.kind !== 'done') throw new Error(read.kind)
    const all = async () => {
      for await (const piece of read.value)
        await new Promise((resolve) => setTimeout(resolve, piece ? 20 : 0))
    }
    await expect(all()).rejects.toThrow('The export was stopped')
  })

  it('runs two exports at a time, and refuses when too many wait', async () => {
    const reader = newReader()
    const path = await large()
    const running = [await reader.text(path, here()), await reader.text(path, here())]
    const leaving = new AbortController()
    const waiting = Array.from({ length: 20 }, () => reader.text(path, leaving.signal))
    expect(await reader.text(path, here())).toEqual({ kind: 'stopped', bound: 'queue' })
    leaving.abort()
    for (const read of running) if (read.kind === 'done') read.value.destroy()
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ kind: 'left' })))
    expect(await textOf(reader, path)).toContain('line 99')
  })

  it('ends the work of one who leaves', async () => {
    const reader = newReader()
    const leaving = new AbortController()
    const read = reader.searchOne({ path: await large(), query: 'x', matches: 5 }, leaving.signal)
    leaving.abort()
    expect(await read).toEqual({ kind: 'left' })
  })

  it('passes on the error of a file that cannot be read', async () => {
    await expect(newReader().text('/nowhere.cast', here())).rejects.toThrow('ENOENT')
  })
})
