import { type Clock, startAge, steadyClock, systemClock } from '../../shared/clock.ts'
import { ignoringStore } from '../store/ignoring-store.ts'
import type { Acquired, Lease, Store } from '../store/store.ts'
import { Releases } from './releases.ts'

/** How long the store keeps a lease that nobody renews. */
export const LEASE_MS = 3_000
/** How often the holder renews it. */
export const RENEW_MS = 1_000
/** How soon it tries again where the store failed */
const RETRY_MS = 200
/**
 * So long after the last renewal the holder stops by itself. A serial gateway checks no token, so nobody else can stop a
 * holder that was away. The rest of the lease's time is the margin between it and the next holder.
 */
export const TRUSTED_MS = 2_000
/** A message that it is free may be lost, so it is asked for this often. */
const ASK_AGAIN_MS = 1_000
/** Those who wait for many leases of one dead holder do not all ask at once. */
const APART_MS = 50

export type WhyLost = 'expired' | 'taken'

/**
 * Called once: the lease is not ours any more. `expired`: the store did not confirm it in time, or this process stood
 * still. `taken`: another has it, or had it.
 */
export type OnLost = (why: WhyLost) => void

/**
 * A lease that is held, and renewed as long as it is. Whatever only one process may do asks `good` right before: a
 * process that stood still goes on in the middle of its work, and its timers come later.
 */
export interface KeptLease {
  readonly name: string
  /** As the store knows it */
  readonly lease: Lease
  /** Whether it can be relied on at this moment */
  readonly good: boolean
  /** @param told is called when the store had forgotten it, maybe with all else, and has it again */
  onForgotten(told: () => void): void
  /**
   * Gives it up, so that the next one need not wait. Nothing is called any more.
   * @param unused nothing was done with it: the next one learns for how long that is so
   */
  release(ways?: { unused: boolean }): Promise<void>
}

/** What came of asking for a lease. `held` may also be by this process: an answer of the store got lost, and it runs out. */
export type Taken =
  | { state: 'acquired'; lease: KeptLease; freeMs: number | null }
  | Exclude<Acquired, { state: 'acquired' }>

export interface LeaseKeeperOptions {
  store: Pick<Store, 'acquire' | 'renewAll' | 'release' | 'publish' | 'subscribe'>
  /** This process, and no other before or after it */
  holder: string
  clock?: Clock
  /** Measures the time since now by every clock there is: one alone may stand still in sleep. */
  age?: () => () => number
}

/** Keeps all leases of this process: one timer renews them together. */
export class LeaseKeeper {
  readonly holder: string
  readonly #store: LeaseKeeperOptions['store']
  readonly #clock: Clock
  readonly #age: () => () => number
  readonly #releases: Releases
  readonly #held = new Set<Held>()
  readonly #counts = { renewed: 0, unrenewed: 0, expired: 0, taken: 0 }
  /** When the next renewal is due; null while one is under way */
  #dueIn: (() => number) | null = null
  #cancel: () => void = () => {}

  constructor({ store, holder, clock = steadyClock, age }: LeaseKeeperOptions) {
    this.#store = store
    this.holder = holder
    this.#clock = clock
    this.#age = age ?? (() => startAge(systemClock, steadyClock))
    this.#releases = new Releases(store)
  }

  /** Renewals of all together that the store confirmed, or did not answer, and leases that were lost, by reason */
  get counts(): Readonly<Record<'renewed' | 'unrenewed' | WhyLost, number>> {
    return this.#counts
  }

  /** How many leases it holds */
  get size(): number {
    return this.#held.size
  }

  /** @throws StoreError */
  async take(name: string, onLost: OnLost): Promise<Taken> {
    // Measured from before the question: the store may have counted since then.
    const sinceAsked = this.#age()
    const asked = await this.#store.acquire(name, this.holder, LEASE_MS)
    if (asked.state !== 'acquired') return asked
    const lost = (why: WhyLost) => {
      this.#counts[why] += 1
      onLost(why)
    }
    const held = new Held(name, asked, sinceAsked, lost, this.#leave)
    this.#held.add(held)
    this.#dueIn ??= this.#held.size === 1 ? this.#wait(RENEW_MS) : null
    this.#schedule()
    return { state: 'acquired', lease: held, freeMs: asked.freeMs }
  }

  /**
   * Takes it as soon as it is free, e.g. because its holder has died.
   * @param wait.of who has it, and will not for long; null: nobody, and the store gives none yet
   * @returns what the store said last, where that takes longer than `wait.ms`, or where a third one has got it
   * @throws StoreError
   */
  async takeWithin(name: string, wait: { ms: number; of: string | null }, onLost: OnLost): Promise<Taken> {
    const waited = this.#age()
    for (;;) {
      const freed = await this.#releases.next(name)
      try {
        const taken = await this.take(name, onLost)
        const leftMs = wait.ms - waited()
        const isOver = taken.state === 'acquired' || (taken.state === 'held' && taken.by !== wait.of)
        if (isOver || leftMs <= 0) return taken
        const againMs = Math.min(taken.forMs, ASK_AGAIN_MS) + Math.random() * APART_MS
        await freed.within(Math.min(againMs, leftMs), this.#clock)
      } finally {
        freed.forget()
      }
    }
  }

  /** Gives all leases up. */
  async close(): Promise<void> {
    await Promise.all([...this.#held].map((held) => held.release()))
    await ignoringStore(this.#releases.close())
  }

  readonly #leave = (held: Held, why: 'lost' | 'released' | 'unused'): Promise<void> => {
    this.#held.delete(held)
    if (this.#held.size === 0) {
      this.#cancel()
      this.#dueIn = null
    }
    return why === 'lost' ? Promise.resolve() : this.#release(held, why === 'unused' ? held.freeMs : 0)
  }

  async #release({ name, lease }: Held, freeMs: number | null): Promise<void> {
    // A store that does not answer forgets it by itself.
    await ignoringStore(this.#store.release(name, lease, freeMs))
    await ignoringStore(this.#releases.tell(name))
  }

  #wait(ms: number): () => number {
    const since = this.#age()
    return () => ms - since()
  }

  /** One timer does both: the next renewal, and the end of what is not confirmed. */
  #schedule(): void {
    this.#cancel()
    if (this.#held.size === 0) return
    let nextMs = this.#dueIn?.() ?? TRUSTED_MS
    for (const leftMs of leftOf(this.#held)) nextMs = Math.min(nextMs, leftMs)
    this.#cancel = this.#clock.after(Math.max(0, nextMs), () => this.#tick())
  }

  #tick(): void {
    for (const held of this.#held) held.check()
    if (this.#dueIn && this.#dueIn() <= 0 && this.#held.size > 0) {
      this.#dueIn = null
      void this.#renew()
    }
    this.#schedule()
  }

  async #renew(): Promise<void> {
    const all = [...this.#held]
    const sinceAsked = this.#age()
    const renewed = await ignoringStore(this.#store.renewAll(all, LEASE_MS))
    this.#counts[renewed ? 'renewed' : 'unrenewed'] += 1
    for (const [index, held] of all.entries()) {
      if (!held.good || !renewed) continue
      switch (renewed[index]) {
        case 'renewed':
          held.confirmed(sinceAsked)
          break
        case 'back':
          held.confirmed(sinceAsked)
          held.forgotten()
          break
        default:
          held.lose('taken')
      }
    }
    this.#dueIn = this.#wait(renewed ? RENEW_MS : RETRY_MS)
    this.#schedule()
  }
}

type Leave = (held: Held, why: 'lost' | 'released' | 'unused') => Promise<void>

class Held implements KeptLease {
  readonly name: string
  readonly lease: Lease
  /** Time since the newest renewal that was confirmed was asked for: the same function for all that were renewed together */
  sinceConfirmed: () => number
  readonly #freeMs: number | null
  readonly #sinceTaken: () => number
  readonly #onLost: OnLost
  #onForgotten: () => void = () => {}
  readonly #leave: Leave
  #state: 'held' | 'lost' | 'released' = 'held'

  constructor(
    name: string,
    { lease, freeMs }: Extract<Acquired, { state: 'acquired' }>,
    sinceAsked: () => number,
    onLost: OnLost,
    leave: Leave,
  ) {
    this.name = name
    this.lease = lease
    this.#freeMs = freeMs
    this.#sinceTaken = sinceAsked
    this.sinceConfirmed = sinceAsked
    this.#onLost = onLost
    this.#leave = leave
  }

  /** For how long nobody had it, unless its holder did anything with it */
  get freeMs(): number | null {
    return this.#freeMs === null ? null : this.#freeMs + this.#sinceTaken()
  }

  get good(): boolean {
    this.check()
    return this.#state === 'held'
  }

  check(): void {
    if (this.#state === 'held' && this.sinceConfirmed() >= TRUSTED_MS) this.lose('expired')
  }

  confirmed(sinceAsked: () => number): void {
    if (this.#state === 'held') this.sinceConfirmed = sinceAsked
  }

  onForgotten(told: () => void): void {
    this.#onForgotten = told
  }

  forgotten(): void {
    if (this.#state === 'held') this.#onForgotten()
  }

  lose(why: WhyLost): void {
    if (this.#state !== 'held') return
    this.#state = 'lost'
    void this.#leave(this, 'lost')
    this.#onLost(why)
  }

  async release({ unused } = { unused: false }): Promise<void> {
    const was = this.#state
    this.#state = 'released'
    if (was === 'held') await this.#leave(this, unused ? 'unused' : 'released')
  }
}

/** How much of its time each has left. Those that were renewed together have the same. */
function leftOf(held: Iterable<Held>): Set<number> {
  const rounds = new Set<() => number>()
  for (const { sinceConfirmed } of held) rounds.add(sinceConfirmed)
  return new Set([...rounds].map((since) => TRUSTED_MS - since()))
}
