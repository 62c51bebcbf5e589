import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../../../shared/clock.ts'

/** How long an id is used before a new one takes its place. */
const ROTATE_MS = 15 * 60_000
/** The id before stays good so long, for the requests that were under way with it. */
const OVERLAP_MS = 30_000

/** A person's sign-in. `T` is kept with it by the mode. */
export interface SignIn<T> {
  /** Its name within the server and in logs. It opens nothing, and stays when the id changes. */
  readonly handle: string
  readonly userId: string
  kept: T
}

export type EndReason = 'signed-out' | 'idle' | 'time-limit' | 'replaced' | 'cloud-ended' | 'shutdown'

interface Entry<T> extends SignIn<T> {
  /** When it ends whatever happens, ms since the epoch */
  endsAt: number
  /** When its user was last there */
  touchedAt: number
  /** Hash of the id that is in use */
  current: string
  currentSince: number
  /** Whether a request has come with the current id: only then is it sure that the browser has it. */
  confirmed: boolean
  /** Hash of the id before, and its end; null: until the current one is confirmed */
  previous: { key: string; until: number | null } | null
}

export interface SignInsOptions {
  idleMs: number
  totalMs: number
  /** Beyond these the oldest ends. */
  maxPerUser?: number
  max?: number
  clock: Clock
}

/**
 * The sign-ins of all users, in memory: a restart ends them. Only the hash of an id is kept, so a leak of this memory
 * opens nothing. The mode's secrets in `kept` go with the sign-in.
 *
 * Nothing here runs by itself. The owner calls `sweep` now and then, so that limits also end a sign-in with a silent
 * browser, and its consoles with it.
 */
export class SignIns<T> {
  readonly #options: Required<SignInsOptions>
  /** By handle, oldest first */
  readonly #entries = new Map<string, Entry<T>>()
  readonly #byKey = new Map<string, Entry<T>>()
  readonly #listeners = new Set<(signIn: SignIn<T>, reason: EndReason) => void>()

  constructor(options: SignInsOptions) {
    this.#options = { maxPerUser: 20, max: 10_000, ...options }
  }

  get size(): number {
    return this.#entries.size
  }

  onEnded(listener: (signIn: SignIn<T>, reason: EndReason) => void): void {
    this.#listeners.add(listener)
  }

  /**
   * @param endsAt when it must end at the latest, e.g. with the cloud's token, ms since the epoch
   * @returns the sign-in, and its id, which only the browser may keep
   */
  begin(userId: string, kept: T, endsAt = Number.POSITIVE_INFINITY): { signIn: SignIn<T>; id: string } {
    this.sweep()
    const { clock, totalMs, maxPerUser, max } = this.#options
    const ofUser = this.of(userId)
    const oldest = ofUser.length >= maxPerUser ? ofUser[0] : undefined
    if (oldest) this.end(oldest, 'replaced')
    for (const first of this.#entries.values()) {
      if (this.#entries.size < max) break
      this.end(first, 'replaced')
    }
    const id = newId()
    const entry: Entry<T> = {
      handle: randomUUID(),
      userId,
      kept,
      endsAt: Math.min(endsAt, clock.now() + totalMs),
      touchedAt: clock.now(),
      current: keyOf(id),
      currentSince: clock.now(),
      confirmed: false,
      previous: null,
    }
    this.#entries.set(entry.handle, entry)
    this.#byKey.set(entry.current, entry)
    return { signIn: entry, id }
  }

  /**
   * The sign-in of an id.
   * @param touch whether the user is there, which puts the idle limit off
   * @param rotate whether the answer can carry a new id
   * @returns with `newId` if the browser must use another id from now on; null: there is no such sign-in
   */
  find(
    id: string,
    { touch, rotate }: { touch: boolean; rotate: boolean },
  ): { signIn: SignIn<T>; newId: string | null } | null {
    const key = keyOf(id)
    const entry = this.#byKey.get(key)
    if (!entry) return null
    const now = this.#options.clock.now()
    const over = this.#overBy(entry, now)
    if (over) {
      this.end(entry, over)
      return null
    }
    const { previous } = entry
    if (key !== entry.current && previous?.until !== null && now >= (previous?.until ?? 0)) return null
    if (touch) entry.touchedAt = now
    return { signIn: entry, newId: this.#due(entry, key, now) && rotate ? this.#rotate(entry, null) : null }
  }

  /**
   * @param endsAt a new end, ms since the epoch; without it the end stays
   * @returns a new id, since the rights have changed; the old one is good for the requests under way only
   */
  renew(signIn: SignIn<T>, endsAt?: number): string | null {
    const entry = this.#entries.get(signIn.handle)
    if (!entry) return null
    if (endsAt !== undefined) entry.endsAt = endsAt
    return this.#rotate(entry, this.#options.clock.now() + OVERLAP_MS)
  }

  /** The sign-ins of one user, oldest first. */
  of(userId: string): SignIn<T>[] {
    return [...this.#entries.values()].filter((entry) => entry.userId === userId)
  }

  has(signIn: SignIn<T>): boolean {
    return this.#entries.has(signIn.handle)
  }

  end(signIn: SignIn<T>, reason: EndReason): void {
    const entry = this.#entries.get(signIn.handle)
    if (!entry) return
    this.#entries.delete(entry.handle)
    this.#byKey.delete(entry.current)
    if (entry.previous) this.#byKey.delete(entry.previous.key)
    for (const listener of this.#listeners) listener(entry, reason)
  }

  /** @returns how many there were */
  endAll(userId: string, reason: EndReason): number {
    const all = this.of(userId)
    for (const signIn of all) this.end(signIn, reason)
    return all.length
  }

  /** Ends all sign-ins that are over their limits. */
  sweep(): void {
    const now = this.#options.clock.now()
    for (const entry of this.#entries.values()) {
      const over = this.#overBy(entry, now)
      if (over) this.end(entry, over)
    }
  }

  /** Ends all. */
  close(): void {
    for (const entry of this.#entries.values()) this.end(entry, 'shutdown')
  }

  #overBy(entry: Entry<T>, now: number): EndReason | null {
    if (now >= entry.endsAt) return 'time-limit'
    return now >= entry.touchedAt + this.#options.idleMs ? 'idle' : null
  }

  /** Whether this id is due for a new one. Notes that the browser has the current one. */
  #due(entry: Entry<T>, key: string, now: number): boolean {
    if (key === entry.current) {
      entry.confirmed = true
      if (entry.previous?.until === null) entry.previous.until = now + OVERLAP_MS
      return now >= entry.currentSince + ROTATE_MS
    }
    // The answer with the new id was lost on its way. Without another, a bad network would sign the user out.
    return !entry.confirmed && entry.previous?.until === null && now >= entry.currentSince + OVERLAP_MS
  }

  /** @param until how long the id that the browser has now stays good; null: until the new one is confirmed */
  #rotate(entry: Entry<T>, until: number | null): string {
    const id = newId()
    if (entry.confirmed || !entry.previous) {
      if (entry.previous) this.#byKey.delete(entry.previous.key)
      entry.previous = { key: entry.current, until }
    } else {
      // Never confirmed: the browser still has the id before it.
      this.#byKey.delete(entry.current)
      entry.previous.until = until
    }
    entry.current = keyOf(id)
    entry.currentSince = this.#options.clock.now()
    entry.confirmed = false
    this.#byKey.set(entry.current, entry)
    return id
  }
}

const newId = () => randomBytes(32).toString('base64url')
// The look-up is by hash, so its time shows nothing about the id.
const keyOf = (id: string) => createHash('sha256').update(id).digest('base64url')
