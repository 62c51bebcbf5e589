import type { Stroke } from '../console/keys/keyboard.ts'

/** What keeps keys from a console. */
export type Obstacle = 'line-down' | 'not-writer'

/** A console that can be typed to from another. */
export interface Member<Console> {
  console: Console
  repeat: (stroke: Stroke) => void
  /** Asked anew for each key */
  obstacle: () => Obstacle | null
}

export interface SeveralSnapshot {
  /** Those that take the keys. Null: each console takes its own only. */
  chosen: ReadonlySet<string> | null
  /** How many keys and pastes a chosen console did not get, because its line was down or another has its keyboard. */
  skipped: ReadonlyMap<string, number>
}

const off: SeveralSnapshot = { chosen: null, skipped: new Map() }

/**
 * Types to several consoles at once: what is typed in one that is chosen goes to all that are. Each encodes a key as its
 * own machine expects it. One whose line is down or whose keyboard another has is passed over, and that is counted: a key
 * that came later by itself would meet another screen. A reload begins with this off.
 */
export class Several<Console> {
  readonly #members = new Map<string, Member<Console>>()
  readonly #listeners = new Set<() => void>()
  #snapshot = off

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  getSnapshot = () => this.#snapshot

  /** @returns takes it out again */
  join(id: string, member: Member<Console>): () => void {
    this.#members.set(id, member)
    return () => {
      if (this.#members.get(id) !== member) return
      this.#members.delete(id)
      this.choose(id, false)
    }
  }

  begin(ids: readonly string[]): void {
    this.#show({ chosen: new Set(ids), skipped: new Map() })
  }

  end(): void {
    this.#show(off)
  }

  choose(id: string, on: boolean): void {
    const { chosen, skipped } = this.#snapshot
    if (!chosen || chosen.has(id) === on) return
    const changed = new Set(chosen)
    const counts = new Map(skipped)
    if (on) changed.add(id)
    else changed.delete(id)
    counts.delete(id)
    this.#show({ chosen: changed, skipped: counts })
  }

  /** A key was typed in this console, which has it already. */
  typed(from: string, stroke: Stroke): void {
    for (const { repeat } of this.#reached(from)) repeat(stroke)
  }

  /** The other consoles that a paste into this one would go to. */
  wouldReach(from: string): Console[] {
    const { chosen } = this.#snapshot
    if (!chosen?.has(from)) return []
    return [...chosen]
      .filter((id) => id !== from)
      .flatMap((id) => this.#members.get(id) ?? [])
      .filter(({ obstacle }) => obstacle() === null)
      .map(({ console }) => console)
  }

  /** The other consoles that a paste into this one goes to. Those that it passes over are counted. */
  pastedTo(from: string): Console[] {
    return this.#reached(from).map(({ console }) => console)
  }

  #reached(from: string): Member<Console>[] {
    const { chosen, skipped } = this.#snapshot
    if (!chosen?.has(from)) return []
    const reached: Member<Console>[] = []
    const counts = new Map(skipped)
    for (const id of chosen) {
      if (id === from) continue
      const member = this.#members.get(id)
      if (member?.obstacle() === null) reached.push(member)
      else counts.set(id, (counts.get(id) ?? 0) + 1)
    }
    if (reached.length < chosen.size - 1) this.#show({ chosen, skipped: counts })
    return reached
  }

  #show(snapshot: SeveralSnapshot): void {
    this.#snapshot = snapshot
    for (const listener of this.#listeners) listener()
  }
}
