/** The rows of a terminal, as `TerminalRows` has them. */
interface Rows {
  readonly screen: object
  readonly cols: number
  readonly atBottom: boolean
  readonly cursor: number
  isWrapped(row: number): boolean
  onChange(listener: () => void): () => void
}

/** More than this nobody counts. */
const MOST = 9_999

/** How many lines came since a person scrolled up. */
export class NewLines {
  readonly #rows: Rows
  readonly #listeners = new Set<() => void>()
  #screen: object | null = null
  #cols = 0
  /** The last row that is counted */
  #counted = 0
  #count: number | null = null

  constructor(rows: Rows) {
    this.#rows = rows
    rows.onChange(() => this.#look())
  }

  /** Null: the last line is in view. */
  getCount = () => this.#count

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #look(): void {
    const { screen, cols, atBottom, cursor } = this.#rows
    if (atBottom) {
      this.#show(null)
      return
    }
    if (this.#count === null || screen !== this.#screen) {
      this.#screen = screen
      this.#cols = cols
      this.#counted = cursor
      this.#show(0)
      return
    }
    if (cols !== this.#cols) {
      // Rows were broken anew.
      this.#cols = cols
      this.#counted = cursor
    }
    let count = this.#count
    for (let row = Math.max(this.#counted + 1, cursor - MOST); row <= cursor && count < MOST; row++) {
      if (!this.#rows.isWrapped(row)) count += 1
    }
    this.#counted = Math.max(this.#counted, cursor)
    this.#show(count)
  }

  #show(count: number | null): void {
    if (count === this.#count) return
    this.#count = count
    for (const listener of this.#listeners) listener()
  }
}
