import type { Clock } from './clock.ts'
import { SmallMap } from './small-map.ts'

export interface Rate {
  /** How many may come at once */
  burst: number
  perSecond: number
}

/** Limits a rate: `burst` at once, and `perSecond` for ever. */
export class TokenBucket {
  readonly #rate: Rate
  readonly #clock: Clock
  /** Below zero, the bucket is owed some. */
  #tokens: number
  #filledAt: number

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate
    this.#clock = clock
    this.#tokens = rate.burst
    this.#filledAt = clock.now()
  }

  /** @returns whether there were so many to take */
  take(count = 1): boolean {
    this.#fill()
    if (this.#tokens < count) return false
    this.#tokens -= count
    return true
  }

  /** Takes so many in any case. @returns how long to wait until nothing is owed, ms; 0 where nothing is */
  borrow(count: number): number {
    this.#fill()
    this.#tokens -= count
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / this.#rate.perSecond) * 1000)
  }

  give(): void {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + 1)
  }

  get isFull(): boolean {
    this.#fill()
    return this.#tokens === this.#rate.burst
  }

  #fill(): void {
    const now = this.#clock.now()
    // The machine's clock may have been set back.
    const seconds = Math.max(0, now - this.#filledAt) / 1000
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + seconds * this.#rate.perSecond)
    this.#filledAt = now
  }
}

const MOST_KEYS = 1_000

/** A bucket for each key. Full ones are forgotten when there are many: a new one is the same. */
export class TokenBuckets {
  readonly #rate: Rate
  readonly #clock: Clock
  readonly #byKey = new SmallMap<string, TokenBucket>()

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate
    this.#clock = clock
  }

  of(key: string): TokenBucket {
    const known = this.#byKey.get(key)
    if (known) return known
    if (this.#byKey.size >= MOST_KEYS) {
      for (const [other, bucket] of this.#byKey) if (bucket.isFull) this.#byKey.delete(other)
    }
    const bucket = new TokenBucket(this.#rate, this.#clock)
    this.#byKey.set(key, bucket)
    return bucket
  }
}
