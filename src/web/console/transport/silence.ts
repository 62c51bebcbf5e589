import { QUIET_MS, SILENT_MS } from '../../../shared/beat.ts'
import { type Clock, every, steadyClock } from '../../../shared/clock.ts'

const RELAY_LIMITS = { tell: QUIET_MS, giveUp: SILENT_MS }
/** A gateway beats never. What does not leave the browser is all that can be seen. */
const DIRECT_LIMITS = { tell: 10_000, giveUp: Number.POSITIVE_INFINITY }
const LOOK_MS = 1_000

interface SilenceOptions {
  /** How many bytes have left, or null while none wait. Without it the other end beats, and its silence counts. */
  left?: (() => number | null) | undefined
  /** @param forMs how long there was no sign of life; null: there was one again */
  onSilent(forMs: number | null): void
  onDead(): void
  clock?: Clock
}

/** Notices a network that passes nothing although the socket is open. */
export class Silence {
  readonly #options: SilenceOptions
  readonly #clock: Clock
  #since: number
  #lookedAt: number
  #left: number | null = null
  #told = false
  readonly stop: () => void

  constructor(options: SilenceOptions) {
    this.#options = options
    this.#clock = options.clock ?? steadyClock
    this.#since = this.#clock.now()
    this.#lookedAt = this.#since
    this.stop = every(this.#clock, LOOK_MS, () => this.#look())
  }

  /** There was a sign of life. */
  heard(): void {
    this.#since = this.#clock.now()
    if (!this.#told) return
    this.#told = false
    this.#options.onSilent(null)
  }

  #look(): void {
    const { left, onSilent, onDead } = this.#options
    const now = this.#clock.now()
    const late = now - this.#lookedAt > 3 * LOOK_MS
    this.#lookedAt = now
    // The computer slept, or the thread was stopped. What came meanwhile is read first.
    if (late) return
    if (left) {
      const bytes = left()
      if (bytes === null || bytes !== this.#left) this.heard()
      this.#left = bytes
    }
    const limits = left ? DIRECT_LIMITS : RELAY_LIMITS
    const forMs = now - this.#since
    if (forMs >= limits.giveUp) onDead()
    else if (forMs >= limits.tell && !this.#told) {
      this.#told = true
      onSilent(forMs)
    }
  }
}
