import { EventEmitter, once } from 'node:events'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { isInstalled } from '../../testing/installed.ts'
import { startRedis, type TestRedis } from '../../testing/redis.ts'
import { MemoryStore } from './memory-store.ts'
import { RedisStore } from './redis-store.ts'
import type { Store } from './store.ts'

// The contract of the store, kept by both of its kinds.

interface Kind {
  name: string
  skip: boolean
  /** An empty store, and another replica's view of the same one */
  open(): Promise<{ store: Store; other: Store; pass: (ms: number) => Promise<void> }>
  begin?(): Promise<void>
  end?(): Promise<void>
}

let redis: TestRedis
const kinds: Kind[] = [
  {
    name: 'memory',
    skip: false,
    async open() {
      const clock = new ManualClock()
      const store = new MemoryStore(clock)
      return { store, other: store, pass: async (ms) => clock.advance(ms) }
    },
  },
  {
    name: 'Redis',
    skip: !isInstalled('redis-server'),
    async begin() {
      redis = await startRedis()
    },
    async open() {
      const options = { url: redis.url, prefix: `${crypto.randomUUID()}:`, log: pino({ level: 'silent' }) }
      const [store, other] = await Promise.all([RedisStore.open(options), RedisStore.open(options)])
      // Redis has the machine's own time, which no test can turn.
      return { store, other, pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }
    },
    async end() {
      await redis.stop()
    },
  },
]

/** Long enough that nothing ends on a slow machine before it is read */
const LONG = 60_000
const SHORT = 30

for (const { name, skip, begin, open, end } of kinds)
  describe.skipIf(skip)(`the store in ${name}`, () => {
    let store: Store
    let other: Store
    let pass: (ms: number) => Promise<void>
    beforeAll(async () => await begin?.())
    afterAll(async () => await end?.())
    beforeEach(async () => {
      ;({ store, other, pass } = await open())
      return async () => {
        await store.close()
        await other.close()
      }
    })

    it('keeps a value for all replicas, as it was written', async () => {
      const value = '{"name":"Jürgen 北京","empty":""}\0\r\n'
      await store.put('key', value, LONG)
      expect(await other.get('key')).toBe(value)
      await other.put('key', '', LONG)
      expect(await store.get('key')).toBe('')
      await store.remove('key')
      expect(await other.get('key')).toBeNull()
    })

    it('forgets a value after its time', async () => {
      await store.put('key', 'value', SHORT)
      await pass(SHORT + 1)
      expect(await store.get('key')).toBeNull()
      expect(await store.take('key')).toBeNull()
    })

    it('gives a new value a time of its own', async () => {
      await store.put('key', 'one', SHORT)
      await store.put('key', 'two', LONG)
      await pass(SHORT + 1)
      expect(await store.get('key')).toBe('two')
    })

    it('lets one of many claim a key, until its time is over', async () => {
      const claims = Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? store : other).claim('key', `${n}`, LONG),
      )
      const won = (await Promise.all(claims)).flatMap((mine, n) => (mine ? [n] : []))
      expect(won).toHaveLength(1)
      expect(await store.get('key')).toBe(`${won[0]}`)

      expect(await store.claim('short', 'one', SHORT)).toBe(true)
      await pass(SHORT + 1)
      expect(await other.claim('short', 'two', LONG)).toBe(true)
    })

    it('gives a value to one of many that take it', async () => {
      await store.put('key', 'value', LONG)
      const taken = await Promise.all([store, other, store, other].map((each) => each.take('key')))
      expect(taken.filter((value) => value === 'value')).toHaveLength(1)
      expect(taken.filter((value) => value === null)).toHaveLength(3)
    })

    it('replaces a value that is still the one that was read', async () => {
      expect(await store.replace('key', '', 'new', LONG)).toBe(false)
      await store.put('key', '0', LONG)
      const increase = async (by: Store): Promise<void> => {
        const before = (await by.get('key')) ?? ''
        if (!(await by.replace('key', before, `${Number(before) + 1}`, LONG))) return increase(by)
      }
      await Promise.all([store, other, store, other, store].map(increase))
      expect(await store.get('key')).toBe('5')
    })

    it('gives a replaced value the new time', async () => {
      await store.put('key', 'one', LONG)
      await store.replace('key', 'one', 'two', SHORT)
      await pass(SHORT + 1)
      expect(await store.get('key')).toBeNull()
    })

    it('gives a lease to one of many, with who holds it', async () => {
      const asks = ['a', 'b', 'c', 'd'].map((holder, n) =>
        (n % 2 === 0 ? store : other).acquire('line', holder, LONG),
      )
      const [lease, ...more] = (await Promise.all(asks)).filter((given) => given !== null)
      expect(more).toHaveLength(0)
      expect(await other.leaseOf('line')).toEqual(lease)
      // The holder itself cannot hold it twice: one of the two would not know when it ends.
      expect(await store.acquire('line', lease?.holder ?? '', LONG)).toBeNull()
    })

    it('raises the token with each lease of a name', async () => {
      const tokens: number[] = []
      for (const each of [store, other, store]) {
        const lease = await each.acquire('line', 'a b', LONG)
        tokens.push(lease?.token ?? Number.NaN)
        if (lease) await each.release('line', lease)
      }
      expect([...tokens].sort((a, b) => a - b)).toEqual(tokens)
      expect(new Set(tokens).size).toBe(3)
      expect(await store.leaseOf('line')).toBeNull()
    })

    it('renews a lease as long as it is held', async () => {
      const lease = await store.acquire('line', 'a', LONG)
      if (!lease) throw new Error('not given')
      expect(await store.renew('line', lease, SHORT)).toBe(true)
      await pass(SHORT + 1)
      expect(await store.leaseOf('line')).toBeNull()
      expect(await store.renew('line', lease, LONG)).toBe(false)

      const next = await other.acquire('line', 'b', LONG)
      expect(next?.token).toBeGreaterThan(lease.token)
      expect(await store.renew('line', lease, LONG)).toBe(false)
      await store.release('line', lease)
      expect(await store.leaseOf('line')).toEqual(next)
    })

    it('keeps a lease from another process whose token is the same', async () => {
      const lease = await store.acquire('line', 'a', LONG)
      const stale = { holder: 'b', token: lease?.token ?? 0 }
      expect(await other.renew('line', stale, LONG)).toBe(false)
      await other.release('line', stale)
      expect(await store.leaseOf('line')).toEqual(lease)
    })

    it('keeps values and leases of one name apart', async () => {
      await store.put('line', 'value', LONG)
      expect(await store.acquire('line', 'a', LONG)).not.toBeNull()
      expect(await store.get('line')).toBe('value')
    })

    it('passes messages to all that listen, in their order', async () => {
      const heard: string[] = []
      const bus = new EventEmitter()
      const all = once(bus, 'all')
      const note = (message: string) => {
        heard.push(message)
        if (heard.length === 4) bus.emit('all')
      }
      const ends = [await store.subscribe('ends', note), await other.subscribe('ends', note)]
      const elsewhere = vi.fn()
      await store.subscribe('else', elsewhere)
      await other.publish('ends', 'one')
      await other.publish('ends', 'two')
      await all
      expect([...heard].sort()).toEqual(['one', 'one', 'two', 'two'])
      expect(heard.indexOf('one')).toBeLessThan(heard.indexOf('two'))
      expect(elsewhere).not.toHaveBeenCalled()

      await Promise.all(ends.map((stop) => stop()))
      const last = once(bus, 'last')
      await store.subscribe('ends', (message) => bus.emit('last', message))
      await store.publish('ends', 'three')
      expect(await last).toEqual(['three'])
      expect(heard).toHaveLength(4)
    })

    it('counts the requests of all replicas together', async () => {
      const [mine, theirs] = [store.limiter('api', 3, 60), other.limiter('api', 3, 60)]
      // In one process, each limiter of a name is asked for once.
      const second = other === store ? mine : theirs
      await mine.consume('a')
      await second.consume('a')
      await mine.consume('a')
      await expect(second.consume('a')).rejects.toMatchObject({ remainingPoints: 0 })
      await expect(mine.consume('b')).resolves.toMatchObject({ remainingPoints: 2 })
    })
  })

it('forgets in memory what has ended, although nobody reads it', async () => {
  const clock = new ManualClock()
  const store = new MemoryStore(clock)
  for (let n = 0; n < 10_000; n++) {
    await store.put(`${n}`, 'value', SHORT)
    clock.advance(1)
  }
  expect(store.size).toBeLessThanOrEqual(1_000 + SHORT)
})
