/** A sentence about what just happened. */
interface Toast {
  sentence: string
  /** Takes back what happened, or leads on. */
  action?: { label: string; act: () => void }
}

/** Sentences that wait to be shown. The first one loads what shows them. */
class Toasts {
  readonly #listeners = new Set<() => void>()
  #waiting: readonly Toast[] = []

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly waiting = (): readonly Toast[] => this.#waiting

  readonly add = (sentence: string, action?: Toast['action']): void =>
    this.#set([...this.#waiting, { sentence, ...(action && { action }) }])

  take(): readonly Toast[] {
    const taken = this.#waiting
    if (taken.length > 0) this.#set([])
    return taken
  }

  #set(waiting: readonly Toast[]): void {
    this.#waiting = waiting
    for (const listener of this.#listeners) listener()
  }
}

export const toasts = new Toasts()
