import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { machineDisk } from './disk.ts'
import { Journal } from './journal.ts'
import { kinds, RecordWriter, readRecords } from './records.ts'

let dir = ''

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'line-log-journal-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const texts = ['first', 'the second', '', 'fourth']

function recordsOf(given: readonly string[]): Buffer {
  const records = new RecordWriter(1)
  for (const [index, text] of given.entries()) {
    records.add(kinds.bytes, index * 2 ** 33, 1_700_000_000_000 + index, Buffer.from(text), Buffer.from('!'))
  }
  return records.take()
}

async function replayed(): Promise<string[]> {
  const found: string[] = []
  await new Journal(dir, machineDisk, new ManualClock(), 1024).replay(({ at, time, payload }) => {
    found.push(payload.toString().slice(0, -1))
    expect(at).toBe((time - 1_700_000_000_000) * 2 ** 33)
  })
  return found
}

describe('a journal', () => {
  it('that was cut at any byte gives its whole records, and loses the rest of the file', async () => {
    const whole = recordsOf(texts)
    const path = join(dir, 'journal-1.log')
    for (let cut = 0; cut <= whole.length; cut += 1) {
      await writeFile(path, whole.subarray(0, cut))
      const found = await replayed()
      expect(found).toEqual(texts.slice(0, found.length))
      const { size } = await stat(path)
      expect(size).toBe(recordsOf(found).length)
      expect(cut - size).toBeLessThan(recordsOf(['the second']).length)
      expect(await replayed()).toEqual(found)
    }
  })

  it('that was damaged at any byte gives what is before the damage', async () => {
    const whole = recordsOf(texts)
    const path = join(dir, 'journal-1.log')
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole)
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x10, at)
      await writeFile(path, damaged)
      const found = await replayed()
      expect(found.length).toBeLessThan(texts.length)
      expect(found).toEqual(texts.slice(0, found.length))
    }
  })

  it('goes on in a new file after a kill, and keeps those that are needed', async () => {
    await writeFile(join(dir, 'journal-3.log'), recordsOf(['old']).subarray(0, -1))
    const journal = new Journal(dir, machineDisk, new ManualClock(), 1024)
    await journal.replay(() => {})
    expect(await journal.write(recordsOf(['new']))).toBe(4)
    expect(await readFile(join(dir, 'journal-3.log'))).toHaveLength(0)
    await journal.tidy(3)
    expect(await replayed()).toEqual(['new'])
    await journal.tidy(4)
    await expect(stat(join(dir, 'journal-3.log'))).rejects.toThrow('ENOENT')
  })
})

it('reads any records that it wrote', () => {
  const record = fc.record({
    kind: fc.integer({ min: 1, max: 255 }),
    at: fc.nat({ max: 2 ** 48 - 1 }),
    time: fc.nat({ max: 2 ** 48 - 1 }),
    payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  })
  fc.assert(
    fc.property(fc.array(record), (given) => {
      const records = new RecordWriter(1)
      for (const { kind, at, time, payload } of given) records.add(kind, at, time, payload)
      const found: unknown[] = []
      expect(readRecords(records.take(), (each) => found.push(each))).toBe(records.length)
      expect(found).toEqual(given)
    }),
  )
})
