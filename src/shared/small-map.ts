/**
 * A map that mostly has one entry or none, and then needs less than half the memory of a `Map`: a session has several of
 * these, and a server has thousands of sessions. Entries are in the order in which they were set first.
 */
export class SmallMap<K, V> {
  /** The only entry; null: there is none, or there were several. */
  #only: { key: K; value: V } | null = null
  /** From the second entry on */
  #many: Map<K, V> | null = null

  get size(): number {
    return this.#many ? this.#many.size : Number(this.#only !== null)
  }

  get(key: K): V | undefined {
    if (this.#many) return this.#many.get(key)
    return this.#only?.key === key ? this.#only.value : undefined
  }

  has(key: K): boolean {
    return this.#many ? this.#many.has(key) : this.#only?.key === key
  }

  set(key: K, value: V): void {
    if (this.#many) {
      this.#many.set(key, value)
    } else if (!this.#only || this.#only.key === key) {
      this.#only = { key, value }
    } else {
      this.#many = new Map([...this, [key, value]])
      this.#only = null
    }
  }

  /** @returns whether it was there */
  delete(key: K): boolean {
    const had = this.has(key)
    if (this.#many) this.#many.delete(key)
    else if (had) this.#only = null
    if (this.#many?.size === 0) this.#many = null
    return had
  }

  *keys(): Generator<K> {
    for (const [key] of this) yield key
  }

  *values(): Generator<V> {
    for (const [, value] of this) yield value
  }

  /** Entries may be deleted meanwhile, as with a `Map`. One that is added meanwhile may come or not. */
  [Symbol.iterator](): Iterator<[K, V]> & Iterable<[K, V]> {
    if (this.#many) return this.#many.entries()
    const entries: [K, V][] = this.#only ? [[this.#only.key, this.#only.value]] : []
    return entries.values()
  }
}
