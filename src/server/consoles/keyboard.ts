import { type Clock, noTimer } from '../../shared/clock.ts'
import type { Writer } from './flow.ts'

/** How long the keyboard waits for a writer that is away, e.g. for a reload or a change of network. */
const HOLD_MS = 10_000

/** What the keyboard needs to know of a viewer. */
interface Typist {
  client: string
  mayWrite: boolean
  cursor: { readonly acknowledged: number }
}

/** The keyboard of a session. One viewer at a time has it, never one that may not write. */
export class Keyboard {
  readonly #clock: Clock
  readonly #onAbandoned: () => void
  #holder: Writer | null = null
  #cancelHold = noTimer

  /** @param onAbandoned the writer did not come back: another viewer may have the keyboard */
  constructor(clock: Clock, onAbandoned: () => void) {
    this.#clock = clock
    this.#onAbandoned = onAbandoned
  }

  isOf({ client }: Pick<Typist, 'client'>): boolean {
    return client === this.#holder?.client
  }

  /** The client that has it; null: it is free. */
  get client(): string | null {
    return this.#holder?.client ?? null
  }

  /** The writer, also while it is away; null: there is none. */
  get writer(): Writer | null {
    return this.#holder
  }

  /** A viewer joins, or comes back. It gets a free keyboard if it may write. */
  join(typist: Typist): void {
    if (this.#holder !== null && !this.isOf(typist)) return
    // The offset that a viewer asks for acknowledges all before it. It may lack too little to send an `ack`.
    this.give(typist)
  }

  /** A viewer that may not write gets nothing; the keyboard is free then. */
  give(to: Typist | null): void {
    this.#cancelHold()
    this.#holder = to?.mayWrite ? { client: to.client, acknowledged: to.cursor.acknowledged } : null
  }

  acknowledge({ cursor }: Typist): void {
    if (this.#holder) this.#holder.acknowledged = cursor.acknowledged
  }

  /** The writer is away: the keyboard waits for it. */
  hold(): void {
    this.#cancelHold()
    this.#cancelHold = this.#clock.after(HOLD_MS, this.#onAbandoned)
  }

  stop(): void {
    this.#cancelHold()
  }
}
