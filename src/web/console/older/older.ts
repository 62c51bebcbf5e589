import type { LogPage } from '../../../shared/line-log.ts'
import type { RowMap } from '../terminal/row-map.ts'
import type { LineTimes } from '../times/line-times.ts'

/** Where the terminal goes on and the log is left: a line begins in this row, and at this offset. */
export interface Join {
  row: number
  offset: number
}

/** What the person reads. */
export type OlderState =
  | { kind: 'live' }
  /**
   * Older lines lie over the terminal. `above`: they begin so many rows above the terminal's first. `from`: they begin at
   * this offset instead.
   */
  | {
      kind: 'older'
      opened: number
      until: number
      above: number
      from: number | null
      /** The line at `from` is the one that a link names. */
      linked: boolean
    }

/** Where a place in the log is shown. */
export type Place =
  /** Over the terminal */
  | { kind: 'log' }
  | { kind: 'terminal'; row: number }
  /** The page does not know where its rows are in the log. */
  | { kind: 'unknown' }

/** Leads from the terminal's oldest row into the line's log and back. */
export class Older {
  readonly #rows: Pick<RowMap, 'begins' | 'rowAt'>
  readonly #times: Pick<LineTimes, 'offsetAt' | 'positionAt'>
  readonly #listeners = new Set<() => void>()
  #state: OlderState = { kind: 'live' }
  #opened = 0

  constructor(rows: Pick<RowMap, 'begins' | 'rowAt'>, times: Pick<LineTimes, 'offsetAt' | 'positionAt'>) {
    this.#rows = rows
    this.#times = times
  }

  readonly state = (): OlderState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * The page may have begun, or old rows may have gone, in the middle of a line: what is left of that line is the
   * terminal's first. So the log has that line, and the terminal goes on with the one after it. Null where the page does
   * not know where its rows are in the log.
   */
  get join(): Join | null {
    let first = true
    for (const { row, at } of this.#rows.begins()) {
      if (first) {
        first = false
        continue
      }
      const offset = this.#times.offsetAt(at)
      if (offset !== null) return { row, offset }
    }
    return null
  }

  /** The terminal's row that follows the log's last; null: it has gone since, or nobody reads the log. */
  get row(): number | null {
    if (this.#state.kind === 'live') return null
    const at = this.#times.positionAt(this.#state.until)
    return at === null ? null : this.#rows.rowAt(at)
  }

  /** @returns whether there is a way into the log */
  scrollUp(above: number): boolean {
    const { join } = this
    if (join && this.#state.kind === 'live')
      this.#open({ until: join.offset, above, from: null, linked: false })
    return join !== null
  }

  /**
   * Shows the place in the log, or tells that the terminal has it.
   * @param linked a link names the line
   */
  showFrom(offset: number, linked = false): Place {
    const { join } = this
    if (!join) return { kind: 'unknown' }
    if (offset < join.offset) {
      this.#open({ until: join.offset, above: 0, from: offset, linked })
      return { kind: 'log' }
    }
    this.close()
    const at = this.#times.positionAt(offset)
    const row = at === null ? null : this.#rows.rowAt(at)
    return { kind: 'terminal', row: row ?? join.row }
  }

  /**
   * The person has read to where the terminal goes on.
   * @returns the terminal's row; null: rows went from the terminal meanwhile, and the log has them
   */
  readOn(): number | null {
    const state = this.#state
    if (state.kind === 'live') return null
    const row = this.row
    if (row !== null) {
      this.close()
      return row
    }
    const { join } = this
    if (join && join.offset > state.until) this.#set({ ...state, until: join.offset })
    else this.close()
    return null
  }

  close(): void {
    if (this.#state.kind !== 'live') this.#set({ kind: 'live' })
  }

  #open(place: Omit<Extract<OlderState, { kind: 'older' }>, 'kind' | 'opened'>): void {
    this.#opened += 1
    this.#set({ kind: 'older', opened: this.#opened, ...place })
  }

  #set(state: OlderState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** Leaves out what the terminal has: the log ends at this place. */
export function endAt(page: LogPage, until: number): LogPage {
  const rows = page.rows.filter((row) =>
    row.type === 'line' ? row.end !== null && row.end <= until : row.offset < until,
  )
  const atEnd = page.atEnd || page.after >= until
  return { ...page, rows, after: Math.min(page.after, until), atEnd }
}
