/** How soon what was flung loses its speed, in ms: to a third in this time. Phones scroll their lists so. */
const SLOWS_MS = 325
/** Slower than this it stands, in pixels a millisecond. */
const STANDS = 0.02

/** What was flung, and slows down. */
export class Momentum {
  readonly #speed: number
  readonly #began: number
  #passed = 0

  /** @param speed in pixels a millisecond */
  constructor(speed: number, time: number) {
    this.#speed = speed
    this.#began = time
  }

  /** How far it went since it was asked last; null: it stands. */
  next(time: number): number | null {
    const slowed = Math.exp(-Math.max(0, time - this.#began) / SLOWS_MS)
    if (Math.abs(this.#speed) * slowed < STANDS) return null
    const passed = this.#speed * SLOWS_MS * (1 - slowed)
    const by = passed - this.#passed
    this.#passed = passed
    return by
  }
}

/** Whole rows of the pixels that came. The rest waits for more. */
export class RowsOf {
  #rest = 0

  /** @param size the height of a row */
  rows(pixels: number, size: number): number {
    if (!(size > 0)) return 0
    this.#rest += pixels
    const rows = Math.trunc(this.#rest / size)
    this.#rest -= rows * size
    return rows
  }

  forget(): void {
    this.#rest = 0
  }
}
