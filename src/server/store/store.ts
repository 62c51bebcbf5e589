import type { RateLimiterAbstract } from 'rate-limiter-flexible'

/** Who holds a lease. A later one of the same name has a larger token, as long as the store forgets nothing. */
export interface Lease {
  holder: string
  token: number
}

/**
 * What the replicas of this server have in common. With one process it is that process's memory; several share a Redis or
 * Valkey. Values are strings, which whoever wrote them parses.
 *
 * All values end by themselves: a replica that is gone leaves nothing behind. Where several calls meet, each is done as a
 * whole before the next.
 * @throws StoreError by every call, where the store does not answer
 */
export interface Store {
  /** Whether it knows what was before this process began, and other replicas have the same */
  readonly shared: boolean
  /** Writes a value, also over another. It ends after `ttlMs`, at least 1. */
  put(key: string, value: string, ttlMs: number): Promise<void>
  /** Writes where there is no value. @returns whether it did: one of several wins */
  claim(key: string, value: string, ttlMs: number): Promise<boolean>
  /** Writes where the value is still `before`. @returns whether it was */
  replace(key: string, before: string, value: string, ttlMs: number): Promise<boolean>
  get(key: string): Promise<string | null>
  /** Reads the value and removes it: one of several gets it. */
  take(key: string): Promise<string | null>
  remove(key: string): Promise<void>

  /**
   * Takes a lease that nobody holds, also one that has run out.
   * @param holder a name that no other process has, also none before a restart of this one
   * @returns null: it is held
   */
  acquire(name: string, holder: string, ttlMs: number): Promise<Lease | null>
  /** @returns whether it was still this lease, and now is for `ttlMs` */
  renew(name: string, lease: Lease, ttlMs: number): Promise<boolean>
  /** Gives it back, if it is still this lease. */
  release(name: string, lease: Lease): Promise<void>
  /** Who holds it; null: nobody does */
  leaseOf(name: string): Promise<Lease | null>

  /** Tells all that listen, here and at other replicas. A message that comes while a listener is cut off is lost. */
  publish(channel: string, message: string): Promise<void>
  /** @returns ends it */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>

  /** Counts up to `points` in `durationS` seconds for each key, by all replicas together. */
  limiter(name: string, points: number, durationS: number): RateLimiterAbstract

  close(): Promise<void>
}

/** The store did not answer. Nothing says whether it did what it was asked. */
export class StoreError extends Error {
  override name = 'StoreError'
}
