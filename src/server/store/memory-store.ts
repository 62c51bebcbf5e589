import { type RateLimiterAbstract, RateLimiterMemory } from 'rate-limiter-flexible'
import type { Clock } from '../../shared/clock.ts'
import type { Lease, Store } from './store.ts'

interface Kept<T> {
  value: T
  endsAt: number
}

/** What ended is looked for once in so many writes. */
const SWEEP_EVERY = 1_000

/** The store of one process. */
export class MemoryStore implements Store {
  readonly shared = false
  readonly #clock: Clock
  readonly #values = new Map<string, Kept<string>>()
  readonly #leases = new Map<string, Kept<Lease>>()
  readonly #listeners = new Map<string, Set<(message: string) => void>>()
  /** One counter for all leases: any larger number will do. */
  #lastToken = 0
  #writes = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How many values and leases it has, with some that have ended */
  get size(): number {
    return this.#values.size + this.#leases.size
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    this.#write(this.#values, key, value, ttlMs)
  }

  async claim(key: string, value: string, ttlMs: number): Promise<boolean> {
    if (this.#read(this.#values, key) !== null) return false
    this.#write(this.#values, key, value, ttlMs)
    return true
  }

  async replace(key: string, before: string, value: string, ttlMs: number): Promise<boolean> {
    if (this.#read(this.#values, key) !== before) return false
    this.#write(this.#values, key, value, ttlMs)
    return true
  }

  async get(key: string): Promise<string | null> {
    return this.#read(this.#values, key)
  }

  async take(key: string): Promise<string | null> {
    const value = this.#read(this.#values, key)
    this.#values.delete(key)
    return value
  }

  async remove(key: string): Promise<void> {
    this.#values.delete(key)
  }

  async acquire(name: string, holder: string, ttlMs: number): Promise<Lease | null> {
    if (this.#read(this.#leases, name)) return null
    this.#lastToken += 1
    const lease = { holder, token: this.#lastToken }
    this.#write(this.#leases, name, lease, ttlMs)
    return lease
  }

  async renew(name: string, lease: Lease, ttlMs: number): Promise<boolean> {
    if (!this.#isHeld(name, lease)) return false
    this.#write(this.#leases, name, lease, ttlMs)
    return true
  }

  async release(name: string, lease: Lease): Promise<void> {
    if (this.#isHeld(name, lease)) this.#leases.delete(name)
  }

  async leaseOf(name: string): Promise<Lease | null> {
    return this.#read(this.#leases, name)
  }

  async publish(channel: string, message: string): Promise<void> {
    for (const listener of this.#listeners.get(channel) ?? []) listener(message)
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>> {
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners)
    // Its own function: two who pass the same one are two.
    const own = (message: string) => listener(message)
    listeners.add(own)
    return async () => {
      listeners.delete(own)
      if (listeners.size === 0) this.#listeners.delete(channel)
    }
  }

  limiter(name: string, points: number, durationS: number): RateLimiterAbstract {
    return new RateLimiterMemory({ keyPrefix: name, points, duration: durationS })
  }

  async close(): Promise<void> {
    this.#listeners.clear()
  }

  #isHeld(name: string, { holder, token }: Lease): boolean {
    const held = this.#read(this.#leases, name)
    return held?.token === token && held.holder === holder
  }

  #read<T>(map: Map<string, Kept<T>>, key: string): T | null {
    const kept = map.get(key)
    if (!kept) return null
    if (kept.endsAt > this.#clock.now()) return kept.value
    map.delete(key)
    return null
  }

  #write<T>(map: Map<string, Kept<T>>, key: string, value: T, ttlMs: number): void {
    map.set(key, { value, endsAt: this.#clock.now() + ttlMs })
    this.#writes += 1
    if (this.#writes % SWEEP_EVERY === 0) this.#sweep()
  }

  /** What nobody reads any more would stay for ever. */
  #sweep(): void {
    const now = this.#clock.now()
    for (const map of [this.#values, this.#leases]) {
      for (const [key, { endsAt }] of map) if (endsAt <= now) map.delete(key)
    }
  }
}
