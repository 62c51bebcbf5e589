import type { Clock } from '../../shared/clock.ts'

/** What is read at most once in a while, however many ask. A reading that failed is made again for who asks next. */
export class Fresh<T> {
  readonly #read: () => Promise<T>
  readonly #ms: number
  readonly #clock: Pick<Clock, 'now'>
  #newest: { reading: Promise<T>; at: number } | null = null

  constructor(read: () => Promise<T>, ms: number, clock: Pick<Clock, 'now'>) {
    this.#read = read
    this.#ms = ms
    this.#clock = clock
  }

  get(): Promise<T> {
    const now = this.#clock.now()
    const known = this.#newest
    // The clock may have been set back.
    if (known && now >= known.at && now < known.at + this.#ms) return known.reading
    const newest = { reading: this.#read(), at: now }
    this.#newest = newest
    newest.reading.catch(() => {
      if (this.#newest === newest) this.#newest = null
    })
    return newest.reading
  }

  /** It has changed. */
  forget(): void {
    this.#newest = null
  }
}
