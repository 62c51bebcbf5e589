import { type Clock, steadyClock } from '../../../shared/clock.ts'
import { LineReader, type LineRows } from './line-reader.ts'
import type { Matcher } from './matcher.ts'
import { isAt, type Match, Matches, type Spot } from './matches.ts'
import { compile, type FindQuery } from './matching.ts'

/** The rows of a terminal, as `TerminalRows` has them. */
export interface FindRows extends LineRows {
  readonly screen: object
  readonly screenTop: number
  readonly viewTop: number
  readonly height: number
  reveal(row: number): void
  onChange(listener: () => void): () => void
  onMoved(listener: (from: number) => void): () => void
}

export type FindState =
  /** Nothing is looked for. */
  | { kind: 'none' }
  /** It is no regular expression. */
  | { kind: 'invalid' }
  | { kind: 'too-hard' }
  | { kind: 'failed' }
  | {
      kind: 'found'
      count: number
      /** There are more than are counted. */
      more: boolean
      /** Which of them is chosen, from 0. Null: none, or it has left the scrollback. */
      index: number | null
      /** All rows have been looked at once. */
      done: boolean
    }

/** More matches than this are neither counted nor marked. */
const MOST = 200_000
/** How long the screen may change before it is looked at again. */
const PAUSE_MS = 120
/** While output comes, this many times as long as a batch took, the page does other things. */
const REST = 3

/**
 * Finds a text in all rows of the terminal, and goes on finding it while output comes. The rows of the scrollback are
 * looked at once. The screen may change, so it is looked at again after each write, at most every `PAUSE_MS`. Rows are
 * read in batches, and matched by another thread, so the page never stops for it.
 */
export class Finder {
  readonly #rows: FindRows
  readonly #matcher: Matcher
  readonly #clock: Clock
  readonly #reader: LineReader
  readonly #listeners = new Set<() => void>()
  readonly #stops: (() => void)[]
  #state: FindState = { kind: 'none' }
  #query: FindQuery | null = null
  /** Counts the searches. An answer for an earlier one is dropped. */
  #search = 0
  #screen: object
  readonly #matches = new Matches()
  /** The rows above this one change no more, and have been looked at. */
  #settledEnd = 0
  #chosen: Spot | null = null
  /** The first match is looked for from here upwards, once. */
  #anchor = 0
  #mayChoose = false
  #done = false
  /** Rows from this one on have moved since they were read. */
  #cut = Number.POSITIVE_INFINITY
  #moves = 0
  #changes = 0
  #running = false
  #cancelWait: (() => void) | null = null

  constructor(rows: FindRows, matcher: Matcher, clock: Clock = steadyClock) {
    this.#rows = rows
    this.#matcher = matcher
    this.#clock = clock
    this.#reader = new LineReader(rows, clock)
    this.#screen = rows.screen
    this.#stops = [
      rows.onChange(() => {
        this.#changes += 1
        this.#wake()
      }),
      rows.onMoved((from) => {
        this.#moves += 1
        this.#cut = Math.min(this.#cut, from)
      }),
    ]
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  getState = () => this.#state

  /** @param query null ends the search */
  find(query: FindQuery | null): void {
    this.#search += 1
    this.#query = query
    this.#running = false
    this.#chosen = null
    this.#mayChoose = true
    this.#anchor = this.#rows.viewTop + this.#rows.height - 1
    this.#forget()
    if (query === null || query.text === '') this.#show({ kind: 'none' })
    else if (compile(query) === null) this.#show({ kind: 'invalid' })
    else {
      this.#tell()
      void this.#run(this.#search)
    }
  }

  /** @param step 1 is down, to what was printed later */
  go(step: 1 | -1): void {
    const { count } = this.#matches
    if (count === 0) return
    const now = this.#index()
    const { viewTop, height } = this.#rows
    let next: number
    if (now !== null) next = now + step
    else if (step > 0) next = this.#matches.firstFrom({ row: viewTop, from: 0 })
    else next = this.#matches.firstFrom({ row: viewTop + height, from: 0 }) - 1
    this.#choose((next + count) % count)
  }

  /** The matches in these rows, and which of them is chosen. */
  between(firstRow: number, lastRow: number): { match: Match; chosen: boolean }[] {
    return this.#matches
      .between(firstRow, lastRow, LineReader.MOST_ROWS)
      .map((match) => ({ match, chosen: isAt(match, this.#chosen) }))
  }

  /** @returns for each part of all rows, whether it has a match */
  overview(parts: number): boolean[] {
    return this.#matches.overview(this.#rows.first, this.#rows.end, parts)
  }

  /** Where the chosen match is. */
  get chosenRow(): number | null {
    return this.#chosen?.row ?? null
  }

  dispose(): void {
    this.#search += 1
    this.#cancelWait?.()
    for (const stop of this.#stops) stop()
    this.#matcher.dispose()
    this.#listeners.clear()
  }

  /** Looks again, soon. */
  #wake(): void {
    if (this.#running || this.#cancelWait || this.#state.kind !== 'found') return
    this.#cancelWait = this.#clock.after(PAUSE_MS, () => {
      this.#cancelWait = null
      void this.#run(this.#search)
    })
  }

  async #run(search: number): Promise<void> {
    this.#running = true
    const changes = this.#changes
    // The screen first: most often it has what a person looks for.
    let going = await this.#lookAtTail(search)
    while (going && this.#matches.settled.length < MOST) {
      this.#follow()
      const boundary = this.#reader.startOf(this.#rows.screenTop)
      if (this.#settledEnd >= boundary) break
      going = await this.#lookAtSettled(search, boundary)
    }
    if (search !== this.#search) return
    this.#running = false
    if (!going) return
    this.#done = true
    this.#chooseFirst()
    this.#tell()
    if (this.#changes !== changes) this.#wake()
  }

  async #lookAtTail(search: number): Promise<boolean> {
    this.#follow()
    const boundary = this.#reader.startOf(this.#rows.screenTop)
    const batch = this.#reader.readAll(boundary)
    const moves = this.#moves
    const matches = await this.#match(search, batch)
    if (matches === null) return false
    this.#follow()
    if (moves === this.#moves) {
      this.#matches.tail = matches.filter(({ row }) => row >= this.#settledEnd)
      this.#chooseFirst(boundary)
      this.#tell()
    }
    return true
  }

  async #lookAtSettled(search: number, boundary: number): Promise<boolean> {
    const from = this.#settledEnd
    const changes = this.#changes
    const began = this.#clock.now()
    const batch = this.#reader.read(from, boundary)
    const took = this.#clock.now() - began
    const matches = await this.#match(search, batch)
    if (matches === null) return false
    this.#follow()
    // What has moved meanwhile is read again.
    if (this.#settledEnd === from) {
      for (const match of matches) this.#matches.settled.push(match)
      this.#settledEnd = batch.end
      this.#matches.tail = this.#matches.tail.filter(({ row }) => row >= batch.end)
      this.#tell()
    }
    if (this.#changes !== changes) {
      await new Promise<void>((rested) => this.#clock.after(Math.max(4, REST * took), rested))
    }
    return search === this.#search
  }

  /** @returns null: this search is over */
  async #match(search: number, batch: ReturnType<LineReader['read']>): Promise<Match[] | null> {
    if (this.#query === null) return null
    const matched = await this.#matcher.match(this.#query, batch.texts)
    if (search !== this.#search || matched === 'superseded') return null
    if (typeof matched === 'string') {
      this.#running = false
      this.#forget()
      this.#show({ kind: matched })
      return null
    }
    return matched.map((found) => batch.place(found))
  }

  /** Drops the matches of rows that are gone, or that have moved. */
  #follow(): void {
    const { first, screen } = this.#rows
    if (screen !== this.#screen) {
      this.#screen = screen
      this.#chosen = null
      this.#forget()
    }
    if (this.#cut < Number.POSITIVE_INFINITY) {
      this.#settledEnd = Math.min(this.#settledEnd, this.#reader.startOf(Math.max(first, this.#cut)))
      this.#cut = Number.POSITIVE_INFINITY
    }
    this.#settledEnd = Math.max(this.#settledEnd, first)
    this.#matches.keep(first, this.#settledEnd)
  }

  #forget(): void {
    this.#matches.clear()
    this.#settledEnd = this.#rows.first
    this.#cut = Number.POSITIVE_INFINITY
    this.#done = false
    this.#cancelWait?.()
    this.#cancelWait = null
  }

  /** @param from only a match from this row on, unless all rows have been looked at */
  #chooseFirst(from?: number): void {
    if (!this.#mayChoose || this.#chosen) return
    // Later, a person may read elsewhere: a match that comes then moves nothing.
    if (this.#done) this.#mayChoose = false
    const index = this.#matches.firstFrom({ row: this.#anchor + 1, from: 0 }) - 1
    const row = this.#matches.at(index)?.row ?? -1
    if (this.#done) this.#choose(Math.max(0, index))
    else if (from !== undefined && row >= from) this.#choose(index)
  }

  #choose(index: number): void {
    const match = this.#matches.at(index)
    if (!match) return
    this.#chosen = match
    this.#rows.reveal(match.row)
    this.#tell()
  }

  #index(): number | null {
    return this.#chosen && this.#matches.indexOf(this.#chosen)
  }

  #tell(): void {
    this.#show({
      kind: 'found',
      count: Math.min(MOST, this.#matches.count),
      more: this.#matches.count > MOST,
      index: this.#index(),
      done: this.#done,
    })
  }

  #show(state: FindState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
