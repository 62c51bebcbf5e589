import { type Clock, startAge, steadyClock, systemClock } from '../../shared/clock.ts'
import { type Lease, type Store, StoreError } from '../store/store.ts'

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

export type WhyLost = 'expired' | 'taken'

export interface HeldLeaseOptions {
  store: Pick<Store, 'acquire' | 'renewAll' | 'release'>
  name: string
  /** This process, and no other before or after it */
  holder: string
  /**
   * Called once: it is not ours any more. `expired`: the store did not confirm it in time, or this process stood still.
   * `taken`: the store has forgotten it, or another has it.
   */
  onLost: (why: WhyLost) => void
  clock?: Clock
  /** Measures the time since now by every clock there is: one alone may stand still in sleep. */
  age?: () => () => number
}

/**
 * A lease that is held, and renewed as long as it is. Whatever only one process may do asks `good` right before: a
 * process that stood still goes on in the middle of its work, and its timers come later.
 */
export class HeldLease {
  readonly token: number
  readonly #options: Required<HeldLeaseOptions>
  readonly #lease: Lease
  /** Time since the newest renewal that was confirmed was asked for */
  #sinceConfirmed: () => number
  #state: 'held' | 'lost' | 'released' = 'held'
  #cancel: () => void = () => {}

  /** @returns null: it cannot be had yet. @throws StoreError */
  static async take(options: HeldLeaseOptions): Promise<HeldLease | null> {
    const { age = () => startAge(systemClock, steadyClock) } = options
    // Measured from before the question: the store may have counted since then.
    const sinceAsked = age()
    const asked = await options.store.acquire(options.name, options.holder, LEASE_MS)
    if (asked.state !== 'acquired') return null
    return new HeldLease({ clock: steadyClock, ...options, age }, asked.lease, sinceAsked)
  }

  private constructor(options: Required<HeldLeaseOptions>, lease: Lease, sinceAsked: () => number) {
    this.#options = options
    this.#lease = lease
    this.token = lease.token
    this.#sinceConfirmed = sinceAsked
    this.#wait(RENEW_MS)
  }

  /** Whether it can be relied on at this moment. */
  get good(): boolean {
    if (this.#state === 'held' && this.#sinceConfirmed() >= TRUSTED_MS) this.#lose('expired')
    return this.#state === 'held'
  }

  /** Gives it up, so that the next one need not wait. Nothing is called any more. */
  async release(): Promise<void> {
    const was = this.#state
    this.#state = 'released'
    this.#cancel()
    if (was !== 'held') return
    // A store that does not answer forgets it by itself.
    await this.#options.store.release(this.#options.name, this.#lease).catch(ignoreStore)
  }

  /** One timer does both: the next renewal, and the end if there is none. */
  #wait(ms: number): void {
    this.#cancel()
    const leftMs = Math.max(0, TRUSTED_MS - this.#sinceConfirmed())
    this.#cancel = this.#options.clock.after(Math.min(ms, leftMs), () => {
      if (!this.good) return
      // While an answer is awaited, only the end is.
      this.#wait(TRUSTED_MS)
      void this.#renew()
    })
  }

  async #renew(): Promise<void> {
    const { store, name, age } = this.#options
    const sinceAsked = age()
    const renewed = await store.renewAll([{ name, lease: this.#lease }], LEASE_MS).catch(ignoreStore)
    if (!this.good) return
    const held = renewed?.[0]
    if (held === false) return this.#lose('taken')
    if (held) this.#sinceConfirmed = sinceAsked
    this.#wait(held ? RENEW_MS : RETRY_MS)
  }

  #lose(why: WhyLost): void {
    this.#state = 'lost'
    this.#cancel()
    this.#options.onLost(why)
  }
}

/** The store failed: nothing is known. */
function ignoreStore(error: unknown): void {
  if (!(error instanceof StoreError)) throw error
}
