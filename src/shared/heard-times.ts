/** Bytes from this offset on, up to the next stretch, were heard at this time (epoch ms) or a moment later. */
export interface HeardStretch {
  at: number
  time: number
}

/** How exact the time of a byte is */
const HEARD_MS = 100

/**
 * When the bytes of a stream were heard. Its memory has a bound: where there are too many stretches, all are made as
 * coarse as needed. A silence is longer than that, so it stays.
 */
export class HeardTimes {
  readonly #most: number
  /** In order of their offsets */
  #at: number[] = []
  #time: number[] = []

  /** @param most how many stretches are kept */
  constructor(most: number) {
    this.#most = Math.max(4, most)
  }

  /**
   * Bytes come now, and begin here. Called for every piece of output, so it does little.
   * @returns whether a stretch begins with them
   */
  hear(at: number, time: number): boolean {
    const last = this.#time.length - 1
    if (last >= 0) {
      const since = time - (this.#time[last] ?? 0)
      if (since >= 0 && since < HEARD_MS) return false
    }
    this.add({ at, time })
    return true
  }

  /** Takes in a stretch as it is. What was known from its offset on is known better now. */
  add({ at, time }: HeardStretch): void {
    let keep = this.#at.length
    while (keep > 0 && (this.#at[keep - 1] ?? 0) >= at) keep--
    this.#cut(keep)
    this.#at.push(at)
    this.#time.push(time)
    if (this.#at.length > this.#most) this.#thin()
  }

  /** Puts stretches before the first one. */
  prepend(stretches: readonly HeardStretch[]): void {
    const first = this.#at[0] ?? Number.POSITIVE_INFINITY
    const before = stretches.filter(({ at }) => at < first)
    this.#at = [...before.map(({ at }) => at), ...this.#at]
    this.#time = [...before.map(({ time }) => time), ...this.#time]
    if (this.#at.length > this.#most) this.#thin()
  }

  /** Bytes before this offset are no longer asked for. */
  forget(before: number): void {
    const gone = this.#lastAt(before)
    // One at a time would move the others each time.
    if (gone <= 0 || gone * 2 < this.#at.length) return
    this.#at.splice(0, gone)
    this.#time.splice(0, gone)
  }

  get size(): number {
    return this.#at.length
  }

  /** Where the newest stretch begins; -1: there is none. */
  get newest(): number {
    return this.#at.at(-1) ?? -1
  }

  /** @returns null: nobody knows */
  timeAt(offset: number): number | null {
    return this.#time[this.#lastAt(offset)] ?? null
  }

  /** The stretch that has this byte */
  stretchAt(offset: number): HeardStretch | null {
    return this.#get(this.#lastAt(offset))
  }

  /** The stretches that begin at `from` or later and before `to`, at most so many */
  between(from: number, to: number, most: number): HeardStretch[] {
    const found: HeardStretch[] = []
    for (let index = this.#lastAt(from - 1) + 1; found.length < most; index++) {
      const stretch = this.#get(index)
      if (!stretch || stretch.at >= to) break
      found.push(stretch)
    }
    return found
  }

  #get(index: number): HeardStretch | null {
    const at = this.#at[index]
    const time = this.#time[index]
    return at === undefined || time === undefined ? null : { at, time }
  }

  /** The index of the last stretch that begins at this offset or before it; -1: none does. */
  #lastAt(offset: number): number {
    let low = 0
    let high = this.#at.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#at[middle] ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #cut(length: number): void {
    this.#at.length = length
    this.#time.length = length
  }

  /** Halves what is kept. The stretch after a long silence is the last to go. */
  #thin(): void {
    for (let apart = 2 * HEARD_MS; this.#at.length > this.#most / 2; apart *= 2) {
      let kept = 0
      for (let index = 0; index < this.#at.length; index++) {
        const time = this.#time[index] ?? 0
        // A clock that was set back counts, too.
        const since = kept === 0 ? Number.POSITIVE_INFINITY : Math.abs(time - (this.#time[kept - 1] ?? 0))
        if (since < apart) continue
        this.#at[kept] = this.#at[index] ?? 0
        this.#time[kept] = time
        kept++
      }
      this.#cut(kept)
    }
  }
}
