import { type Clock, every } from '../../../shared/clock.ts'
import { ignoringStore } from '../../store/ignoring-store.ts'
import type { Store } from '../../store/store.ts'

const GROUP = 'log-stores'
/** A store that nobody has opened for so long is missed no more. */
const KNOWN_MS = 7 * 24 * 60 * 60 * 1000
/** A Redis that lost its memory knows it again after so long. */
const TELL_MS = 60_000

/** Tells the other replicas of this one's store, and knows theirs, also while they are away. */
export class KnownStores {
  readonly #shared: Pick<Store, 'join' | 'members'>
  readonly #own: string
  readonly #stop: () => void

  constructor(shared: Pick<Store, 'join' | 'members'>, own: string, clock: Clock) {
    this.#shared = shared
    this.#own = own
    this.#tell()
    this.#stop = every(clock, TELL_MS, () => this.#tell())
  }

  /** @returns null: nobody knows */
  async names(): Promise<ReadonlySet<string> | null> {
    const members = await ignoringStore(this.#shared.members(GROUP))
    return members ? new Set(members.keys()) : null
  }

  close(): void {
    this.#stop()
  }

  #tell(): void {
    void ignoringStore(this.#shared.join(GROUP, this.#own, '', KNOWN_MS))
  }
}
