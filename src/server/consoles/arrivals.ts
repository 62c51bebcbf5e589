import type { Now } from '../../shared/clock.ts'
import { SmallMap } from '../../shared/small-map.ts'

/** Who comes back after this long comes anew. A reload and a change of network take less. */
const AWAY_MS = 60_000

interface Arrival {
  at: number
  /** null: still there */
  leftAt: number | null
}

/** Remembers since when each tab is on a line: a tab that reloads was there all the time. */
export class Arrivals {
  readonly #clock: Now
  readonly #byClient = new SmallMap<string, Arrival>()

  constructor(clock: Now) {
    this.#clock = clock
  }

  came(client: string): void {
    const now = this.#clock.now()
    for (const [other, { leftAt }] of this.#byClient)
      if (leftAt !== null && now - leftAt > AWAY_MS) this.#byClient.delete(other)
    this.#byClient.set(client, { at: this.#byClient.get(client)?.at ?? now, leftAt: null })
  }

  left(client: string): void {
    const arrival = this.#byClient.get(client)
    if (arrival) arrival.leftAt = this.#clock.now()
  }

  /** How long the tab has been there, ms */
  ageOf(client: string): number {
    const now = this.#clock.now()
    return now - (this.#byClient.get(client)?.at ?? now)
  }
}
