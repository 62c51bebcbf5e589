/** Writes something, and calls `sent` when it has left this process. */
type Write = (sent: () => void) => void

interface Waiting {
  kind: string
  /** What waits; null: nothing does */
  next: Write | null
  /** Another kind that is on its way */
  other: Waiting | null
}

/**
 * Bounds what waits for a peer that does not read. One of each kind is on its way and one waits, and a newer one takes
 * the place of the one that waits.
 */
export class Latest {
  /** What is on its way, of each kind at most one. There are thousands of these, and an empty chain takes no memory. */
  #waiting: Waiting | null = null

  push(kind: string, write: Write): void {
    const underWay = this.#find(kind)
    if (underWay) underWay.next = write
    else this.#send(kind, write)
  }

  #find(kind: string): Waiting | null {
    let each = this.#waiting
    while (each && each.kind !== kind) each = each.other
    return each
  }

  #send(kind: string, write: Write): void {
    const underWay: Waiting = { kind, next: null, other: this.#waiting }
    this.#waiting = underWay
    write(() => {
      this.#remove(underWay)
      if (underWay.next) this.#send(kind, underWay.next)
    })
  }

  #remove(gone: Waiting): void {
    if (this.#waiting === gone) {
      this.#waiting = gone.other
      return
    }
    for (let each = this.#waiting; each; each = each.other) if (each.other === gone) each.other = gone.other
  }
}
