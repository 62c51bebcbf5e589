import { describe, expect, it } from 'vitest'
import { startAge } from '../../shared/clock.ts'
import { ManualClock } from '../../testing/clock.ts'
import { LEASE_MS, LeaseKeeper, TRUSTED_MS } from '../replicas/lease-keeper.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { StoreError } from '../store/store.ts'
import { LeasedLines } from './leased-lines.ts'
import { LineElsewhere } from './line-ownership.ts'

const SERVER = 'server-1'

/** Replicas with one store. Each has a way to it that can be cut, and a clock that can stand still. */
function replicas() {
  const clock = new ManualClock()
  const store = new MemoryStore(clock)
  const live = new Set<string>()
  const start = (id: string) => {
    const own = new ManualClock()
    let reachable = true
    const over =
      <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        if (!reachable) throw new StoreError('The store gave no answer in 1000 ms.')
        return call(...args)
      }
    const way = {
      acquire: over(store.acquire.bind(store)),
      renewAll: over(store.renewAll.bind(store)),
      release: over(store.release.bind(store)),
      publish: over(store.publish.bind(store)),
      subscribe: over(store.subscribe.bind(store)),
      appendTail: over(store.appendTail.bind(store)),
      readTail: over(store.readTail.bind(store)),
    }
    const keeper = new LeaseKeeper({ store: way, holder: id, clock: own, age: () => startAge(own, own) })
    live.add(id)
    const lines = new LeasedLines({
      keeper,
      store: way,
      isLive: async (other) => live.has(other),
      wall: clock,
    })
    return {
      lines,
      clock: own,
      die: () => live.delete(id),
      cutOff: () => {
        reachable = false
      },
      reconnect: () => {
        reachable = true
      },
    }
  }
  /** Time passes for the store and these replicas. */
  const pass = async (ms: number, ...those: ReturnType<typeof start>[]) => {
    for (let passed = 0; passed < ms; passed += 100) {
      for (const each of [clock, ...those.map(({ clock: own }) => own)]) each.advance(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { start, pass, clock }
}

const why = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )

describe('lines owned by lease', () => {
  it('have one owner, and name it to the others', async () => {
    const { start } = replicas()
    const [a, b] = [start('a'), start('b')]
    const line = await a.lines.take(SERVER)
    expect(line.lease.good).toBe(true)
    const refused = await why(b.lines.take(SERVER))
    expect(refused).toBeInstanceOf(LineElsewhere)
    expect(refused).toMatchObject({ owner: 'a', failure: { cause: 'line-moved' } })
    expect((await b.lines.take('server-2')).lease.good).toBe(true)
  })

  it('go to the next one as soon as they are given up', async () => {
    const { start, pass } = replicas()
    const [a, b] = [start('a'), start('b')]
    const line = await a.lines.take(SERVER)
    const next = b.lines.take(SERVER, 5_000)
    await pass(1_000, a, b)
    await line.release()
    expect(line.lease.good).toBe(false)
    const taken = await next
    expect(taken.lease.good).toBe(true)
    expect(await why(a.lines.take(SERVER))).toMatchObject({ owner: 'b' })
  })

  it('go to the next one when their owner has died, which knows when it was last seen', async () => {
    const { start, pass, clock } = replicas()
    const [a, b] = [start('a'), start('b')]
    await a.lines.take(SERVER)
    a.die()
    const died = clock.now()
    const next = b.lines.take(SERVER)
    await pass(LEASE_MS + 1_500, b)
    const line = await next
    expect(line.lease.good).toBe(true)
    expect(Math.abs((line.shared?.lastSeen ?? 0) - died)).toBeLessThan(1_500)
  })

  it('know when they were last heard, also where that was long ago, and others had them in vain', async () => {
    const { start, pass, clock } = replicas()
    const [a, b] = [start('a'), start('b')]
    await a.lines.take(SERVER)
    a.die()
    const died = clock.now()
    await pass(20_000, b)
    const inVain = await b.lines.take(SERVER)
    expect(inVain.shared?.lastSeen).toBe(died)
    await pass(5_000, b)
    await inVain.release({ unused: true })
    await pass(5_000, b)
    const line = await b.lines.take(SERVER)
    expect(line.shared?.lastSeen).toBe(died)
    await line.release()
    const given = clock.now()
    await pass(1_000, b)
    expect((await b.lines.take(SERVER)).shared?.lastSeen).toBe(given)
  })

  it('tell why they are lost: the store is away', async () => {
    const { start, pass } = replicas()
    const a = start('a')
    const line = await a.lines.take(SERVER)
    const told: string[] = []
    line.onLost(({ cause }) => told.push(cause))
    a.cutOff()
    await pass(TRUSTED_MS - 100, a)
    expect([line.lease.good, told]).toEqual([true, []])
    await pass(200, a)
    expect([line.lease.good, told]).toEqual([false, ['store-unreachable']])
    // Who listens late hears it, too.
    line.onLost(({ cause }) => told.push(cause))
    expect(told).toHaveLength(2)
    expect(await why(a.lines.take(SERVER))).toMatchObject({ failure: { cause: 'store-unreachable' } })
  })

  it('are lost to a process that stood still before it does anything, and another has them', async () => {
    const { start, pass } = replicas()
    const [a, b] = [start('a'), start('b')]
    const line = await a.lines.take(SERVER)
    const told: string[] = []
    line.onLost(({ cause }) => told.push(cause))
    await pass(10_000, b)
    const next = await b.lines.take(SERVER)
    a.clock.set(10_000)
    expect(line.lease.good).toBe(false)
    expect(told).toEqual(['store-unreachable'])
    expect(next.lease.good).toBe(true)
    await line.release()
    expect(next.lease.good).toBe(true)
  })

  it('wait for themselves where a connection is still closing', async () => {
    const { start, pass } = replicas()
    const a = start('a')
    const line = await a.lines.take(SERVER)
    let taken = false
    const again = a.lines.take(SERVER).then((next) => {
      taken = true
      return next
    })
    await pass(1_500, a)
    expect(taken).toBe(false)
    await line.release()
    expect((await again).lease.good).toBe(true)
  })
})
