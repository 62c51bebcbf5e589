import type { Stretch } from '../line-log/store/store.ts'

const NONE: readonly Stretch[] = []

/** What recordings hold of each line's log, in one store. */
export class Holds {
  readonly #byServer = new Map<string, Map<string, Stretch>>()
  /** In order, and none overlaps another. Made when they are asked for, and again after a change. */
  readonly #inOrder = new Map<string, readonly Stretch[]>()

  /** @param id the recording's */
  set(serverId: string, id: string, stretch: Stretch): void {
    const held = this.#byServer.get(serverId) ?? new Map<string, Stretch>()
    held.set(id, stretch)
    this.#byServer.set(serverId, held)
    this.#inOrder.delete(serverId)
  }

  delete(serverId: string, id: string): void {
    const held = this.#byServer.get(serverId)
    held?.delete(id)
    if (held?.size === 0) this.#byServer.delete(serverId)
    this.#inOrder.delete(serverId)
  }

  of(serverId: string): readonly Stretch[] {
    const known = this.#inOrder.get(serverId)
    if (known) return known
    const held = this.#byServer.get(serverId)
    if (!held) return NONE
    const inOrder: Stretch[] = []
    for (const stretch of [...held.values()].sort((one, other) => one.from - other.from)) {
      const last = inOrder.at(-1)
      // Two that only touch stay apart: each goes with its own recording.
      if (last && stretch.from < last.to) last.to = Math.max(last.to, stretch.to)
      else if (stretch.to > stretch.from) inOrder.push({ ...stretch })
    }
    this.#inOrder.set(serverId, inOrder)
    return inOrder
  }
}
