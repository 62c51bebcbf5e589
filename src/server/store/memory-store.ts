import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Clock } from '../../shared/clock.ts'
import {
  type Acquired,
  FREE_KNOWN_MS,
  type Lease,
  type Limiter,
  MOST_TAIL_PIECES,
  type NamedLease,
  type Renewed,
  type Store,
  StoreFull,
  type TailPiece,
  type TailWrite,
} from './store.ts'

/** A piece of a tail, and which of its lease's pieces it is */
interface NumberedPiece extends TailPiece {
  token: number
  number: number
}

interface Kept<T> {
  value: T
  endsAt: number
}

/** A renewal does not come later than this, and nobody asks later for how long a lease was free. */
const TOKENS_KEPT_MS = 2 * FREE_KNOWN_MS

/** What ended is looked for once in so many writes. */
const SWEEP_EVERY = 1_000
/** So many values there may be: about 100 MB of short ones. */
const MAX_VALUES = 300_000

/** The store of one process. */
export class MemoryStore implements Store {
  readonly shared = false
  readonly #clock: Clock
  readonly #values = new Map<string, Kept<string>>()
  readonly #leases = new Map<string, Kept<Lease>>()
  /** A lease with an older token than this does not come back. `at`: since when nobody has it; null: nobody knows */
  readonly #tokens = new Map<string, Kept<{ token: number; at: number | null }>>()
  readonly #tails = new Map<string, Kept<NumberedPiece[]>>()
  readonly #groups = new Map<string, Map<string, Kept<string>>>()
  readonly #listeners = new Map<string, Set<(message: string) => void>>()
  /** One counter for all leases: any larger number will do. */
  #lastToken = 0
  #writes = 0

  readonly #maxValues: number

  /** @param maxValues beyond these, a new one is refused: none is forgotten early to make room for it */
  constructor(clock: Clock, { maxValues = MAX_VALUES } = {}) {
    this.#clock = clock
    this.#maxValues = maxValues
  }

  /** How many values and leases it has, with some that have ended */
  get size(): number {
    return this.#values.size + this.#leases.size
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    this.#mustHaveRoom(key)
    this.#write(this.#values, key, value, ttlMs)
  }

  async claim(key: string, value: string, ttlMs: number): Promise<boolean> {
    if (this.#read(this.#values, key) !== null) return false
    this.#mustHaveRoom(key)
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

  async acquire(name: string, holder: string, ttlMs: number): Promise<Acquired> {
    const held = this.#read(this.#leases, name)
    const endsAt = this.#leases.get(name)?.endsAt ?? 0
    if (held) return { state: 'held', by: held.holder, forMs: endsAt - this.#clock.now() }
    const before = this.#read(this.#tokens, name)
    this.#lastToken += 1
    const lease = { holder, token: this.#lastToken }
    this.#hold(name, lease, ttlMs)
    return { state: 'acquired', lease, freeMs: freeFor(before?.at ?? null, this.#clock) }
  }

  async renewAll(leases: readonly NamedLease[], ttlMs: number): Promise<Renewed[]> {
    return leases.map(({ name, lease }) => {
      if (!this.#isNewest(name, lease)) return 'refused'
      const was = this.#read(this.#leases, name)
      this.#hold(name, lease, ttlMs)
      return was ? 'renewed' : 'back'
    })
  }

  async release(name: string, lease: Lease, freeMs: number | null = 0): Promise<void> {
    const held = this.#read(this.#leases, name)
    if (!held || !isSame(held, lease)) return
    this.#leases.delete(name)
    // A renewal that comes late does not bring it back.
    this.#lastToken += 1
    this.#keepToken(name, this.#lastToken, TOKENS_KEPT_MS, freeMs)
  }

  async leaseOf(name: string): Promise<Lease | null> {
    return this.#read(this.#leases, name)
  }

  async appendTail(name: string, write: TailWrite): Promise<boolean> {
    const { lease, keepFrom, ttlMs } = write
    if (!this.#isNewest(name, lease)) return false
    const pieces = this.#read(this.#tails, name) ?? []
    for (const [index, piece] of write.pieces.entries()) {
      const added = { ...piece, token: lease.token, number: write.number + index }
      const last = pieces.at(-1)
      if (!last || isAfter(last, added)) pieces.push(added)
    }
    const kept = pieces.filter(({ at }) => at >= keepFrom).slice(-MOST_TAIL_PIECES)
    this.#write(this.#tails, name, kept, ttlMs)
    return true
  }

  async readTail(name: string): Promise<TailPiece[]> {
    const pieces = this.#read(this.#tails, name) ?? []
    return pieces.map(({ at, bytes, facts }) => ({ at, bytes, facts }))
  }

  async join(group: string, member: string, value: string, ttlMs: number): Promise<void> {
    const members = this.#groups.get(group) ?? new Map<string, Kept<string>>()
    this.#groups.set(group, members)
    this.#write(members, member, value, ttlMs)
  }

  async leave(group: string, member: string): Promise<void> {
    const members = this.#groups.get(group)
    members?.delete(member)
    if (members?.size === 0) this.#groups.delete(group)
  }

  async members(group: string): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    const members = this.#groups.get(group) ?? new Map<string, Kept<string>>()
    for (const member of [...members.keys()]) {
      const value = this.#read(members, member)
      if (value !== null) found.set(member, value)
    }
    return found
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

  limiter(name: string, points: number, durationS: number): Limiter {
    return new RateLimiterMemory({ keyPrefix: name, points, duration: durationS })
  }

  async close(): Promise<void> {
    this.#listeners.clear()
  }

  #hold(name: string, lease: Lease, ttlMs: number): void {
    this.#write(this.#leases, name, lease, ttlMs)
    this.#keepToken(name, lease.token, ttlMs + TOKENS_KEPT_MS)
  }

  #keepToken(name: string, token: number, ttlMs: number, freeMs: number | null = 0): void {
    const at = freeMs === null ? null : this.#clock.now() - freeMs
    this.#write(this.#tokens, name, { token, at }, ttlMs)
  }

  /** Nobody has or had it since, and it was not given back. */
  #isNewest(name: string, lease: Lease): boolean {
    const held = this.#read(this.#leases, name)
    return held ? isSame(held, lease) : (this.#read(this.#tokens, name)?.token ?? 0) <= lease.token
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
    for (const map of [this.#values, this.#leases, this.#tokens, this.#tails, ...this.#groups.values()]) {
      for (const [key, { endsAt }] of map) if (endsAt <= now) map.delete(key)
    }
    for (const [group, members] of this.#groups) if (members.size === 0) this.#groups.delete(group)
  }

  #mustHaveRoom(key: string): void {
    if (this.#values.size < this.#maxValues || this.#values.has(key)) return
    this.#sweep()
    if (this.#values.size >= this.#maxValues) throw new StoreFull('The memory has no room for more.')
  }
}

function freeFor(at: number | null, clock: Clock): number | null {
  const freeMs = at === null ? FREE_KNOWN_MS : clock.now() - at
  return freeMs < FREE_KNOWN_MS ? freeMs : null
}

const isSame = (one: Lease, other: Lease) => one.token === other.token && one.holder === other.holder

const isAfter = (last: NumberedPiece, next: NumberedPiece) =>
  (next.at - last.at || next.token - last.token || next.number - last.number) > 0
