import { type Clock, every } from '../../shared/clock.ts'
import { ignoringStore } from '../store/ignoring-store.ts'
import type { Store } from '../store/store.ts'

/** What replicas keep: the logs of lines, recordings, an audit log */
export type StoreGroup = 'log-stores' | 'recording-stores' | 'audit-stores'

/** A store that nobody has opened for so long is missed no more. */
const KNOWN_MS = 7 * 24 * 60 * 60 * 1000
/** A Redis that lost its memory knows it again after so long. */
const TELL_MS = 60_000

/** Tells the other replicas of this one's store, and knows theirs, also while they are away. */
export class KnownStores {
  readonly #shared: Pick<Store, 'join' | 'members'>
  readonly #group: StoreGroup
  readonly #own: string | null
  readonly #stop: () => void

  constructor(shared: Pick<Store, 'join' | 'members'>, group: StoreGroup, own: string | null, clock: Clock) {
    this.#shared = shared
    this.#group = group
    this.#own = own
    this.#tell()
    this.#stop = every(clock, TELL_MS, () => this.#tell())
  }

  /** @returns null: nobody knows */
  async names(): Promise<ReadonlySet<string> | null> {
    const members = await ignoringStore(this.#shared.members(this.#group))
    return members ? new Set(members.keys()) : null
  }

  close(): void {
    this.#stop()
  }

  #tell(): void {
    if (this.#own !== null) void ignoringStore(this.#shared.join(this.#group, this.#own, '', KNOWN_MS))
  }
}
