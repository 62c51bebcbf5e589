import type { Point } from './gestures.ts'
import type { TouchSurface } from './touch-surface.ts'
import type { CellRange } from './word.ts'

export type Edge = 'start' | 'end'

/** What is drawn of a selection by finger: where its ends are on the page, as far as they are to be seen. */
export type SelectionState =
  | { kind: 'none' }
  | { kind: 'shown'; start: Point | null; end: Point | null; rowHeight: number }

/** What a finger has selected. It begins with a word, and grows to where the finger goes. */
export class TouchSelection {
  readonly #surface: TouchSurface
  readonly #listeners = new Set<() => void>()
  #state: SelectionState = { kind: 'none' }
  /** It was made by a finger: one that a mouse made has no handles. */
  #isOurs = false
  /** What stays selected while the other end moves */
  #anchor: CellRange | null = null

  constructor(surface: TouchSurface) {
    this.#surface = surface
  }

  readonly state = (): SelectionState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  begin(at: Point): void {
    const cell = this.#surface.cellAt(at)
    if (cell === null) return
    this.#anchor = this.#surface.wordAt(cell)
    this.#isOurs = true
    this.#surface.select(this.#anchor)
    this.look()
  }

  /** One end goes, the other stays. */
  take(edge: Edge): void {
    const selected = this.#surface.selected
    if (!selected) return
    const { start, end } = selected
    this.#anchor = edge === 'start' ? { start: end - 1, end } : { start, end: start + 1 }
  }

  extend(to: Point): void {
    const cell = this.#surface.cellAt(to)
    if (cell === null || !this.#anchor) return
    const { start, end } = this.#anchor
    this.#surface.select({ start: Math.min(start, cell), end: Math.max(end, cell + 1) })
    this.look()
  }

  end(): void {
    this.#anchor = null
  }

  all(): void {
    this.#surface.selectAll()
    this.look()
  }

  /** @returns whether there was one */
  dismiss(): boolean {
    if (this.#state.kind === 'none') return false
    this.#surface.clear()
    this.look()
    return true
  }

  /** Something may have moved, or the selection may be gone. */
  look(): void {
    const selected = this.#isOurs ? this.#surface.selected : null
    if (!selected) {
      this.#isOurs = false
      if (this.#state.kind !== 'none') this.#tell({ kind: 'none' })
      return
    }
    const { start, end } = selected
    // The end is behind its last cell, which may be the last of its row.
    const last = this.#surface.cornerOf(end - 1)
    const cellWidth = this.#surface.cellWidth
    this.#tell({
      kind: 'shown',
      start: this.#surface.cornerOf(start),
      end: last && { x: last.x + cellWidth, y: last.y },
      rowHeight: this.#surface.rowHeight,
    })
  }

  #tell(state: SelectionState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
