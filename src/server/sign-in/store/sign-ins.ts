import { ignoringStore } from '../../store/ignoring-store.ts'
import { StoreError } from '../../store/store.ts'
import { handleOf, hashOf, newHandle, newId, overBy, renewed, seen } from './record.ts'
import {
  type Ended,
  type EndReason,
  type Stored,
  StoredSignIns,
  type StoredSignInsOptions,
} from './stored-sign-ins.ts'

/** A sign-in of which nobody heard for so long is looked up: the message of its end may have been lost. */
const CHECK_MS = 30_000
/** That its user is there is written so often at most. */
const TOUCH_MS = 30_000
/** Several requests may change one sign-in at the same time. Each try ends with one of them done. */
const TRIES = 8

/** A person's sign-in. `T` is kept with it by the mode. Within this process it is always the same object. */
export interface SignIn<T> {
  /** Its name within the servers and in logs. It opens nothing, and stays when the id changes. */
  readonly handle: string
  readonly userId: string
  kept: T
}

/** What this process knows of a sign-in */
interface Known<T> {
  signIn: SignIn<T>
  stored: Stored<T>
  /** When it was so in the store */
  checkedAt: number
  /** When its user was last here, which is not written each time */
  touchedAt: number
}

export interface SignInsOptions<T> extends StoredSignInsOptions<T> {
  totalMs: number
  /** Beyond these the oldest ends. */
  maxPerUser?: number
  /** So many there may be without a shared store, and so many one process watches with it. */
  max?: number
}

/**
 * The sign-ins of all users. In a shared store they are the same at every replica, and outlive each. Only the hash of an
 * id is kept, so a leak of the store opens nothing.
 *
 * Nothing here runs by itself. The owner calls `sweep` now and then, so that limits also end a sign-in with a silent
 * browser, and its consoles with it, at whichever replica they are.
 *
 * What asks the store rejects with a `StoreError` where it is away. Nothing has ended then.
 */
export class SignIns<T> {
  /** Resolves once it is known whether this process hears what ends elsewhere. */
  readonly listening: Promise<boolean>
  readonly #options: Required<SignInsOptions<T>>
  readonly #touchMs: number
  readonly #stored: StoredSignIns<T>
  /** By handle, oldest first */
  readonly #known = new Map<string, Known<T>>()
  readonly #listeners = new Set<(ended: Ended) => void>()
  #sweeping: Promise<void> | null = null

  constructor(options: SignInsOptions<T>) {
    this.#touchMs = Math.min(TOUCH_MS, options.idleMs / 8)
    // What another replica has written about the user may be so old. Nobody is signed out early for that.
    const idleMs = options.idleMs + (options.store.shared ? this.#touchMs : 0)
    this.#options = { maxPerUser: 20, max: 10_000, ...options, idleMs }
    this.#stored = new StoredSignIns(this.#options)
    this.listening = this.#listen()
  }

  /** How many this process knows. Without a shared store they are all. */
  get size(): number {
    return this.#known.size
  }

  /** Hears of each sign-in that ends, also at another replica. */
  onEnded(listener: (ended: Ended) => void): void {
    this.#listeners.add(listener)
  }

  /**
   * @param endsAt when it must end at the latest, e.g. with the cloud's token, ms since the epoch
   * @returns the sign-in, and its id, which only the browser may keep
   */
  async begin(
    userId: string,
    kept: T,
    endsAt = Number.POSITIVE_INFINITY,
  ): Promise<{ signIn: SignIn<T>; id: string }> {
    const { clock, totalMs } = this.#options
    await this.#makeRoom()
    const now = clock.now()
    const handle = newHandle()
    const id = newId(handle)
    const record = {
      userId,
      begunAt: now,
      endsAt: Math.min(endsAt, now + totalMs),
      touchedAt: now,
      current: hashOf(id),
      currentSince: now,
      confirmed: false,
      previous: null,
    }
    const stored = await this.#stored.write(handle, record, kept)
    const { signIn } = this.#learn(handle, stored)
    await this.#stored.list(handle, stored.record)
    await this.#limit(userId)
    return { signIn, id }
  }

  /**
   * The sign-in of an id.
   * @param touch whether the user is there, which puts the idle limit off
   * @param rotate whether the answer can carry a new id
   * @returns with `newId` if the browser must use another id from now on; null: there is no such sign-in
   */
  async find(
    id: string,
    { touch, rotate }: { touch: boolean; rotate: boolean },
  ): Promise<{ signIn: SignIn<T>; newId: string | null } | null> {
    const handle = handleOf(id)
    if (handle === null) return null
    for (let tried = 1; ; tried++) {
      const known = await this.#read(handle)
      if (!known) return null
      const now = this.#options.clock.now()
      const { signIn, stored } = known
      const due = touch && now >= stored.record.touchedAt + this.#touchMs
      const found = seen(stored.record, { handle, id, now, touch: due, rotate })
      if (found.state === 'unknown') return null
      if (touch) known.touchedAt = now
      // Others have changed it each time. This request can do without.
      if (!found.next || tried === TRIES) return { signIn, newId: null }
      const replaced = await this.#stored.replace(handle, stored, found.next)
      if (!replaced) continue
      this.#learn(handle, replaced)
      return { signIn, newId: found.newId }
    }
  }

  /** For what this server does in its user's name: nobody is here. null: it is over */
  async byHandle(handle: string): Promise<SignIn<T> | null> {
    return (await this.#read(handle))?.signIn ?? null
  }

  /**
   * Its rights have changed.
   * @param change `endsAt`: its new end, ms since the epoch; `kept`: what is kept from now on
   * @returns a new id; the old one is good for the requests under way only. null: it is over
   */
  async renew(
    { handle }: { handle: string },
    change: { endsAt?: number; kept?: T } = {},
  ): Promise<string | null> {
    for (let tried = 1; tried <= TRIES; tried++) {
      const known = await this.#read(handle)
      if (!known) return null
      const { record } = known.stored
      const id = newId(handle)
      const next = renewed(
        { ...record, endsAt: change.endsAt ?? record.endsAt },
        id,
        this.#options.clock.now(),
      )
      const changed = change.kept === undefined ? undefined : { kept: change.kept }
      const replaced = await this.#stored.replace(handle, known.stored, next, changed)
      if (!replaced) continue
      this.#learn(handle, replaced)
      if (change.endsAt !== undefined) await this.#stored.list(handle, next)
      return id
    }
    throw new StoreError('The sign-in changes all the time.')
  }

  /** Ends it here and at every replica. @returns whether this call did */
  async end({ handle }: { handle: string }, reason: EndReason): Promise<boolean> {
    const taken = await this.#stored.take(handle)
    if (!taken) return false
    const ended = { handle, userId: taken.userId, reason }
    this.#tell(ended)
    // It is over. Where this fails, the others find out when they look for it.
    await ignoringStore(this.#stored.tellEnded(ended))
    return true
  }

  /** @returns how many there were */
  async endAll(userId: string, reason: EndReason): Promise<number> {
    const handles = await this.#stored.of(userId)
    const ended = await Promise.all(handles.map((handle) => this.end({ handle }, reason)))
    return ended.filter(Boolean).length
  }

  /** Ends all that are over their limits, and tells of those that ended elsewhere without a word. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = null
    })
    return this.#sweeping
  }

  /** Without a shared store it ends all, since nobody would find them again. */
  async close(): Promise<void> {
    if (!this.#options.store.shared)
      await Promise.all([...this.#known.keys()].map((handle) => this.end({ handle }, 'shutdown')))
    await this.#stored.close()
  }

  async #sweep(): Promise<void> {
    await this.#listen()
    const now = this.#options.clock.now()
    const due = [...this.#known].filter(
      ([, known]) => now >= known.checkedAt + CHECK_MS || this.#overBy(known) !== null,
    )
    // While the store is away nothing is known, and nobody is signed out.
    await ignoringStore(Promise.all(due.map(([handle]) => this.#read(handle))))
  }

  /** As it is in the store now. null: it is over */
  async #read(handle: string): Promise<Known<T> | null> {
    const before = this.#known.get(handle) ?? null
    const stored = await this.#stored.read(handle, before?.stored ?? null)
    if (stored === 'unreadable') return null
    if (stored === 'gone') {
      if (before && this.#known.get(handle) === before) {
        const reason = this.#overBy(before) ?? 'forgotten'
        this.#tell({ handle, userId: before.signIn.userId, reason })
      }
      return null
    }
    const known = this.#learn(handle, stored)
    const over = this.#overBy(known)
    if (!over) return known
    await this.end({ handle }, over)
    return null
  }

  #learn(handle: string, stored: Stored<T>): Known<T> {
    const { clock, max } = this.#options
    const before = this.#known.get(handle)
    if (before) {
      before.signIn.kept = stored.kept
      before.stored = stored
      before.checkedAt = clock.now()
      return before
    }
    const { userId, touchedAt } = stored.record
    const signIn = { handle, userId, kept: stored.kept }
    const known = { signIn, stored, checkedAt: clock.now(), touchedAt }
    this.#known.set(handle, known)
    // It goes on, and messages about it still count. Only this process no longer looks for it by itself.
    const [oldest] = this.#known.keys()
    if (this.#known.size > max && oldest !== undefined) this.#known.delete(oldest)
    return known
  }

  #overBy({ stored, touchedAt }: Known<T>) {
    const { record } = stored
    const touched = Math.max(touchedAt, record.touchedAt)
    return overBy({ ...record, touchedAt: touched }, this.#options.idleMs, this.#options.clock.now())
  }

  /** Without a shared store, all are in this process's memory. */
  async #makeRoom(): Promise<void> {
    const { store, max } = this.#options
    if (store.shared) return
    await this.sweep()
    for (const handle of [...this.#known.keys()]) {
      if (this.#known.size < max) return
      await this.end({ handle }, 'replaced')
    }
  }

  async #limit(userId: string): Promise<void> {
    const { maxPerUser } = this.#options
    const handles = await this.#stored.of(userId)
    if (handles.length <= maxPerUser) return
    const known = await Promise.all(handles.map((handle) => this.#read(handle)))
    const there = handles.filter((_, index) => known[index])
    const tooMany = there.slice(0, Math.max(0, there.length - maxPerUser))
    await Promise.all(tooMany.map((handle) => this.end({ handle }, 'replaced')))
  }

  #tell(ended: Ended): void {
    this.#known.delete(ended.handle)
    for (const listener of this.#listeners) listener(ended)
  }

  #listen(): Promise<boolean> {
    return this.#stored.listen((ended) => this.#tell(ended))
  }
}
