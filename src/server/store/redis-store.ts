import { createClient } from '@redis/client'
import type { FastifyBaseLogger } from 'fastify'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import { z } from 'zod'
import { type Clock, steadyClock } from '../../shared/clock.ts'
import { ConfigError } from '../environment.ts'
import { type Lease, type Store, StoreError } from './store.ts'

/** An answer takes well below 1 ms. Whoever asks would rather know that none comes. */
const ANSWER_MS = 1_000
const CONNECT_MS = 2_000
/** A store that is cut off without a word is found by pings. */
const PING_MS = 1_000
const SILENT_MS = 3_000
/** The waits between tries to connect again: the first, and the longest */
const RETRY_MS = 50
const MAX_RETRY_MS = 1_000
/** A token is never given twice to leases that follow each other within this time. */
const TOKENS_KEPT_MS = 24 * 60 * 60_000

/** Each script runs as a whole. Its keys share a hash tag, so that a cluster keeps them in one place. */
const scripts = {
  replace: `
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
    return 1`,
  acquire: `
    if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
    local token = redis.call('INCR', KEYS[2])
    redis.call('PEXPIRE', KEYS[2], ARGV[3])
    redis.call('SET', KEYS[1], token .. ' ' .. ARGV[1], 'PX', ARGV[2])
    return token`,
  renew: `
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    redis.call('PEXPIRE', KEYS[2], ARGV[3])
    return 1`,
  release: `
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    return redis.call('DEL', KEYS[1])`,
} as const

const KeptLease = z
  .string()
  .regex(/^\d+ ./)
  .transform((text): Lease => {
    const space = text.indexOf(' ')
    return { token: Number(text.slice(0, space)), holder: text.slice(space + 1) }
  })

const textOf = ({ token, holder }: Lease) => `${token} ${holder}`

type Client = ReturnType<typeof clientOf>

export interface RedisStoreOptions {
  /** `redis://` or `rediss://`, with the password if there is one */
  url: string
  /** All keys and channels begin with it: several installations may share one Redis. */
  prefix?: string
  log: FastifyBaseLogger
  clock?: Clock
}

/** The store of several replicas, in a Redis or Valkey of version 6.2 or later (GETDEL). */
export class RedisStore implements Store {
  readonly shared = true
  readonly #client: Client
  /** A connection that listens takes no other commands in the older protocol. */
  readonly #subscriber: Client
  readonly #prefix: string
  readonly #clock: Clock

  /**
   * Connects.
   * @throws ConfigError where no Redis answers there: an operator is waiting, and a server without it would forget
   */
  static async open(options: RedisStoreOptions): Promise<RedisStore> {
    const store = new RedisStore(options)
    try {
      await store.#answer(Promise.all([store.#client.connect(), store.#subscriber.connect()]), CONNECT_MS)
      return store
    } catch (error) {
      await store.close()
      throw new ConfigError(`BMS_CONSOLE_REDIS_URL: the store does not answer (${reasonOf(error)})`)
    }
  }

  private constructor({ url, prefix = 'bms-console:', log, clock = steadyClock }: RedisStoreOptions) {
    this.#client = clientOf(url)
    this.#subscriber = clientOf(url)
    this.#prefix = prefix
    this.#clock = clock
    for (const client of [this.#client, this.#subscriber]) {
      // It tries again by itself. Without a listener, an error would end the process.
      client.on('error', (error: unknown) => log.warn({ reason: reasonOf(error) }, 'store connection failed'))
      client.on('ready', () => log.info('store connected'))
    }
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#answer(this.#client.set(this.#key(key), value, within(ttlMs)))
  }

  async claim(key: string, value: string, ttlMs: number): Promise<boolean> {
    const options = { ...within(ttlMs), condition: 'NX' } as const
    return (await this.#answer(this.#client.set(this.#key(key), value, options))) !== null
  }

  replace(key: string, before: string, value: string, ttlMs: number): Promise<boolean> {
    return this.#did('replace', [this.#key(key)], before, value, String(ttlMs))
  }

  get(key: string): Promise<string | null> {
    return this.#answer(this.#client.get(this.#key(key)))
  }

  take(key: string): Promise<string | null> {
    return this.#answer(this.#client.getDel(this.#key(key)))
  }

  async remove(key: string): Promise<void> {
    await this.#answer(this.#client.del(this.#key(key)))
  }

  async acquire(name: string, holder: string, ttlMs: number): Promise<Lease | null> {
    const token = await this.#run('acquire', this.#lease(name), holder, String(ttlMs), String(TOKENS_KEPT_MS))
    return token === 0 ? null : { holder, token }
  }

  renew(name: string, lease: Lease, ttlMs: number): Promise<boolean> {
    return this.#did('renew', this.#lease(name), textOf(lease), String(ttlMs), String(TOKENS_KEPT_MS))
  }

  async release(name: string, lease: Lease): Promise<void> {
    await this.#run('release', this.#lease(name), textOf(lease))
  }

  async leaseOf(name: string): Promise<Lease | null> {
    const [key] = this.#lease(name)
    return KeptLease.safeParse(await this.#answer(this.#client.get(key))).data ?? null
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.#answer(this.#client.publish(this.#key(channel), message))
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>> {
    const key = this.#key(channel)
    // Its own function: two who pass the same one are two.
    const own = (message: string) => listener(message)
    await this.#answer(this.#subscriber.subscribe(key, own))
    return () => this.#answer(this.#subscriber.unsubscribe(key, own))
  }

  limiter(name: string, points: number, durationS: number): RateLimiterAbstract {
    const limit = { points, duration: durationS }
    return new RateLimiterRedis({
      ...limit,
      storeClient: this.#client,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      keyPrefix: this.#key(`limit:${name}`),
      // While the store is away, each replica counts by itself: nobody is let in without a limit, or shut out.
      insuranceLimiter: new RateLimiterMemory({ ...limit, keyPrefix: name }),
    })
  }

  async close(): Promise<void> {
    for (const client of [this.#client, this.#subscriber]) if (client.isOpen) client.destroy()
  }

  #key(key: string): string {
    return this.#prefix + key
  }

  /** The lease, and the counter of its tokens */
  #lease(name: string): readonly [string, string] {
    const key = `${this.#prefix}{lease:${name}}`
    return [key, `${key}:token`]
  }

  async #did(script: keyof typeof scripts, keys: readonly string[], ...args: string[]): Promise<boolean> {
    return (await this.#run(script, keys, ...args)) === 1
  }

  async #run(script: keyof typeof scripts, keys: readonly string[], ...args: string[]): Promise<number> {
    const reply = this.#client.eval(scripts[script], { keys: [...keys], arguments: args })
    return z.number().parse(await this.#answer(reply))
  }

  /** Waits no longer than it makes sense to. A connection that answers nothing for longer is closed by its own pings. */
  #answer<T>(reply: Promise<T>, ms = ANSWER_MS): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const cancel = this.#clock.after(ms, () =>
        reject(new StoreError(`The store gave no answer in ${ms} ms.`)),
      )
      reply.then(resolve, (error: unknown) => reject(new StoreError(reasonOf(error)))).finally(cancel)
    })
  }
}

const within = (ttlMs: number) => ({ expiration: { type: 'PX', value: ttlMs } }) as const

const clientOf = (url: string) =>
  createClient({
    url,
    // A command that waits for a connection would be done when nobody wants it any more.
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENT_MS,
      reconnectStrategy: (retries) =>
        Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** Math.min(retries, 5)) * (0.5 + Math.random() / 2),
    },
  })

/** Without the address, which may hold the password */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : 'unknown'
}
