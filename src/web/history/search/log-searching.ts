import type { Failure } from '../../../shared/cause.ts'
import type { LogSearch, LogSearchEvent } from '../../../shared/log-search.ts'

export type LogHit = Extract<LogSearchEvent, { type: 'hit' }>
type End = Extract<LogSearchEvent, { type: 'end' }>

/** A search that began, and what it has found so far, the newest first. */
interface Begun {
  query: LogSearch
  hits: readonly LogHit[]
}

export type SearchState =
  | { kind: 'idle' }
  /** It is no regular expression. */
  | { kind: 'wrong'; reason: string }
  | (Begun & { kind: 'searching'; scannedBytes: number; totalBytes: number })
  | (Begun & { kind: 'ended'; reason: End['reason']; cursor: string | null })
  /** A person stopped it. */
  | (Begun & { kind: 'stopped' })
  | (Begun & { kind: 'failed'; failure: Failure })

export interface SearchingOptions {
  ask: (query: LogSearch, before: string | undefined, signal: AbortSignal) => AsyncIterable<LogSearchEvent>
  failureOf: (error: unknown) => Failure
}

/** Searches a line's log, one query at a time. The page only draws what it has. */
export class LogSearching {
  readonly #options: SearchingOptions
  readonly #listeners = new Set<() => void>()
  #state: SearchState = { kind: 'idle' }
  #current = new AbortController()

  constructor(options: SearchingOptions) {
    this.#options = options
  }

  readonly state = (): SearchState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** An empty text ends the search. */
  search(query: LogSearch): void {
    this.close()
    if (query.text === '') return this.#set({ kind: 'idle' })
    const reason = query.regex ? problemOf(query.text) : null
    if (reason !== null) return this.#set({ kind: 'wrong', reason })
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

  async #run({ query, hits: before }: Begun, cursor: string | undefined): Promise<void> {
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
          if (event.type === 'hit') hits = [...hits, event]
          else progress = event
          tell()
        }
      }
      if (current.signal.aborted) return
      // A stream without an end was cut.
      if (end) this.#set({ kind: 'ended', query, hits, reason: end.reason, cursor: end.cursor })
      else this.#set({ kind: 'failed', query, hits, failure: { cause: 'proxy-unreachable' } })
    } catch (error) {
      if (current.signal.aborted) return
      this.#set({ kind: 'failed', query, hits, failure: this.#options.failureOf(error) })
    }
  }

  #set(state: SearchState): void {
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
