import type { FastifyBaseLogger } from 'fastify'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import { z } from 'zod'
import { type Clock, steadyClock } from '../../shared/clock.ts'
import { ConfigError } from '../environment.ts'
import { ignoringStore } from './ignoring-store.ts'
import { answered, CONNECT_MS, clientOf, type RedisClient, reasonOf, refusalIn } from './redis-client.ts'
import { scripts } from './redis-scripts.ts'
import { RedisTails, type TailKeys } from './redis-tails.ts'
import {
  type Acquired,
  FREE_KNOWN_MS,
  type Lease,
  type Limiter,
  type NamedLease,
  type Renewed,
  type Store,
  type TailPiece,
  type TailWrite,
} from './store.ts'

/**
 * A token is never given twice to leases that follow each other within this time. How long nobody had a lease is read
 * from what is left of it, so it lasts longer than that is known.
 */
const TOKENS_KEPT_MS = 2 * FREE_KNOWN_MS

/** A lease may be forgotten, and renewed for the last time, while the answer is under way. */
const SETTLING_MS = 500
const SAY_REFUSED_MS = 60_000
const NO_EVICTION = 'noeviction'
/** One script holds up all others: 500 leases take it about 1 ms. */
const LEASES_AT_ONCE = 500

/** For operators */
export const evicting =
  'The store forgets leases, sign-ins and output while its memory is full: set its maxmemory-policy to noeviction.'

const KeptLease = z
  .string()
  .regex(/^\d+ ./)
  .transform((text): Lease => {
    const space = text.indexOf(' ')
    return { token: Number(text.slice(0, space)), holder: text.slice(space + 1) }
  })

const HeldReply = z.tuple([KeptLease, z.number()])
const RenewedReply = z.array(
  z.literal([0, 1, 2]).transform((number): Renewed => {
    switch (number) {
      case 0:
        return 'refused'
      case 1:
        return 'renewed'
      case 2:
        return 'back'
    }
  }),
)

const AcquiredReply = z.tuple([z.number(), z.number()])

const textOf = ({ token, holder }: Lease) => `${token} ${holder}`

export interface RedisStoreOptions {
  /** `redis://` or `rediss://`, with the password if there is one */
  url: string
  /** All keys and channels begin with it: several installations may share one Redis. */
  prefix?: string
  log: FastifyBaseLogger
  clock?: Clock
  /** No lease is given so long after Redis began without memory; left out: as long as a lease of before may be trusted */
  settlingMs?: number
}

/** The store of several replicas, in a Redis or Valkey of version 6.2 or later (GETDEL). */
export class RedisStore implements Store {
  readonly shared = true
  readonly #client: RedisClient
  /** A connection that listens takes no other commands in the older protocol. */
  readonly #subscriber: RedisClient
  readonly #bulk: RedisClient
  readonly #tails: RedisTails
  readonly #prefix: string
  readonly #clock: Clock
  readonly #settlingMs: number | undefined
  readonly #log: FastifyBaseLogger
  #onRefused: (error: unknown) => void = () => {}
  /** When the log last said that Redis refuses this server */
  #refusedAt = Number.NEGATIVE_INFINITY

  /**
   * Connects.
   * @throws ConfigError where no Redis answers there, or says no: an operator is waiting, and a server without it would
   *   forget
   */
  static async open(options: RedisStoreOptions): Promise<RedisStore> {
    const store = new RedisStore(options)
    try {
      await answered(store.#connected(), store.#clock, CONNECT_MS)
      // The sooner it knows its age, the sooner it gives leases.
      await store.#run('begin', [store.#epoch])
      return store
    } catch (error) {
      await store.close()
      const reason = reasonOf(error)
      const why = refusalIn(reason) ?? 'the store does not answer'
      throw new ConfigError(`BMS_CONSOLE_REDIS_URL: ${why} (${reason})`)
    }
  }

  private constructor(options: RedisStoreOptions) {
    const { url, prefix = 'bms-console:', log, clock = steadyClock, settlingMs } = options
    this.#client = clientOf(url)
    this.#subscriber = clientOf(url)
    this.#bulk = clientOf(url)
    this.#tails = new RedisTails(this.#bulk, clock)
    this.#prefix = prefix
    this.#clock = clock
    this.#settlingMs = settlingMs
    this.#log = log
    // Any number may listen.
    this.#subscriber.setMaxListeners(0)
    for (const client of this.#clients) {
      // It tries again by itself. Without a listener, an error would end the process.
      client.on('error', (error: unknown) => {
        const reason = reasonOf(error)
        if (!this.#sayRefused(reason)) log.warn({ reason }, 'store connection failed')
        else this.#onRefused(error)
      })
      client.on('ready', () => log.info('store connected'))
    }
  }

  /** One that is refused would try again for ever. */
  #connected(): Promise<unknown> {
    const refused = new Promise<never>((_resolve, reject) => {
      this.#onRefused = reject
    })
    return Promise.race([refused, Promise.all(this.#clients.map((client) => client.connect()))])
  }

  /** @returns which values it forgets where its memory is full, as it calls that; null: none, or it does not say */
  async forgets(): Promise<string | null> {
    const memory = await ignoringStore(this.#answer(this.#client.info('memory')))
    const { maxmemory = '0', maxmemory_policy: policy = NO_EVICTION } = Object.fromEntries(
      (memory ?? '').split(/\r?\n/).map((line) => line.split(':')),
    )
    return maxmemory === '0' || policy === NO_EVICTION ? null : policy
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#answer(this.#client.set(this.#key(key), value, within(ttlMs)))
  }

  async claim(key: string, value: string, ttlMs: number): Promise<boolean> {
    const options = { ...within(ttlMs), condition: 'NX' } as const
    return (await this.#answer(this.#client.set(this.#key(key), value, options))) !== null
  }

  async replace(key: string, before: string, value: string, ttlMs: number): Promise<boolean> {
    return (await this.#run('replace', [this.#key(key)], before, value, String(ttlMs))) === 1
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

  async acquire(name: string, holder: string, ttlMs: number): Promise<Acquired> {
    const settlingMs = this.#settlingMs ?? ttlMs + SETTLING_MS
    const times = [ttlMs, TOKENS_KEPT_MS, settlingMs].map(String)
    const reply = await this.#run('acquire', [this.#epoch, ...this.#lease(name)], holder, ...times)
    const held = HeldReply.safeParse(reply).data
    if (held) return { state: 'held', by: held[0].holder, forMs: Math.max(0, held[1]) }
    const acquired = AcquiredReply.safeParse(reply).data
    if (!acquired) return { state: 'waiting', forMs: -z.number().parse(reply) }
    const [token, left] = acquired
    const freeMs = Math.max(0, TOKENS_KEPT_MS - left)
    return { state: 'acquired', lease: { holder, token }, freeMs: freeMs < FREE_KNOWN_MS ? freeMs : null }
  }

  async renewAll(leases: readonly NamedLease[], ttlMs: number): Promise<Renewed[]> {
    const renewed: Renewed[] = []
    // One after the other: neither this process nor Redis does nothing else for long.
    for (let from = 0; from < leases.length; from += LEASES_AT_ONCE)
      renewed.push(...(await this.#renew(leases.slice(from, from + LEASES_AT_ONCE), ttlMs)))
    return renewed
  }

  async #renew(leases: readonly NamedLease[], ttlMs: number): Promise<Renewed[]> {
    const keys = leases.flatMap(({ name }) => this.#lease(name))
    const kept = leases.map(({ lease }) => textOf(lease))
    const times = [String(ttlMs), String(TOKENS_KEPT_MS)]
    const reply = await this.#run('renewAll', [this.#epoch, ...keys], ...times, ...kept)
    return RenewedReply.parse(reply)
  }

  async release(name: string, lease: Lease, freeMs: number | null = 0): Promise<void> {
    const left = TOKENS_KEPT_MS - Math.min(FREE_KNOWN_MS, freeMs ?? FREE_KNOWN_MS)
    await this.#run('release', this.#lease(name), textOf(lease), String(Math.round(left)))
  }

  async leaseOf(name: string): Promise<Lease | null> {
    const [key] = this.#lease(name)
    return KeptLease.safeParse(await this.#answer(this.#client.get(key))).data ?? null
  }

  appendTail(name: string, write: TailWrite): Promise<boolean> {
    return this.#tails.append(this.#tail(name), textOf(write.lease), write)
  }

  readTail(name: string): Promise<TailPiece[]> {
    return this.#tails.read(this.#tail(name).stream)
  }

  async join(group: string, member: string, value: string, ttlMs: number): Promise<void> {
    await this.#run('join', [this.#key(`group:${group}`)], member, value, String(ttlMs))
  }

  async leave(group: string, member: string): Promise<void> {
    await this.#answer(this.#client.hDel(this.#key(`group:${group}`), member))
  }

  async members(group: string): Promise<ReadonlyMap<string, string>> {
    const all = z.array(z.string()).parse(await this.#run('members', [this.#key(`group:${group}`)]))
    const found = new Map<string, string>()
    for (let index = 0; index + 1 < all.length; index += 2) found.set(all[index] ?? '', all[index + 1] ?? '')
    return found
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.#answer(this.#client.publish(this.#key(channel), message))
  }

  async subscribe(
    channel: string,
    listener: (message: string) => void,
    missed: () => void = () => {},
  ): Promise<() => Promise<void>> {
    const key = this.#key(channel)
    // Functions of its own: two who pass the same ones are two.
    const own = (message: string) => listener(message)
    const again = () => missed()
    await this.#answer(this.#subscriber.subscribe(key, own))
    // It is ready again when it has subscribed again.
    this.#subscriber.on('ready', again)
    return () => {
      this.#subscriber.off('ready', again)
      return this.#answer(this.#subscriber.unsubscribe(key, own))
    }
  }

  limiter(name: string, points: number, durationS: number): Limiter {
    const limit = { points, duration: durationS }
    const client = this.#client
    const evaluate: RedisClient['eval'] = (...asked) => this.#answer(client.eval(...asked))
    return new RateLimiterRedis({
      ...limit,
      // All that `consume` uses, with the patience of all other calls
      storeClient: {
        get isReady() {
          return client.isReady
        },
        eval: evaluate,
      },
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      keyPrefix: this.#key(`limit:${name}`),
      // While the store is away, each replica counts by itself: nobody is let in without a limit, or shut out.
      insuranceLimiter: new RateLimiterMemory({ ...limit, keyPrefix: name }),
    })
  }

  async close(): Promise<void> {
    for (const client of this.#clients) if (client.isOpen) client.destroy()
  }

  get #clients(): readonly RedisClient[] {
    return [this.#client, this.#subscriber, this.#bulk]
  }

  #key(key: string): string {
    return this.#prefix + key
  }

  /** When this Redis began: where the leases are, as it forgets together with them. */
  get #epoch(): string {
    return `${this.#prefix}{lease}:epoch`
  }

  /** The lease, and the counter of its tokens */
  #lease(name: string): readonly [string, string] {
    const key = `${this.#prefix}{lease}:of:${name}`
    return [key, `${this.#prefix}{lease}:token:${name}`]
  }

  #tail(name: string): TailKeys {
    const [lease, counter] = this.#lease(name)
    return { lease, counter, stream: `${this.#prefix}{lease}:tail:${name}` }
  }

  #run(script: keyof typeof scripts, keys: readonly string[], ...args: string[]): Promise<unknown> {
    return this.#answer(this.#client.eval(scripts[script], { keys: [...keys], arguments: args }))
  }

  async #answer<T>(reply: Promise<T>): Promise<T> {
    try {
      return await answered(reply, this.#clock)
    } catch (error) {
      this.#sayRefused(reasonOf(error))
      throw error
    }
  }

  /** @returns whether Redis refuses this server. The log says so now and then: it happens with each call. */
  #sayRefused(reason: string): boolean {
    const refusal = refusalIn(reason)
    if (refusal === null) return false
    const now = this.#clock.now()
    if (now < this.#refusedAt + SAY_REFUSED_MS) return true
    this.#refusedAt = now
    this.#log.error({ reason }, `BMS_CONSOLE_REDIS_URL: ${refusal}`)
    return true
  }
}

const within = (ttlMs: number) => ({ expiration: { type: 'PX', value: ttlMs } }) as const
