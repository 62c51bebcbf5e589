import { EventEmitter, once } from 'node:events'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isInstalled } from '../../testing/installed.ts'
import { startRedis, type TestRedis } from '../../testing/redis.ts'
import { RedisStore } from '../store/redis-store.ts'
import { StoreError } from '../store/store.ts'
import { type KeptLease, LeaseKeeper, type Taken } from './lease-keeper.ts'

// Leases over a real Redis that fails. What a keeper does with its time is in `lease-keeper.test.ts`.

const log = pino({ level: 'silent' })

describe.skipIf(!isInstalled('redis-server'))('leases in a Redis that fails', () => {
  let redis: TestRedis
  let stores: RedisStore[]
  let a: LeaseKeeper
  let b: LeaseKeeper
  beforeEach(async () => {
    redis = await startRedis()
    stores = [await RedisStore.open({ url: redis.url, log, settlingMs: 0 })]
    // The second one is careful: it asks how old the store is.
    stores.push(await RedisStore.open({ url: redis.url, log }))
    const [one, two] = stores
    if (!one || !two) throw new Error('not opened')
    a = new LeaseKeeper({ store: one, holder: 'a' })
    b = new LeaseKeeper({ store: two, holder: 'b' })
  })
  afterEach(async () => {
    for (const store of stores) await store.close()
    await redis.stop()
  })

  const had = (taken: Taken): KeptLease => {
    if (taken.state !== 'acquired') throw new Error(taken.state)
    return taken.lease
  }

  it('stay with their holder when it begins anew without memory', async () => {
    const lease = had(await a.take('line', () => {}))
    let forgotten = 0
    lease.onForgotten(() => {
      forgotten += 1
    })
    await redis.restart()
    const seen = new Set<string>()
    // Until the holder has renewed it, nobody gets it. From then on it is held again.
    while (!seen.has('held')) {
      const taken = await b.take('line', () => {}).catch(away)
      expect(lease.good).toBe(true)
      seen.add(taken.state)
      expect(seen).not.toContain('acquired')
      // What fails at once would leave the connection no turn.
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await stores[1]?.leaseOf('line')).toEqual(lease.lease)
    await expect.poll(() => forgotten).toBe(1)
  })

  it('end at their holder when it stands still, and go to the next when it is back', async () => {
    const bus = new EventEmitter()
    const lost = once(bus, 'lost')
    const lease = had(await a.take('line', (why) => bus.emit('lost', why)))
    redis.freeze()
    expect(await lost).toEqual(['expired'])
    expect(lease.good).toBe(false)
    redis.thaw()
    const next = had(await b.takeWithin('line', { ms: 10_000, of: 'a' }, () => {}))
    expect(next.lease.token).toBeGreaterThan(lease.lease.token)
  })
})

/** While it connects again */
function away(error: unknown): { state: 'away' } {
  if (!(error instanceof StoreError)) throw error
  return { state: 'away' }
}
