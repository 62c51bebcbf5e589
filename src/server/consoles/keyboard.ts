/** How long an absent writer keeps the keyboard and the line waits for it: a reload, a change of network. */
const HOLD_MS = 10_000

/** What is to know of somebody who may come to have the keyboard. */
interface Typist {
  client: string
  mayWrite: boolean
  cursor: { readonly acknowledged: number }
}

/**
 * The keyboard of a session: one viewer at a time has it, and never one who may not write. Whoever has it may be
 * away for a moment.
 */
export class Keyboard {
  readonly #onAbandoned: () => void
  #holder: { client: string; acknowledged: number } | null = null
  #timer: NodeJS.Timeout | undefined

  /** @param onAbandoned who had it did not come back: it is to be given to another, or to nobody */
  constructor(onAbandoned: () => void) {
    this.#onAbandoned = onAbandoned
  }

  isOf({ client }: Pick<Typist, 'client'>): boolean {
    return client === this.#holder?.client
  }

  /** The client that has it; null: it is free. */
  get client(): string | null {
    return this.#holder?.client ?? null
  }

  /** The first byte that the writer has not yet taken in; null where there is none, and nobody is waited for. */
  get acknowledged(): number | null {
    return this.#holder?.acknowledged ?? null
  }

  /** Somebody comes, or comes back: a free keyboard is theirs, if they may write. */
  join(typist: Typist): void {
    if (this.#holder !== null && !this.isOf(typist)) return
    // What it asks for tells what it has: it may lack less than it would acknowledge.
    this.give(typist)
  }

  /** To one who may not write nothing is given: the keyboard is free then. */
  give(to: Typist | null): void {
    clearTimeout(this.#timer)
    this.#holder = to?.mayWrite ? { client: to.client, acknowledged: to.cursor.acknowledged } : null
  }

  acknowledge({ cursor }: Typist): void {
    if (this.#holder) this.#holder.acknowledged = cursor.acknowledged
  }

  /** Whoever has it is away: it waits a while. */
  hold(): void {
    this.#timer = setTimeout(this.#onAbandoned, HOLD_MS)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
