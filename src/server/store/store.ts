import type { RateLimiterAbstract } from 'rate-limiter-flexible'

/** Who holds a lease. A later one of the same name has a larger token, as long as the store forgets nothing. */
export interface Lease {
  holder: string
  token: number
}

/** How a lease was asked for and what came of it. */
export type Acquired =
  /** So long nobody had it: since it was last renewed, or given back. null: nobody knows */
  | { state: 'acquired'; lease: Lease; freeMs: number | null }
  /** It runs out in `forMs`, unless it is renewed. */
  | { state: 'held'; by: string; forMs: number }
  /** The store began without memory so lately that somebody may still trust a lease which it has forgotten. */
  | { state: 'waiting'; forMs: number }

/** A lease and its name */
export interface NamedLease {
  name: string
  lease: Lease
}

/**
 * `renewed`: it is for another `ttlMs`. `back`: that, too, but the store had none. It may have forgotten all else.
 * `refused`: it is this lease no more.
 */
export type Renewed = 'renewed' | 'back' | 'refused'

/** A part of what a line said, with what is known about this place. */
export interface TailPiece {
  /** The offset of its first byte in the line's stream */
  at: number
  /** It goes as a whole, so it should be small. It may have none: then it has only facts, about that place. */
  bytes: Buffer
  /** What its writer knows besides, as JSON; its reader parses it. */
  facts: string | null
}

/** A tail has no more pieces than this: those of a line that says one byte at a time are small. */
export const MOST_TAIL_PIECES = 16 * 1024

/** For so long it is known when a lease was last had. */
export const FREE_KNOWN_MS = 12 * 60 * 60_000

export interface TailWrite {
  /** The newest lease of this name: only its holder writes. */
  lease: Lease
  /**
   * Numbers the first of the pieces, among all that this lease has written. A piece that is written again with the same
   * number is there once.
   */
  number: number
  /** In order, each at the end of the one before or later */
  pieces: readonly TailPiece[]
  /** Pieces that begin before this offset go. */
  keepFrom: number
  /** The whole tail ends so long after the last write; a day at most. */
  ttlMs: number
}

/** `consume` rejects with a `RateLimiterRes` where there were too many. */
export type Limiter = Pick<RateLimiterAbstract, 'points' | 'consume'>

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
   * @param ttlMs the same for all leases of one name
   */
  acquire(name: string, holder: string, ttlMs: number): Promise<Acquired>
  /**
   * Renews any number of leases together. One that the store has forgotten comes back, with its token, if nobody had the
   * name since, and it was not given back.
   * @returns for each what became of it
   */
  renewAll(leases: readonly NamedLease[], ttlMs: number): Promise<Renewed[]>
  /**
   * Gives it back, if it is still this lease.
   * @param freeMs for how long nobody had it, to whoever asks next: its holder did nothing with it
   */
  release(name: string, lease: Lease, freeMs?: number | null): Promise<void>
  /** Who holds it; null: nobody does */
  leaseOf(name: string): Promise<Lease | null>

  /**
   * Writes the newest of what a line says, for whoever has the line next. The name is that of the line's lease.
   * @returns false: another has or had the lease since, or it was given back. Nothing is written.
   */
  appendTail(name: string, write: TailWrite): Promise<boolean>
  /** All that is kept, in order. Bytes between two pieces may be missing. */
  readTail(name: string): Promise<TailPiece[]>

  /** Makes it a member of the group for `ttlMs`, with this value. */
  join(group: string, member: string, value: string, ttlMs: number): Promise<void>
  leave(group: string, member: string): Promise<void>
  /** Who is a member now, and with which value */
  members(group: string): Promise<ReadonlyMap<string, string>>

  /** Tells all that listen, here and at other replicas. A message that comes while a listener is cut off is lost. */
  publish(channel: string, message: string): Promise<void>
  /**
   * @param missed is called when it listens again after it was cut off: messages may be lost
   * @returns ends it
   */
  subscribe(
    channel: string,
    listener: (message: string) => void,
    missed?: () => void,
  ): Promise<() => Promise<void>>

  /** Counts up to `points` in `durationS` seconds for each key, by all replicas together. */
  limiter(name: string, points: number, durationS: number): Limiter

  close(): Promise<void>
}

/**
 * Writes a value in the place of what was read.
 * @param before what was read; null: there was nothing
 * @returns whether it was still so
 */
export const writeOver = (
  store: Pick<Store, 'claim' | 'replace'>,
  key: string,
  before: string | null,
  value: string,
  ttlMs: number,
): Promise<boolean> =>
  before === null ? store.claim(key, value, ttlMs) : store.replace(key, before, value, ttlMs)

/** The store did not answer. Nothing says whether it did what it was asked. */
export class StoreError extends Error {
  override name = 'StoreError'
}

/** It has no room for another value. */
export class StoreFull extends StoreError {
  override name = 'StoreFull'
}
