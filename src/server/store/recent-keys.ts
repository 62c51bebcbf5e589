import type { Store } from './store.ts'

/**
 * The keys of one kind that were written last. In one process's memory there are no more of them than `max`: the oldest
 * make room. A shared store has a limit of its own.
 */
export class RecentKeys {
  readonly #store: Store
  readonly #max: number
  readonly #forget: (key: string) => Promise<void>
  /** In the order of the last write */
  readonly #keys = new Set<string>()

  /** @param forget removes what is written under a key; left out: its value */
  constructor(store: Store, max: number, forget = (key: string) => store.remove(key)) {
    this.#store = store
    this.#max = max
    this.#forget = forget
  }

  get size(): number {
    return this.#keys.size
  }

  /** It is written now. */
  async wrote(key: string): Promise<void> {
    if (this.#store.shared) return
    this.#keys.delete(key)
    this.#keys.add(key)
    const [oldest] = this.#keys
    if (this.#keys.size <= this.#max || oldest === undefined) return
    this.#keys.delete(oldest)
    await this.#forget(oldest)
  }

  removed(key: string): void {
    this.#keys.delete(key)
  }
}
