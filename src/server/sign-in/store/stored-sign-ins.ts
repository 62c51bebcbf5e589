import { z } from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import { jsonOf } from '../../json.ts'
import { ignoringStore } from '../../store/ignoring-store.ts'
import type { Store } from '../../store/store.ts'
import type { Codec } from './codec.ts'
import { hashOf, newHandle, SignInRecord } from './record.ts'

/** It stays in the store beyond its end, so that whoever looks for it finds out why it ended. */
const GRACE_MS = 60_000

/** `forgotten`: the store no longer has it, and nobody says why. */
export const EndReason = z.enum([
  'signed-out',
  'idle',
  'time-limit',
  'replaced',
  'cloud-ended',
  'forgotten',
  'shutdown',
])
export type EndReason = z.infer<typeof EndReason>

const Ended = z.object({ handle: z.string(), userId: z.string(), reason: EndReason })
/** A sign-in that is over */
export type Ended = z.infer<typeof Ended>

const Message = z
  .string()
  .transform(jsonOf)
  .pipe(Ended.extend({ from: z.string() }))

/** A sign-in as the store has it */
export interface Stored<T> {
  text: string
  record: SignInRecord
  kept: T
}

export interface StoredSignInsOptions<T> {
  store: Store
  /** What they are called in the store, apart from other kinds */
  kind: 'sign-in' | 'grant'
  codec: Codec<T>
  /** How long one is kept that nobody touches, ms */
  idleMs: number
  clock: Clock
}

/** The records of sign-ins in the store, whose they are, and the messages of their ends. */
export class StoredSignIns<T> {
  readonly #options: StoredSignInsOptions<T>
  /** This process, in its messages */
  readonly #self = newHandle()
  #listening: { stop: () => Promise<void> } | 'trying' | 'no' | 'closed' = 'no'

  constructor(options: StoredSignInsOptions<T>) {
    this.#options = options
  }

  /** @returns null: there is none, or it is a later version's */
  async read(handle: string, known: Stored<T> | null): Promise<Stored<T> | 'gone' | 'unreadable'> {
    const text = await this.#options.store.get(this.#key(handle))
    if (text === null) return 'gone'
    if (text === known?.text) return known
    const record = recordOf(text)
    const kept = record && this.#options.codec.read(record.kept, this.#key(handle))
    return record && kept !== null ? { text, record, kept } : 'unreadable'
  }

  /** @param kept replaces what the record keeps */
  async write(handle: string, record: Omit<SignInRecord, 'kept'>, kept: T): Promise<Stored<T>> {
    const written = this.#with(handle, record, kept)
    const text = JSON.stringify(written)
    await this.#options.store.put(this.#key(handle), text, this.#ttlOf(written))
    return { text, record: written, kept }
  }

  /** @param changed what is kept from now on; absent: as before. @returns null: it is not as it was read any more */
  async replace(
    handle: string,
    before: Stored<T>,
    record: SignInRecord,
    changed?: { kept: T },
  ): Promise<Stored<T> | null> {
    const next = changed ? this.#with(handle, record, changed.kept) : record
    const text = JSON.stringify(next)
    const ttlMs = this.#ttlOf(next)
    if (!(await this.#options.store.replace(this.#key(handle), before.text, text, ttlMs))) return null
    return { text, record: next, kept: changed ? changed.kept : before.kept }
  }

  /** Removes it. @returns whose it was. null: it was gone; one of several who ask at once is told */
  async take(handle: string): Promise<{ userId: string } | null> {
    const text = await this.#options.store.take(this.#key(handle))
    return text === null ? null : { userId: recordOf(text)?.userId ?? '' }
  }

  /** Notes whose it is, until its end. */
  async list(handle: string, { userId, begunAt, endsAt }: SignInRecord): Promise<void> {
    const { store, clock } = this.#options
    const ttlMs = Math.max(1, Math.ceil(endsAt - clock.now() + GRACE_MS))
    await store.join(this.#groupOf(userId), handle, String(begunAt), ttlMs)
  }

  /** The handles of one user's sign-ins, oldest first. Some may have ended by themselves. */
  async of(userId: string): Promise<string[]> {
    const all = [...(await this.#options.store.members(this.#groupOf(userId)))]
    return all.sort(([, a], [, b]) => Number(a) - Number(b)).map(([handle]) => handle)
  }

  /** It was taken: the others hear of it. */
  async tellEnded(ended: Ended): Promise<void> {
    const { store } = this.#options
    await Promise.all([
      store.publish(this.#channel, JSON.stringify({ ...ended, from: this.#self })),
      store.leave(this.#groupOf(ended.userId), ended.handle),
    ])
  }

  /** Hears what ends elsewhere. Called again, it tries again if it has to. @returns whether it listens now */
  async listen(onEnded: (ended: Ended) => void): Promise<boolean> {
    if (this.#listening !== 'no') return typeof this.#listening === 'object'
    this.#listening = 'trying'
    const hear = (message: string) => {
      const heard = Message.safeParse(message).data
      if (!heard || heard.from === this.#self) return
      const { handle, userId, reason } = heard
      onEnded({ handle, userId, reason })
    }
    const stop = await ignoringStore(this.#options.store.subscribe(this.#channel, hear))
    if (this.#isClosed()) {
      if (stop) await ignoringStore(stop())
      return false
    }
    this.#listening = stop ? { stop } : 'no'
    return stop !== null
  }

  async close(): Promise<void> {
    const listening = this.#listening
    this.#listening = 'closed'
    if (typeof listening === 'object') await ignoringStore(listening.stop())
  }

  #isClosed(): boolean {
    return this.#listening === 'closed'
  }

  #with(handle: string, record: Omit<SignInRecord, 'kept'>, kept: T): SignInRecord {
    return { ...record, kept: this.#options.codec.write(kept, this.#key(handle)) }
  }

  #ttlOf({ endsAt, touchedAt }: SignInRecord): number {
    const { clock, idleMs } = this.#options
    return Math.max(1, Math.ceil(Math.min(endsAt, touchedAt + idleMs) - clock.now() + GRACE_MS))
  }

  get #channel(): string {
    return `${this.#options.kind}s-ended`
  }

  #key(handle: string): string {
    return `${this.#options.kind}:${handle}`
  }

  #groupOf(userId: string): string {
    return `${this.#options.kind}s-of:${hashOf(userId)}`
  }
}

const recordOf = (text: string): SignInRecord | null => SignInRecord.safeParse(jsonOf(text)).data ?? null
