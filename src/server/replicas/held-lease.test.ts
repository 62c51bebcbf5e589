import { EventEmitter, once } from 'node:events'
import { beforeEach, expect, it } from 'vitest'
import { startAge } from '../../shared/clock.ts'
import { ManualClock } from '../../testing/clock.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { StoreError } from '../store/store.ts'
import {
  HeldLease,
  type HeldLeaseOptions,
  LEASE_MS,
  RENEW_MS,
  TRUSTED_MS,
  type WhyLost,
} from './held-lease.ts'

type Way = HeldLeaseOptions['store']

/** The store's time goes on while a process stands still. */
let storeClock: ManualClock
let store: MemoryStore
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
  const way: Way = {
    acquire: (...args) => over(() => store.acquire(...args)),
    renewAll: (...args) => over(() => store.renewAll(...args)),
    release: (...args) => over(() => store.release(...args)),
  }
  return {
    clock,
    lost,
    cutOff: () => {
      reachable = false
    },
    reconnect: () => {
      reachable = true
    },
    way,
    take: (by = way) =>
      HeldLease.take({
        store: by,
        name: 'line',
        holder,
        onLost: (why) => lost.push(why),
        clock,
        age: () => startAge(clock, clock.steady),
      }),
  }
}

/** Time passes for the store and these processes, in small steps, with all answers in between. */
async function pass(ms: number, ...clocks: ManualClock[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    for (const clock of [storeClock, ...clocks]) clock.advance(100)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function taken(by: ReturnType<typeof process>): Promise<HeldLease> {
  const lease = await by.take()
  if (!lease) throw new Error('Another has it.')
  return lease
}

it('stays good as long as the store confirms it, and nobody else gets it', async () => {
  const [a, b] = [process('a'), process('b')]
  const lease = await taken(a)
  for (let n = 0; n < 20; n++) {
    await pass(RENEW_MS / 2, a.clock)
    expect(lease.good).toBe(true)
    expect(await b.take()).toBeNull()
  }
  expect(a.lost).toEqual([])
})

it('ends at its holder before the next one can have it', async () => {
  const [a, b] = [process('a'), process('b')]
  const lease = await taken(a)
  await pass(RENEW_MS, a.clock)
  a.cutOff()
  const steps: string[] = []
  for (let n = 0; n < 40; n++) {
    await pass(100, a.clock, b.clock)
    const [held, next] = [lease.good, (await b.take()) !== null]
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
  expect(next.token).toBeGreaterThan(lease.token)
  // It wakes up: its clocks say how late it is, and its code goes on where it was.
  a.clock.advance(0)
  a.clock.set(10_000)
  expect(lease.good).toBe(false)
  expect(a.lost).toEqual(['expired'])
  expect(next.good).toBe(true)
})

it('is lost at once where the store has forgotten it', async () => {
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
  expect(await store.leaseOf('line')).toEqual({ holder: 'b', token: next.token })
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
  const taking = a.take({
    ...a.way,
    async acquire(...args) {
      const given = await a.way.acquire(...args)
      await once(answers, 'come')
      return given
    },
  })
  await pass(TRUSTED_MS, a.clock)
  answers.emit('come')
  expect((await taking)?.good).toBe(false)
  expect(a.lost).toEqual(['expired'])
})
