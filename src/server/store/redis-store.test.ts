import { EventEmitter, once } from 'node:events'
import { Writable } from 'node:stream'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { isInstalled } from '../../testing/installed.ts'
import { leased } from '../../testing/leased.ts'
import { startRedis, type TestRedis } from '../../testing/redis.ts'
import { ConfigError } from '../environment.ts'
import { RedisStore } from './redis-store.ts'
import { StoreError } from './store.ts'

const never = (): never => {
  throw new Error('missing')
}

// What a store does while its Redis is away. The contract is in `store.test.ts`.

const MINUTE = 60_000

describe.skipIf(!isInstalled('redis-server'))('the store in a Redis that fails', () => {
  let redis: TestRedis
  let store: RedisStore
  let logged: string
  /** Resolves when the log says this so many times. */
  let says: (what: string, times: number) => Promise<void>

  beforeEach(async () => {
    redis = await startRedis()
    logged = ''
    const waiting = new Set<() => void>()
    const log = pino(
      new Writable({
        write(chunk, _encoding, done) {
          logged += String(chunk)
          for (const look of waiting) look()
          done()
        },
      }),
    )
    says = (what, times) =>
      new Promise((resolve) => {
        const look = () => {
          if (logged.split(what).length - 1 < times) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      })
    store = await RedisStore.open({ url: redis.url, log, settlingMs: 0 })
  })
  afterEach(async () => {
    await store.close()
    await redis.stop()
  })

  it('says so of each call, and goes on by itself when Redis is back', async () => {
    await store.put('key', 'value', MINUTE)
    const bus = new EventEmitter()
    const heard = once(bus, 'heard')
    const missed = once(bus, 'missed')
    await store.subscribe(
      'ends',
      (message) => bus.emit('heard', message),
      () => bus.emit('missed'),
    )
    await redis.stop()
    await says('store connection failed', 1)
    await expect(store.get('key')).rejects.toThrow(StoreError)
    await expect(store.acquire('line', 'a', MINUTE)).rejects.toThrow(StoreError)
    await redis.restart()
    await missed
    await says('store connected', 6)
    expect(await store.get('key')).toBeNull()
    await store.publish('ends', 'again')
    expect(await heard).toEqual(['again'])
  })

  it('waits a second for a Redis that stands still', async () => {
    redis.freeze()
    await expect(store.put('key', 'value', MINUTE)).rejects.toThrow('no answer in 1000 ms')
    redis.thaw()
    // What was under way when the answer was given up may be done all the same.
    await store.put('key', 'other', MINUTE)
    expect(await store.get('key')).toBe('other')
  })

  it('does not take a lease for that of before, once Redis has forgotten all', async () => {
    const before = await leased(store, 'line', 'a', MINUTE)
    await redis.restart()
    await says('store connected', 6)
    const after = await leased(store, 'line', 'b', MINUTE)
    expect(after.token).toBe(before.token)
    expect(await store.renewAll([{ name: 'line', lease: before }], MINUTE)).toEqual(['refused'])
  })

  it('gives no lease while one that Redis has forgotten may be trusted, and takes that back', async () => {
    const before = [await leased(store, 'one', 'a', MINUTE), await leased(store, 'other', 'a', MINUTE)]
    await redis.restart()
    const careful = await RedisStore.open({ url: redis.url, log: pino({ level: 'silent' }) })
    onTestFinished(() => careful.close())
    const waits = await careful.acquire('one', 'b', 3_000)
    expect(waits).toEqual({ state: 'waiting', forMs: expect.any(Number) })
    if (waits.state !== 'waiting') throw new Error(waits.state)
    expect(waits.forMs).toBeGreaterThan(3_000)
    expect(waits.forMs).toBeLessThanOrEqual(3_500)

    const names = ['one', 'other'].map((name, index) => ({ name, lease: before[index] ?? never() }))
    expect(await careful.renewAll(names, MINUTE)).toEqual(['back', 'back'])
    expect(await careful.acquire('one', 'b', 3_000)).toEqual({
      state: 'held',
      by: 'a',
      forMs: expect.any(Number),
    })
    await careful.release('one', names[0]?.lease ?? never())
    await says('store connected', 6)
    expect((await leased(store, 'one', 'b', MINUTE)).token).toBeGreaterThan(before[0]?.token ?? never())
  })

  it('waits a second for a count, and then limits alone', async () => {
    const limiter = store.limiter('api', 1, 60)
    redis.freeze()
    const began = performance.now()
    await limiter.consume('a')
    // Redis itself is given up after 3 s.
    expect(performance.now() - began).toBeLessThan(2_500)
    await expect(limiter.consume('a')).rejects.toMatchObject({ remainingPoints: 0 })
    redis.thaw()
  })

  it('limits the requests of each replica alone while Redis is away', async () => {
    const limiter = store.limiter('api', 2, 60)
    await limiter.consume('a')
    await redis.stop()
    await says('store connection failed', 1)
    await limiter.consume('a')
    await limiter.consume('a')
    await expect(limiter.consume('a')).rejects.toMatchObject({ remainingPoints: 0 })
  })

  it('refuses to start with a wrong password, or without one, and says so at once', async () => {
    await redis.restart({ requirepass: 'right' })
    const log = pino({ level: 'silent' })
    const opened = (password: string) =>
      RedisStore.open({ url: redis.url.replace('//', `//:${password}@`), log })
    await expect(RedisStore.open({ url: redis.url, log })).rejects.toThrow(
      /^BMS_CONSOLE_REDIS_URL: the store wants a password \(NOAUTH/,
    )
    await expect(opened('hidden')).rejects.toThrow(
      /^BMS_CONSOLE_REDIS_URL: the store refuses the user or the password \(WRONGPASS/,
    )
    await expect(opened('hidden')).rejects.not.toThrow('hidden')
    await (await opened('right')).close()
    // It had none before.
    await says('the store wants a password', 1)
    await expect(store.get('key')).rejects.toThrow(StoreError)
    expect(logged.split('the store wants a password')).toHaveLength(2)
  })

  it('tells whether Redis forgets what it is given', async () => {
    const settings = [
      [{}, null],
      [{ 'maxmemory-policy': 'allkeys-lru' }, null],
      [{ maxmemory: '100mb', 'maxmemory-policy': 'noeviction' }, null],
      [{ maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' }, 'allkeys-lru'],
    ] as const
    for (const [each, forgets] of settings) {
      await redis.restart(each)
      const opened = await RedisStore.open({ url: redis.url, log: pino({ level: 'silent' }) })
      onTestFinished(() => opened.close())
      expect(await opened.forgets()).toBe(forgets)
    }
  })

  it('refuses to start without a Redis, in words without the password', async () => {
    await redis.stop()
    const url = redis.url.replace('//', '//:hidden@')
    const opened = RedisStore.open({ url, log: pino({ level: 'silent' }) })
    await expect(opened).rejects.toThrow(ConfigError)
    await expect(opened).rejects.toThrow(/^BMS_CONSOLE_REDIS_URL: the store does not answer/)
    await expect(opened).rejects.not.toThrow('hidden')
  })
})
