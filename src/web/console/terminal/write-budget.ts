/** As long as one write may keep the main thread. Three or four frames are lost in a flood, which nobody can read. */
const TARGET_MS = 60
/** What a write may cost, in plain characters: at first, at most, and at least. */
const FIRST = 128 * 1024
const MOST = 3072 * 1024
const LEAST = 16 * 1024
/** A write below this share of the budget says little about a quick terminal... */
const TELLING_SHARE = 1 / 4
/** ...and nothing about a slow one if it took less than this: code may have been compiled, or memory collected. */
const TELLING_MS = 8

/**
 * How much may be written at once. The terminal cannot pause within a write, and how long one takes depends on the
 * computer and on what the machine prints. So the budget follows the last write: it falls at once, and doubles at most.
 * Large writes are worth it: the browser draws a frame after each, and a frame takes as long as a quarter of one.
 */
export class WriteBudget {
  #units = FIRST

  get units(): number {
    return this.#units
  }

  /** @param cost what a write cost, in plain characters; `ms`: how long the terminal took to parse it */
  took(cost: number, ms: number): void {
    const worth = (cost * TARGET_MS) / Math.max(ms, 1)
    if (cost < this.#units * TELLING_SHARE && (worth >= this.#units || ms < TELLING_MS)) return
    this.#units = Math.round(Math.min(MOST, 2 * this.#units, Math.max(LEAST, worth)))
  }
}
