import { expect, it } from 'vitest'
import { LogMark } from '../shared/line-log.ts'
import { MemoryStore } from './line-log.ts'

const line = { server: { id: 'server-1', name: 'web-01' }, project: null }

it('reads what was written, and skips a gap', async () => {
  const store = new MemoryStore()
  const writer = await store.open(line)
  writer.append(Buffer.from('one '), 1000)
  writer.append(Buffer.from('two'), 2000)
  store.line(line).lose(10, 2500)
  writer.append(Buffer.from('three'), 3000)
  writer.mark({ kind: 'boot' }, 3000)
  expect(writer.end).toBe(22)

  const reader = store.reader('server-1')
  expect(await reader?.read(2, 100)).toEqual({ at: 2, bytes: Buffer.from('e two') })
  expect(await reader?.read(2, 3)).toEqual({ at: 2, bytes: Buffer.from('e t') })
  expect(await reader?.read(9, 100)).toEqual({ at: 17, bytes: Buffer.from('three') })
  expect(await reader?.read(22, 100)).toEqual({ at: 22, bytes: Buffer.alloc(0) })
  const marks = (await reader?.marks(0, 100)) ?? []
  expect(marks.map(({ at, mark }) => [at, LogMark.parse(mark).kind])).toEqual([
    [7, 'gap'],
    [22, 'boot'],
  ])
  expect(await reader?.timeOf(5)).toBe(2000)
  expect(await reader?.offsetOf(1500)).toBe(4)
  expect(await reader?.offsetOf(4000)).toBe(22)
  expect(await reader?.files()).toEqual([])
})

it('gives the newest bytes up to a gap', async () => {
  const store = new MemoryStore()
  expect(await store.tail('server-1', 100)).toBeNull()
  const writer = await store.open(line)
  writer.append(Buffer.from('zero'), 500)
  store.line(line).lose(1, 800)
  writer.append(Buffer.from('one '), 1000)
  writer.append(Buffer.from('two'), 2000)
  expect(await store.tail('server-1', 100)).toEqual({
    from: 5,
    bytes: Buffer.from('one two'),
    marks: [],
    times: [
      { at: 5, time: 1000 },
      { at: 9, time: 2000 },
    ],
    lastAt: 2000,
  })
  expect((await store.tail('server-1', 5))?.bytes.toString()).toBe('e two')
  store.line(line).drop(5)
  expect(store.reader('server-1')?.start).toBe(5)
})

it('tells followers, and has one writer of a line', async () => {
  const store = new MemoryStore()
  const writer = await store.open(line)
  await expect(store.open(line)).rejects.toThrow('has a writer')
  let told = 0
  const stop = store.reader('server-1')?.follow(() => {
    told += 1
  })
  writer.append(Buffer.from('a'), 1)
  stop?.()
  writer.append(Buffer.from('b'), 2)
  expect(told).toBe(1)
  writer.close()
  await expect(store.open(line)).resolves.toMatchObject({ end: 2 })
  expect(store.lines()).toEqual([line])
  await store.close()
  expect(store.closed).toBe(true)
})
