/** Writes something, and calls `sent` when it has left this process. */
type Write = (sent: () => void) => void

interface Waiting {
  kind: string
  /** What waits; null: nothing does */
  next: Write | null
}

/**
 * Bounds what waits for a peer that does not read. One of each kind is on its way and one waits, and a newer one takes
 * the place of the one that waits.
 */
export class Latest {
  /** What is on its way, of each kind at most one. Few are, so a list is smaller than a map. */
  readonly #waiting: Waiting[] = []

  push(kind: string, write: Write): void {
    const underWay = this.#waiting.find((each) => each.kind === kind)
    if (underWay) underWay.next = write
    else this.#send(kind, write)
  }

  #send(kind: string, write: Write): void {
    const underWay: Waiting = { kind, next: null }
    this.#waiting.push(underWay)
    write(() => {
      this.#waiting.splice(this.#waiting.indexOf(underWay), 1)
      if (underWay.next) this.#send(kind, underWay.next)
    })
  }
}
