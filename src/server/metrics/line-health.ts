import type { Clock } from '../../shared/clock.ts'
import type { LineState } from '../../shared/relay-protocol.ts'
import type { Meter } from './meter.ts'

/** A machine that says nothing for so long after a key does not echo it: a password is typed, or it is busy. */
const ECHO_MS = 10_000

/** How one line is, and what it adds to the metrics. Called for every key and every piece of output, so it does little. */
export class LineHealth {
  readonly #meter: Meter
  readonly #clock: Clock
  /** When the first key came that nothing has followed yet */
  #typedAt: number | null = null
  #heardAt: number
  #lostAt: number | null = null
  #state: LineState['gateway'] = 'opening'

  constructor(meter: Meter, clock: Clock) {
    this.#meter = meter
    this.#clock = clock
    this.#heardAt = clock.now()
  }

  get state(): LineState['gateway'] {
    return this.#state
  }

  /** How long ago it last said something, or was opened, ms */
  get silentMs(): number {
    return this.#clock.now() - this.#heardAt
  }

  /** A person's bytes were handed to the gateway. */
  typed(bytes: number): void {
    this.#meter.bytes('in', bytes)
    this.#typedAt ??= this.#clock.now()
  }

  /** The machine said something. Called after it went on its way: no key waits for the count. */
  heard(bytes: number): void {
    this.#meter.bytes('out', bytes)
    this.#heardAt = this.#clock.now()
    if (this.#typedAt === null) return
    const ms = this.#heardAt - this.#typedAt
    this.#typedAt = null
    if (ms <= ECHO_MS) this.#meter.echo(ms)
  }

  changed(state: LineState): void {
    const now = this.#clock.now()
    // A line that waits longer for its turn was not lost again.
    if (state.gateway === 'lost' && this.#state !== 'lost') {
      this.#meter.lineLost(state.failure.cause)
      this.#lostAt ??= now
      this.#typedAt = null
    }
    if (state.gateway === 'open' && this.#lostAt !== null) {
      this.#meter.lineBack(now - this.#lostAt)
      this.#lostAt = null
      this.#heardAt = now
    }
    this.#state = state.gateway
  }
}
