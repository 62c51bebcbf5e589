import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { leased } from '../../testing/leased.ts'
import { MemoryStore as LogStore } from '../../testing/line-log.ts'
import { MemoryStore } from '../store/memory-store.ts'
import type { LineLog } from './line-log.ts'
import { LineLogs } from './line-logs.ts'
import type { LineRef, LineStore } from './store/store.ts'

const line: LineRef = { server: { id: 'server-1', name: 'web-1' }, project: null }
const NAME = 'line:server-1'

/** Replicas that share a store. Each may have a log of its own. */
function replicas() {
  const clock = new ManualClock()
  const store = new MemoryStore(clock)
  const log = pino({ level: 'silent' })
  let holder = 0
  /** The line's next owner, once the one before has given it up or has died */
  const free = async () => {
    const before = await store.leaseOf(NAME)
    if (before) await store.release(NAME, before)
  }
  const open = async (session: string, kept: LineStore | null = null, lastSeen: number | null = null) => {
    await free()
    const lease = await leased(store, NAME, `replica-${holder++}`)
    const logs = new LineLogs({ store: kept, lastSeen: null, keptBytes: 64 * 1024, log, clock, wall: clock })
    const opened = await logs.open(line, session, {
      shared: { store, name: NAME, lease, lastSeen, onForgotten: () => {} },
    })
    await opened.wake()
    return opened
  }
  const written = async () => {
    clock.advance(250)
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  }
  return { open, free, clock, written }
}

const says = (log: LineLog, text: string) => log.append(Buffer.from(text))
const held = ({ ring }: LineLog) => {
  const parts: Buffer[] = []
  for (let at = ring.start; at < ring.end; at += parts.at(-1)?.length ?? 0) parts.push(ring.read(at, 1 << 20))
  return Buffer.concat(parts).toString()
}
const seam = ({ seams }: LineLog) => seams.from(0)?.seam

describe('a line that goes from one replica to another', () => {
  it('goes on with the offsets, and with what was said', async () => {
    const { open, clock } = replicas()
    const one = await open('a.1')
    says(one, 'before\n')
    await one.close(true)
    clock.advance(40)
    const two = await open('b.1')
    expect([two.began, held(two), two.follows]).toEqual([7, 'before\n', 'a.1'])
    expect(seam(two)).toEqual({ at: 7, why: 'restarted', awayMs: 40 })
    expect(two.place(null, [{ session: 'a.1', offset: 7 }])).toMatchObject({ from: 7, goesOn: true })
  })

  it('goes on where a killed owner was written last, and says for how long nobody listened', async () => {
    const { open, free, clock, written } = replicas()
    const one = await open('a.1')
    says(one, 'kept\n')
    await written()
    await free()
    const died = clock.now()
    says(one, 'said into no ear\n')
    clock.advance(3_000)
    const two = await open('b.1', null, died)
    expect([two.began, held(two)]).toEqual([5, 'kept\n'])
    expect(seam(two)).toEqual({ at: 5, why: 'restarted', awayMs: 3_000 })
    // A page that has seen more than was kept goes on with what comes now.
    expect(two.place(null, [{ session: 'a.1', offset: 22 }])).toMatchObject({ from: 5, goesOn: true })
  })

  it('is known to the others before its first viewer comes, though its owner is killed at once', async () => {
    const { open, free, clock } = replicas()
    const one = await open('a.1')
    await one.shared()
    await free()
    const died = clock.now()
    clock.advance(3_000)
    const two = await open('b.1', null, died)
    expect(two.follows).toBe('a.1')
    expect(seam(two)).toEqual({ at: 0, why: 'restarted', awayMs: 3_000 })
    expect(two.place(null, [{ session: 'a.1', offset: 5 }])).toMatchObject({ from: 0, goesOn: true })
  })

  it('is taken in by the log of a replica that had it before, with a gap where nobody has it', async () => {
    const { open } = replicas()
    const [first, second] = [new LogStore(), new LogStore()]
    const one = await open('a.1', first)
    says(one, 'one\n')
    await one.close(true)
    const two = await open('b.1', second)
    says(two, 'two\n')
    await two.close(true)
    const three = await open('a.2', first)
    expect([three.began, held(three)]).toEqual([8, 'one\ntwo\n'])
    says(three, 'three\n')
    for (const [store, text] of [
      [first, 'one\ntwo\nthree\n'],
      [second, 'one\ntwo\n'],
    ] as const) {
      const { bytes } = (await store.reader('server-1')?.read(0, 100)) ?? {}
      expect(bytes?.toString()).toBe(text)
    }
  })

  it('goes on with the last words that only its own log has, where nobody had it since', async () => {
    const { open, written } = replicas()
    const store = new LogStore()
    const one = await open('a.1', store)
    says(one, 'kept\n')
    await written()
    says(one, 'on disk\n')
    // The process was killed: its log has more than the others.
    store.line(line).writing = false
    const two = await open('a.2', store, 0)
    expect([two.began, held(two)]).toEqual([13, 'kept\non disk\n'])
    await two.close(true)
    const three = await open('b.1')
    expect(held(three)).toBe('kept\non disk\n')
  })

  it('begins anew for pages where two replicas have heard different things', async () => {
    const { open, written } = replicas()
    const store = new LogStore()
    const one = await open('a.1', store)
    says(one, 'kept\n')
    await written()
    says(one, 'much that only this log has\n')
    store.line(line).writing = false
    const two = await open('b.1', null, 0)
    says(two, 'short\n')
    await two.close(true)
    const three = await open('a.2', store)
    expect([three.began, held(three)]).toEqual([33, 'kept\nshort\n'])
    expect(three.place(null, [{ session: 'b.1', offset: 11 }]).goesOn).toBe(false)
  })
})
