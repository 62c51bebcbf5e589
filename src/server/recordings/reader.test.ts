import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { steadyClock } from '../../shared/clock.ts'
import { type CastEvent, encodeEvent, encodeHeader } from './cast.ts'
import type { RecordingSource } from './jobs.ts'
import { type ReaderLimits, RecordingReader, readerLimits } from './reader.ts'

async function castOf(...events: CastEvent[]): Promise<RecordingSource> {
  const dir = await mkdtemp(join(tmpdir(), 'cast-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const path = join(dir, 'x.cast')
  await writeFile(path, encodeHeader({ title: 't', startedAt: 0 }) + events.map(encodeEvent).join(''))
  return { kind: 'cast', path }
}

const here = () => new AbortController().signal
const newReader = (change: Partial<ReaderLimits> = {}) =>
  new RecordingReader(steadyClock, { ...readerLimits, ...change })

async function textOf(reader: RecordingReader, source: RecordingSource): Promise<string> {
  const read = await reader.text(source, here())
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
    const source = await castOf([1, 'o', 'tick'])
    const stopped = { kind: 'stopped', bound: 'time' }
    expect(await reader.text(source, here())).toEqual(stopped)
  })

  it('says so when it needs too much memory', async () => {
    const source = await large()
    // A worker needs more than this to begin.
    const reader = newReader({ heapMiB: 4 })
    expect(await reader.text(source, here())).toEqual({ kind: 'stopped', bound: 'memory' })
    // The next one is not hurt.
    expect(await textOf(newReader(), source)).toContain('line 99')
  })

  describe('that hits a bound in the middle of a text', () => {
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

    /** The text as a download gets it. @param pause before each piece but the first */
    async function read(
      reader: RecordingReader,
      source: RecordingSource,
      pause: () => Promise<unknown>,
    ): Promise<string[]> {
      const text = await reader.text(source, here())
      if (text.kind !== 'done') throw new Error(text.kind)
      let all = ''
      for await (const piece of text.value) {
        all += piece
        await pause()
      }
      return all.trimEnd().split('\n')
    }

    it('ends it with a line that says so, after whole lines', async () => {
      // Each look at the clock costs 20 s of the worker's minute.
      let looks = 0
      const clock = { ...steadyClock, now: () => 20_000 * looks++ }
      const lines = await read(new RecordingReader(clock), await large(), async () => {})
      expect(lines.at(-1)).toBe('── The rest is missing: the export took longer than the server allows. ──')
      expect(lines.at(-2)).toMatch(/^(line \d+|x+)$/)
      expect(lines).not.toContain('line 99')
    })

    it('says that the download was too slow, to one that stalls or takes too long in all', async () => {
      const slow = '── The rest is missing: the download was too slow. ──'
      const source = await large()
      expect((await read(newReader({ stalledMs: 50 }), source, () => wait(300))).at(-1)).toBe(slow)
      expect((await read(newReader({ downloadMs: 0 }), source, () => wait(20))).at(-1)).toBe(slow)
    })

    it('gives the turns of downloads that stall to others', async () => {
      const reader = newReader({ stalledMs: 50 })
      const source = await large()
      const reads = [await reader.text(source, here()), await reader.text(source, here())]
      // Nobody takes more than the first piece.
      for (const text of reads) if (text.kind === 'done') await text.value[Symbol.asyncIterator]().next()
      reads.push(await reader.text(source, here()))
      expect(reads.map(({ kind }) => kind)).toEqual(['done', 'done', 'done'])
      for (const text of reads) if (text.kind === 'done') text.value.destroy()
    })
  })

  it('runs two exports at a time, and refuses when too many wait', async () => {
    const reader = newReader()
    const source = await large()
    const running = [await reader.text(source, here()), await reader.text(source, here())]
    const leaving = new AbortController()
    const waiting = Array.from({ length: 20 }, () => reader.text(source, leaving.signal))
    expect(await reader.text(source, here())).toEqual({ kind: 'stopped', bound: 'queue' })
    leaving.abort()
    for (const read of running) if (read.kind === 'done') read.value.destroy()
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ kind: 'left' })))
    expect(await textOf(reader, source)).toContain('line 99')
  })

  it('ends the work of one who leaves', async () => {
    const reader = newReader()
    const leaving = new AbortController()
    const read = reader.text(await large(), leaving.signal)
    leaving.abort()
    expect(await read).toEqual({ kind: 'left' })
  })

  it('passes on the error of a file that cannot be read', async () => {
    await expect(newReader().text({ kind: 'cast', path: '/nowhere.cast' }, here())).rejects.toThrow('ENOENT')
  })
})
