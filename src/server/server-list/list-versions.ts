import { randomUUID } from 'node:crypto'

/** What is known of one server: enough to see that it has changed. */
export interface ServerMark {
  /** It changes with anything that the cloud tells. */
  digest: string
  /** Its line is held open with nobody there. */
  watched: boolean
}

/** What differs from a version */
interface Difference {
  /** The ids of servers that are new, or have changed */
  changed: string[]
  gone: string[]
}

/** Servers that are gone and still remembered. Who has an older version than their going gets the whole list. */
const MOST_GONE = 20_000

/**
 * The versions of one scope's list. It keeps no list, only in which version each server changed last. So it takes the
 * same memory for any number of versions, and a difference is one pass over the servers.
 */
export class ListVersions {
  /** Versions of another scope, or of an earlier process, are unknown here. */
  readonly #epoch = randomUUID().slice(0, 8)
  readonly #servers = new Map<string, ServerMark & { changedIn: number }>()
  /** In which version each went, the oldest first */
  readonly #gone = new Map<string, number>()
  readonly #mostGone: number
  #newest = 0
  /** There is no difference from an older one. */
  #oldest = 1

  constructor(mostGone = MOST_GONE) {
    this.#mostGone = mostGone
  }

  /** The newest version, as the reader names it */
  get newest(): string {
    return `${this.#epoch}.${this.#newest}`
  }

  get size(): number {
    return this.#servers.size
  }

  /** A whole list has come. Where nothing differs, the version stays. */
  advance(list: ReadonlyMap<string, ServerMark>): void {
    const next = this.#newest + 1
    let differs = this.#newest === 0
    for (const [id, { digest, watched }] of list) {
      const known = this.#servers.get(id)
      if (known && known.digest === digest && known.watched === watched) continue
      this.#servers.set(id, { digest, watched, changedIn: next })
      this.#gone.delete(id)
      differs = true
    }
    for (const id of this.#servers.keys()) {
      if (list.has(id)) continue
      this.#servers.delete(id)
      this.#gone.set(id, next)
      differs = true
    }
    if (differs) this.#newest = next
    for (const [id, wentIn] of this.#gone) {
      if (this.#gone.size <= this.#mostGone) break
      this.#gone.delete(id)
      this.#oldest = wentIn
    }
  }

  /** Other lines may be watched now. */
  mark(watched: (id: string) => boolean): void {
    const next = this.#newest + 1
    for (const [id, known] of this.#servers) {
      const now = watched(id)
      if (known.watched === now) continue
      known.watched = now
      known.changedIn = next
      this.#newest = next
    }
  }

  /** @returns null: unknown, or too old */
  since(version: string): Difference | null {
    const [epoch, number] = version.split('.')
    const from = Number(number)
    if (epoch !== this.#epoch || !(from >= this.#oldest && from <= this.#newest)) return null
    const changed = []
    if (from < this.#newest)
      for (const [id, { changedIn }] of this.#servers) if (changedIn > from) changed.push(id)
    const gone = []
    for (const [id, wentIn] of this.#gone) if (wentIn > from) gone.push(id)
    return { changed, gone }
  }
}
