import { EventEmitter, once } from 'node:events'
import { beforeEach, expect, it } from 'vitest'
import { startAge } from '../../shared/clock.ts'
import { ManualClock } from '../../testing/clock.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { type Store, StoreError } from '../store/store.ts'
import {
  type KeptLease,
  LEASE_MS,
  LeaseKeeper,
  type LeaseKeeperOptions,
  RENEW_MS,
  type Taken,
  TRUSTED_MS,
  type WhyLost,
} from './lease-keeper.ts'

type Way = LeaseKeeperOptions['store']

/** The store's time goes on while a process stands still. */
let storeClock: ManualClock
let store: Store
beforeEach(() => {
  storeClock = new ManualClock()
  store = new MemoryStore(storeClock)
})

/** A process with a clock and a way to the store of its own */
function process(holder: string) {
  const clock = new ManualClock()
  const lost: WhyLost[] = []
  let reachable = true
  const over = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (!reachable) throw new StoreError('The store gave no answer in 1000 ms.')
    return ask()
  }
  const renewals: number[] = []
  const way: Way = {
    acquire: (...args) => over(() => store.acquire(...args)),
    renewAll: (leases, ms) => {
      renewals.push(leases.length)
      return over(() => store.renewAll(leases, ms))
    },
    release: (...args) => over(() => store.release(...args)),
    publish: (...args) => over(() => store.publish(...args)),
    subscribe: (...args) => over(() => store.subscribe(...args)),
  }
  const keeperBy = (by: Way) =>
    new LeaseKeeper({ store: by, holder, clock, age: () => startAge(clock, clock.steady) })
  const keeper = keeperBy(way)
  return {
    clock,
    lost,
    renewals,
    cutOff: () => {
      reachable = false
    },
    reconnect: () => {
      reachable = true
    },
    way,
    keeper,
    keeperBy,
    take: (name = 'line') => keeper.take(name, (why) => lost.push(why)),
    takeWithin: (ms: number, of: string | null = 'a') =>
      keeper.takeWithin('line', { ms, of }, (why) => lost.push(why)),
  }
}

/** Time passes for the store and these processes, in small steps, with all answers in between. */
async function pass(ms: number, ...clocks: ManualClock[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    for (const clock of [storeClock, ...clocks]) clock.advance(100)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** What a process took. @throws where it cannot be had */
function had(taken: Taken): KeptLease {
  if (taken.state !== 'acquired') throw new Error(taken.state)
  return taken.lease
}

const taken = async (by: ReturnType<typeof process>, name?: string): Promise<KeptLease> =>
  had(await by.take(name))

it('stays good as long as the store confirms it, and nobody else gets it', async () => {
  const [a, b] = [process('a'), process('b')]
  const lease = await taken(a)
  for (let n = 0; n < 20; n++) {
    await pass(RENEW_MS / 2, a.clock)
    expect(lease.good).toBe(true)
    expect((await b.take()).state).toBe('held')
  }
  expect(a.lost).toEqual([])
})

it('counts what became of its renewals and leases', async () => {
  const [a, b] = [process('a'), process('b')]
  await taken(a)
  await pass(2 * RENEW_MS, a.clock)
  expect(a.keeper.counts).toEqual({ renewed: 2, unrenewed: 0, expired: 0, taken: 0 })
  a.cutOff()
  await pass(5_000, a.clock)
  expect(a.keeper.counts).toMatchObject({ renewed: 2, expired: 1, taken: 0 })
  expect(a.keeper.counts.unrenewed).toBeGreaterThan(1)
  expect((await b.take()).state).toBe('acquired')
})

it('ends at its holder before the next one can have it', async () => {
  const [a, b] = [process('a'), process('b')]
  const lease = await taken(a)
  await pass(RENEW_MS, a.clock)
  a.cutOff()
  const steps: string[] = []
  for (let n = 0; n < 40; n++) {
    await pass(100, a.clock, b.clock)
    const [held, next] = [lease.good, (await b.take()).state === 'acquired']
    steps.push(held ? 'held' : next ? 'next' : 'nobody')
    if (held) expect(next).toBe(false)
    if (next) break
  }
  expect([...new Set(steps)]).toEqual(['held', 'nobody', 'next'])
  expect(steps.filter((step) => step === 'nobody').length).toBeGreaterThanOrEqual(
    (LEASE_MS - TRUSTED_MS) / 100 - 1,
  )
  expect(a.lost).toEqual(['expired'])
})

it('tells by itself that it is over, with nobody who asks', async () => {
  const a = process('a')
  await taken(a)
  a.cutOff()
  await pass(TRUSTED_MS - 100, a.clock)
  expect(a.lost).toEqual([])
  await pass(100, a.clock)
  expect(a.lost).toEqual(['expired'])
  await pass(10_000, a.clock)
  expect(a.lost).toEqual(['expired'])
})

it('outlasts a store that is away for a moment', async () => {
  const a = process('a')
  const lease = await taken(a)
  for (let n = 0; n < 30; n++) {
    a.cutOff()
    await pass(700, a.clock)
    a.reconnect()
    await pass(1_000, a.clock)
    expect(lease.good).toBe(true)
  }
})

it('is not good for a process that stood still, before any of its timers has run', async () => {
  const [a, b] = [process('a'), process('b')]
  const lease = await taken(a)
  await pass(10_000, b.clock)
  const next = await taken(b)
  expect(next.lease.token).toBeGreaterThan(lease.lease.token)
  // It wakes up: its clocks say how late it is, and its code goes on where it was.
  a.clock.advance(0)
  a.clock.set(10_000)
  expect(lease.good).toBe(false)
  expect(a.lost).toEqual(['expired'])
  expect(next.good).toBe(true)
})

it('is lost at once where another has it', async () => {
  const [a, b] = [process('a'), process('b')]
  const lease = await taken(a)
  const kept = await store.leaseOf('line')
  if (kept) await store.release('line', kept)
  await taken(b)
  await pass(RENEW_MS, a.clock, b.clock)
  expect(lease.good).toBe(false)
  expect(a.lost).toEqual(['taken'])
})

it('goes to the next one at once when it is given up', async () => {
  const [a, b] = [process('a'), process('b')]
  const lease = await taken(a)
  await lease.release()
  expect(lease.good).toBe(false)
  const next = await taken(b)
  await pass(10_000, a.clock, b.clock)
  expect(next.good).toBe(true)
  expect(a.lost).toEqual([])
  // Once more, by mistake: it must not take away what is another's now.
  await lease.release()
  expect(await store.leaseOf('line')).toEqual(next.lease)
})

it('is given up also where the store does not answer', async () => {
  const a = process('a')
  const lease = await taken(a)
  a.cutOff()
  await lease.release()
  expect(lease.good).toBe(false)
  expect(a.clock.pending).toBe(0)
})

it('counts its time from before the store was asked', async () => {
  const a = process('a')
  const answers = new EventEmitter()
  const slow = a.keeperBy({
    ...a.way,
    async acquire(...args) {
      const given = await a.way.acquire(...args)
      await once(answers, 'come')
      return given
    },
  })
  const taking = slow.take('line', (why) => a.lost.push(why))
  await pass(TRUSTED_MS, a.clock)
  answers.emit('come')
  expect(had(await taking).good).toBe(false)
  expect(a.lost).toEqual(['expired'])
})

it('comes back where the store has forgotten it and nobody had it', async () => {
  const a = process('a')
  const lease = await taken(a)
  store = new MemoryStore(storeClock)
  await pass(RENEW_MS + 100, a.clock)
  expect(lease.good).toBe(true)
  expect(await store.leaseOf('line')).toEqual(lease.lease)
})

it('renews all leases of a process together, and what came meanwhile with the next', async () => {
  const a = process('a')
  const leases = await Promise.all(Array.from({ length: 1_000 }, (_, n) => taken(a, `line-${n}`)))
  await pass(RENEW_MS / 2, a.clock)
  leases.push(await taken(a, 'late'))
  await pass(RENEW_MS / 2, a.clock)
  expect(a.renewals).toEqual([1_001])
  expect(a.clock.pending).toBe(1)
  await leases[0]?.release()
  await pass(10_000, a.clock)
  expect(a.renewals).toEqual([1_001, ...Array(10).fill(1_000)])
  expect(leases.map(({ good }) => good)).toEqual(leases.map((_, index) => index > 0))
  await a.keeper.close()
  expect(a.clock.pending).toBe(0)
  expect(await store.leaseOf('late')).toBeNull()
})

it('loses one lease of many alone', async () => {
  const [a, b] = [process('a'), process('b')]
  const [one, other] = [await taken(a, 'one'), await taken(a, 'other')]
  await store.release('one', one.lease)
  await taken(b, 'one')
  await pass(5_000, a.clock, b.clock)
  expect([one.good, other.good]).toEqual([false, true])
  expect(a.lost).toEqual(['taken'])
})

it('ends each lease at its own time while the store is away', async () => {
  const a = process('a')
  await taken(a, 'one')
  await pass(500, a.clock)
  const later = await taken(a, 'later')
  a.cutOff()
  await pass(TRUSTED_MS - 500, a.clock)
  expect(a.lost).toEqual(['expired'])
  expect(later.good).toBe(true)
  await pass(500, a.clock)
  expect(a.lost).toEqual(['expired', 'expired'])
  expect(a.clock.pending).toBe(0)
})

it('waits for the lease of a process that has died, and no longer', async () => {
  const [a, b] = [process('a'), process('b')]
  await taken(a)
  a.cutOff()
  const taking = b.takeWithin(10_000)
  let got: Taken | null = null
  void taking.then((result) => {
    got = result
  })
  await pass(LEASE_MS - 100, b.clock)
  expect(got).toBeNull()
  await pass(200, b.clock)
  expect(had(await taking).good).toBe(true)
})

it('gets a lease at once that is given up while it waits', async () => {
  const [a, b] = [process('a'), process('b')]
  const lease = await taken(a)
  const taking = b.takeWithin(10_000)
  await pass(100, a.clock, b.clock)
  await lease.release()
  expect(had(await taking).good).toBe(true)
})

it('waits no more where a third one gets it meanwhile', async () => {
  const [a, b, c] = [process('a'), process('b'), process('c')]
  const lease = await taken(a)
  const taking = b.takeWithin(10_000)
  await pass(100, a.clock, b.clock, c.clock)
  // It is given up without a word to those who wait.
  await a.way.release('line', lease.lease, 0)
  await taken(c)
  await pass(1_100, b.clock, c.clock)
  expect(await taking).toMatchObject({ state: 'held', by: 'c' })
  // Nobody had it, as where the store has just begun.
  expect(await b.takeWithin(10_000, null)).toMatchObject({ state: 'held', by: 'c' })
})

it('does not wait longer than it should for a lease that stays held', async () => {
  const [a, b] = [process('a'), process('b')]
  await taken(a)
  const taking = b.takeWithin(1_500)
  await pass(1_500, a.clock, b.clock)
  expect(await taking).toMatchObject({ state: 'held', by: 'a' })
  expect(b.keeper.size).toBe(0)
})

it('says so where the store fails while it waits', async () => {
  const [a, b] = [process('a'), process('b')]
  await taken(a)
  const taking = expect(b.takeWithin(10_000)).rejects.toThrow(StoreError)
  b.cutOff()
  await pass(2_000, a.clock, b.clock)
  await taking
})
