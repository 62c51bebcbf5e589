import { type Clock, systemClock } from '../shared/clock.ts'

/**
 * What began within a lifetime ends with it. Unlike the listeners of one `AbortSignal`, of which more than ten make Node
 * warn of a leak, any number may be under way.
 */
export class Lifetime {
  readonly #work = new Set<() => void>()
  #over = false

  get isOver(): boolean {
    return this.#over
  }

  /** @param end called when the lifetime ends; at once where it has. @returns forgets `end` */
  add(end: () => void): () => void {
    if (this.#over) end()
    else this.#work.add(end)
    return () => this.#work.delete(end)
  }

  end(): void {
    if (this.#over) return
    this.#over = true
    for (const end of this.#work) end()
    this.#work.clear()
  }
}

/**
 * A signal that aborts when the time is up, or when a lifetime ends.
 *
 * `AbortSignal.any` would do the same, but on Node 20 each signal that it makes stays in memory for as long as the
 * longer-lived one.
 */
export class Deadline {
  readonly #over = new AbortController()
  readonly #cancel: () => void
  readonly #leave: () => void
  #late = false

  /** @param within what may end it sooner, and lives on */
  constructor(ms: number, within: Lifetime, clock: Clock = systemClock) {
    this.#cancel = clock.after(ms, () => {
      this.#late = true
      this.#over.abort()
    })
    this.#leave = within.add(() => this.#over.abort())
  }

  get signal(): AbortSignal {
    return this.#over.signal
  }

  /** The time was up. */
  get late(): boolean {
    return this.#late
  }

  /** The work is done. Nothing of it stays behind, and the signal no longer aborts. */
  release(): void {
    this.#cancel()
    this.#leave()
  }
}

export const pause = (ms: number, clock: Clock): Promise<void> =>
  new Promise((resolve) => clock.after(ms, resolve))

/** Waits for work, but no longer than so many ms. @returns whether it is done; it goes on if not */
export function doneWithin(work: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(false))
    work.then(() => resolve(true), reject).finally(cancel)
  })
}
