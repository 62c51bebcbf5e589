import type { Failure } from '../../shared/cause.ts'
import type { LogSearch, LogSearchEvent } from '../../shared/log-search.ts'

/** What was found, in whatever was searched */
export interface HitEvent {
  type: 'hit'
}
type Progress = Extract<LogSearchEvent, { type: 'progress' }>
type End = Extract<LogSearchEvent, { type: 'end' }>
export type SearchEvent<H extends HitEvent> = Progress | H | End

/** A search that began, and what it has found so far, the newest first. */
interface Begun<H extends HitEvent> {
  query: LogSearch
  hits: readonly H[]
}

export type SearchState<H extends HitEvent> =
  | { kind: 'idle' }
  /** It is no regular expression. */
  | { kind: 'wrong-regex'; reason: string }
  /** Its time ends before it begins. */
  | { kind: 'wrong-range' }
  | (Begun<H> & { kind: 'searching'; scannedBytes: number; totalBytes: number })
  /** `away`: a replica that may have more did not answer. */
  | (Begun<H> & {
      kind: 'ended'
      reason: End['reason']
      cursor: string | null
      totalBytes: number
      away?: boolean | undefined
    })
  /** A person stopped it. */
  | (Begun<H> & { kind: 'stopped' })
  | (Begun<H> & { kind: 'failed'; failure: Failure })

interface SearchingOptions<H extends HitEvent> {
  ask: (query: LogSearch, before: string | undefined, signal: AbortSignal) => AsyncIterable<SearchEvent<H>>
  failureOf: (error: unknown) => Failure
}

/** Searches for one query at a time. The page only draws what it has. */
export class Searching<H extends HitEvent> {
  readonly #options: SearchingOptions<H>
  readonly #listeners = new Set<() => void>()
  #state: SearchState<H> = { kind: 'idle' }
  #current = new AbortController()

  constructor(options: SearchingOptions<H>) {
    this.#options = options
  }

  readonly state = (): SearchState<H> => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** An empty text ends the search. */
  search(query: LogSearch): void {
    this.close()
    if (query.text === '') return this.#set({ kind: 'idle' })
    const reason = query.regex ? problemOf(query.text) : null
    if (reason !== null) return this.#set({ kind: 'wrong-regex', reason })
    if (query.from !== undefined && query.to !== undefined && Date.parse(query.from) >= Date.parse(query.to))
      return this.#set({ kind: 'wrong-range' })
    void this.#run({ query, hits: [] }, undefined)
  }

  /** Goes on where the search ended. */
  more(): void {
    const state = this.#state
    if (state.kind !== 'ended' || state.cursor === null) return
    void this.#run(state, state.cursor)
  }

  stop(): void {
    const state = this.#state
    if (state.kind !== 'searching') return
    this.close()
    this.#set({ kind: 'stopped', query: state.query, hits: state.hits })
  }

  close(): void {
    this.#current.abort()
  }

  async #run({ query, hits: before }: Begun<H>, cursor: string | undefined): Promise<void> {
    const current = new AbortController()
    this.#current = current
    let hits = before
    let progress = { scannedBytes: 0, totalBytes: 0 }
    let end: End | null = null
    const tell = () => this.#set({ kind: 'searching', query, hits, ...progress })
    tell()
    try {
      for await (const event of this.#options.ask(query, cursor, current.signal)) {
        if (current.signal.aborted) return
        if (event.type === 'end') end = event
        else {
          if (event.type === 'progress') progress = event
          else hits = [...hits, event]
          tell()
        }
      }
      if (current.signal.aborted) return
      // A stream without an end was cut.
      const { totalBytes } = progress
      if (end) this.#set({ kind: 'ended', query, hits, ...reasonOf(end), totalBytes })
      else this.#set({ kind: 'failed', query, hits, failure: { cause: 'proxy-unreachable' } })
    } catch (error) {
      if (current.signal.aborted) return
      this.#set({ kind: 'failed', query, hits, failure: this.#options.failureOf(error) })
    }
  }

  #set(state: SearchState<H>): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** @returns why it is no regular expression, in the browser's words, or null */
function problemOf(source: string): string | null {
  try {
    new RegExp(source, 'u')
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const reasonOf = ({ reason, cursor, away }: End) => ({ reason, cursor, ...(away ? { away } : {}) })
