import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { leased } from '../../testing/leased.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { StoreError, type TailWrite } from '../store/store.ts'
import { SharedTail } from './shared-tail.ts'
import type { LineTail } from './store/store.ts'
import { readSharedTail, tailOf } from './tail-facts.ts'

const NAME = 'line:1'
const KEPT = 64 * 1024

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** An owner of a line, and its way to the store */
async function owner({ keptBytes = KEPT, clock = new ManualClock(), store = new MemoryStore(clock) } = {}) {
  const writes: TailWrite[] = []
  let way: 'open' | 'cut' | 'deaf' | 'slow' = 'open'
  let go: () => void = () => {}
  const through = {
    async appendTail(name: string, write: TailWrite) {
      writes.push(write)
      if (way === 'cut') throw new StoreError('The store gave no answer in 1000 ms.')
      if (way === 'slow') await new Promise<void>((resolve) => (go = resolve))
      const done = await store.appendTail(name, write)
      if (way === 'deaf') throw new StoreError('The store gave no answer in 1000 ms.')
      return done
    },
  }
  const lease = await leased(store, NAME, crypto.randomUUID())
  const before = await readSharedTail(store, NAME)
  const tail = new SharedTail({ store: through, name: NAME, lease, tail: before, keptBytes, clock })
  return {
    clock,
    store,
    tail,
    writes,
    before,
    lease,
    turn: (to: typeof way) => {
      way = to
      go()
    },
    say: (text: string | Buffer) => tail.append(Buffer.from(text), clock.now()),
    pass: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 50) {
        clock.advance(50)
        await settled()
      }
    },
    kept: async (): Promise<LineTail> => {
      const kept = await readSharedTail(store, NAME)
      if (!kept) throw new Error('nothing')
      return kept
    },
  }
}

const sizes = (writes: readonly TailWrite[]) =>
  writes.map(({ pieces }) => pieces.reduce((sum, { bytes }) => sum + bytes.length, 0))

describe('what a line said, for its next owner', () => {
  it('is written together, and read as it came: bytes, times and marks in their places', async () => {
    const { clock, tail, say, pass, kept, writes } = await owner()
    const began = clock.now()
    tail.mark({ kind: 'session', id: 's1', state: 'on' }, began)
    say('one ')
    say('two ')
    await pass(150)
    say('three\n')
    tail.mark({ kind: 'boot' }, clock.now())
    await pass(50)
    expect(writes).toHaveLength(1)
    expect(await kept()).toEqual({
      from: 0,
      bytes: Buffer.from('one two three\n'),
      marks: [
        { at: 0, time: began, mark: { kind: 'session', id: 's1', state: 'on' } },
        { at: 14, time: began + 150, mark: { kind: 'boot' } },
      ],
      times: [
        { at: 0, time: began },
        { at: 8, time: began + 150 },
      ],
      lastAt: began + 150,
    })
    await pass(5_000)
    expect(writes).toHaveLength(1)
  })

  it('goes on behind what the owner before left', async () => {
    const first = await owner()
    first.tail.mark({ kind: 'session', id: 's1', state: 'on' }, 1)
    first.say('before')
    first.tail.mark({ kind: 'session', id: 's1', state: 'restarting' }, 2)
    first.tail.close()
    expect(await first.tail.flush()).toBe(true)
    await first.store.release(NAME, first.lease)
    const next = await owner(first)
    expect(next.before?.bytes.toString()).toBe('before')
    expect(next.tail.end).toBe(6)
    next.tail.mark({ kind: 'session', id: 's2', state: 'on' }, 3)
    next.say(' after')
    await next.tail.flush()
    const { bytes, marks } = await next.kept()
    expect(bytes.toString()).toBe('before after')
    expect(marks.map(({ at, time }) => [at, time])).toEqual([
      [0, 1],
      [6, 2],
      [6, 3],
    ])
  })

  it('writes nothing any more once another owns the line', async () => {
    const first = await owner()
    first.say('mine')
    await first.tail.flush()
    await first.store.release(NAME, first.lease)
    const next = await owner(first)
    next.say(' next')
    await next.tail.flush()
    first.say(' late')
    expect(await first.tail.flush()).toBe(false)
    const asked = first.writes.length
    first.say(' later')
    await first.pass(5_000)
    expect(first.writes).toHaveLength(asked)
    expect((await next.kept()).bytes.toString()).toBe('mine next')
  })

  it('keeps as much as it should of a flood, and the newest', async () => {
    const { say, pass, kept, tail } = await owner()
    const said = Buffer.alloc(40 * KEPT)
    for (let at = 0; at < said.length; at += 4) said.writeUInt32BE(at, at)
    for (let at = 0; at < said.length; at += 10_000) {
      say(said.subarray(at, at + 10_000))
      if (at % 100_000 === 0) await pass(50)
    }
    await tail.flush()
    const { from, bytes } = await kept()
    expect(from + bytes.length).toBe(said.length)
    expect(bytes.length).toBeGreaterThanOrEqual(KEPT)
    expect(bytes.length).toBeLessThanOrEqual(KEPT + 32 * 1024)
    expect(bytes.equals(said.subarray(from))).toBe(true)
  })

  it('has one write under way, and holds no more than is to be kept, while the store is slow', async () => {
    const { say, pass, turn, writes, kept, tail } = await owner()
    turn('slow')
    say('first')
    await pass(200)
    for (let n = 0; n < 100; n++) {
      say(Buffer.alloc(KEPT / 4, n))
      await pass(50)
    }
    expect(writes).toHaveLength(1)
    turn('open')
    expect(await tail.flush()).toBe(true)
    expect(sizes(writes)).toEqual([5, KEPT + 16 * 1024])
    const { from, bytes } = await kept()
    expect(from).toBe(5 + 25 * KEPT - bytes.length)
    expect(bytes.subarray(-KEPT)).toEqual(
      Buffer.concat([96, 97, 98, 99].map((n) => Buffer.alloc(KEPT / 4, n))),
    )
  })

  it('writes nothing twice where nobody knows whether it was written', async () => {
    const { say, pass, turn, kept, tail } = await owner()
    turn('deaf')
    tail.mark({ kind: 'boot' }, 1)
    say('once ')
    await pass(200)
    turn('open')
    say('only')
    await pass(500)
    const { bytes, marks } = await kept()
    expect(bytes.toString()).toBe('once only')
    expect(marks).toHaveLength(1)
  })

  it('goes on by itself when the store is back', async () => {
    const { say, pass, turn, writes, kept } = await owner()
    turn('cut')
    say('one ')
    await pass(3_000)
    expect(writes.length).toBeLessThan(8)
    say('two')
    turn('open')
    await pass(500)
    expect((await kept()).bytes.toString()).toBe('one two')
  })

  it('writes the rest when it is closed in the middle of a write', async () => {
    const { say, pass, turn, kept, tail, clock } = await owner()
    turn('slow')
    say('one ')
    await pass(200)
    say('two')
    tail.mark({ kind: 'session', id: 's', state: 'ended' }, 5)
    tail.close()
    turn('open')
    expect(await tail.flush()).toBe(true)
    expect((await kept()).bytes.toString()).toBe('one two')
    expect((await kept()).marks).toMatchObject([{ at: 7, mark: { state: 'ended' } }])
    expect(clock.pending).toBe(0)
  })

  it('says what people marked again, before that goes with the bytes', async () => {
    const first = await owner()
    const note = { kind: 'note', id: 'n1', line: 0, text: 'here', by: 'ann' } as const
    first.tail.mark(note, 1)
    first.tail.mark({ ...note, id: 'n2' }, 2)
    first.tail.mark({ kind: 'note-gone', id: 'n2', by: 'ann' }, 3)
    await first.tail.flush()
    await first.store.release(NAME, first.lease)
    const next = await owner(first)
    for (let n = 0; n < 20; n++) {
      next.say(Buffer.alloc(KEPT / 4))
      await next.tail.flush()
    }
    const { from, marks } = await next.kept()
    expect(from).toBeGreaterThan(3 * KEPT)
    expect([...new Set(marks.map(({ mark }) => (mark.kind === 'note' ? mark.id : mark.kind)))]).toEqual([
      'n1',
    ])
  })

  it('says who has the line, and what people marked, again when the store has forgotten all', async () => {
    const { tail, say, pass, kept, store, lease } = await owner()
    const session = { kind: 'session', id: 's', state: 'on' } as const
    const note = { kind: 'note', id: 'n1', line: 0, text: 'here', by: 'ann' } as const
    tail.mark(session, 1)
    tail.mark(note, 2)
    say('forgotten')
    await pass(200)
    await store.appendTail(NAME, { lease, number: 1_000, pieces: [], keepFrom: 1_000, ttlMs: 60_000 })
    expect(await readSharedTail(store, NAME)).toBeNull()
    tail.forgotten()
    await pass(200)
    const marks = [
      { at: 9, time: 2, mark: note },
      { at: 9, time: 1, mark: session },
    ]
    expect(await kept()).toMatchObject({ from: 9, bytes: Buffer.alloc(0), marks })
    say(' and heard')
    await pass(200)
    expect(await kept()).toMatchObject({ from: 9, bytes: Buffer.from(' and heard'), marks })
  })

  it('stays as long as its line is owned, although that says nothing', async () => {
    const { say, pass, clock, kept, store, tail } = await owner()
    say('quiet')
    await pass(200)
    for (let hours = 0; hours < 5; hours += 0.25) {
      clock.advance(15 * 60_000)
      await settled()
    }
    expect((await kept()).bytes.toString()).toBe('quiet')
    tail.close()
    await tail.flush()
    clock.advance(61 * 60_000)
    expect(await readSharedTail(store, NAME)).toBeNull()
  })
})

describe('the pieces of a tail', () => {
  const piece = (at: number, text: string, facts: string | null = null) => ({
    at,
    bytes: Buffer.from(text),
    facts,
  })

  it('are read from behind the last hole, without what is there twice', () => {
    const pieces = [piece(0, 'old'), piece(10, 'one'), piece(11, 'ne two'), piece(12, 'e')]
    expect(tailOf(pieces)).toMatchObject({ from: 10, bytes: Buffer.from('one two') })
  })

  it('are read without facts that this version does not know', () => {
    const pieces = [
      piece(0, 'one', '{"marks":[{"at":0,"time":1,"mark":{"kind":"new"}}]}'),
      piece(3, 'two', '{'),
    ]
    expect(tailOf(pieces)).toEqual({ from: 0, bytes: Buffer.from('onetwo'), marks: [], times: [], lastAt: 0 })
    expect(tailOf([])).toBeNull()
  })
})
