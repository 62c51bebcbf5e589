import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TrigramIndex } from './trigram-index.ts'

const ALL = { from: 0, before: 2 ** 31, most: 1_000 }

async function newPath(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'index-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return join(dir, 'search.db')
}

async function openIndex(path?: string) {
  const index = TrigramIndex.open(path ?? (await newPath()))
  onTestFinished(() => index.close())
  return index
}

describe('the trigram index', () => {
  it('names each block that holds a text, in whatever case, newest first', async () => {
    const index = await openIndex()
    index.add('a', 0, ['link is up', 'Kernel panic - not syncing', 'link is down'])
    index.add('b', 7, ['kernel PANIC'])
    index.add('a', 3, ['another panic'])
    expect(index.find('a', ['panic'], ALL)).toEqual([3, 1])
    expect(index.find('a', ['KERNEL PANIC'], ALL)).toEqual([1])
    expect(index.find('b', ['panic'], ALL)).toEqual([7])
    expect(index.find('c', ['panic'], ALL)).toEqual([])
    expect(index.find('a', ['link', 'down'], ALL)).toEqual([2])
  })

  it('looks in a range, and gives no more than is asked for', async () => {
    const index = await openIndex()
    index.add(
      'a',
      0,
      Array.from({ length: 10 }, () => 'error'),
    )
    expect(index.find('a', ['error'], { from: 2, before: 8, most: 3 })).toEqual([7, 6, 5])
    expect(index.find('a', ['error'], { from: 2, before: 5, most: 30 })).toEqual([4, 3, 2])
  })

  it('says nothing about a text that is too short', async () => {
    const index = await openIndex()
    index.add('a', 0, ['ok'])
    expect(index.find('a', ['ok'], ALL)).toBeNull()
  })

  it('finds every piece of any bytes, whatever they are', async () => {
    const index = await openIndex()
    let next = 0
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 3, maxLength: 300 }),
        fc.nat(),
        fc.nat(),
        (bytes, start, length) => {
          const text = Buffer.from(bytes).toString('latin1')
          index.add('a', next, [text])
          const from = start % (text.length - 2)
          const piece = text.slice(from, from + 3 + (length % (text.length - from - 2)))
          const found = index.find('a', [piece], { from: next, before: next + 1, most: 1 })
          expect(found).toEqual([next])
          next += 1
        },
      ),
      { numRuns: 300 },
    )
  })

  it('goes on where it ended, and is read by others meanwhile', async () => {
    const path = await newPath()
    const first = TrigramIndex.open(path)
    first.add('a', 4, ['one panic', 'another'])
    first.close()
    const index = await openIndex(path)
    expect(index.lines.get('a')).toEqual({ id: 1, first: 4, next: 6 })
    const reader = TrigramIndex.read(path)
    onTestFinished(() => reader.close())
    index.add('a', 6, ['the last panic'])
    expect(reader.find('a', ['panic'], ALL)).toEqual([6, 4])
    expect(reader.covered('a')).toMatchObject({ first: 4, next: 7 })
    expect(() => index.add('a', 5, ['again'])).toThrow(RangeError)
  })
})
