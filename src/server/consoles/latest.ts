/** Writes something, and calls `sent` when it has left this process. */
type Write = (sent: () => void) => void

/**
 * Bounds what waits for a peer that does not read. One of each kind is on its way and one waits, and a newer one takes
 * the place of the one that waits.
 */
export class Latest {
  /** By kind: what waits. null: one is on its way, and none waits. */
  readonly #waiting = new Map<string, Write | null>()

  push(kind: string, write: Write): void {
    if (this.#waiting.has(kind)) this.#waiting.set(kind, write)
    else this.#send(kind, write)
  }

  #send(kind: string, write: Write): void {
    this.#waiting.set(kind, null)
    write(() => {
      const next = this.#waiting.get(kind)
      this.#waiting.delete(kind)
      if (next) this.#send(kind, next)
    })
  }
}
