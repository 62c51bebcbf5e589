import type { Failure } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import type { LogPage, LogPlace, LogRow } from '../../shared/line-log.ts'
import { type LogWindow, withNewer, withOlder } from './log-window.ts'

export type ReadingState =
  | { kind: 'loading' }
  | { kind: 'failed'; failure: Failure }
  | {
      kind: 'read'
      window: LogWindow
      /** Counts the places that were opened */
      opened: number
      /** The row that was asked for; null: the end was. */
      target: LogRow | null
      older: 'idle' | 'loading' | Failure
      /** Why nothing new can be shown just now */
      newer: 'idle' | 'loading' | Failure
    }

export interface ReadingOptions {
  ask: (place: LogPlace, signal: AbortSignal) => Promise<LogPage>
  failureOf: (error: unknown) => Failure
  clock: Clock
}

const FIRST = 300
const MORE = 500
const POLL_MS = 1_000
const RETRY_MS = 5_000
/** A line that says more than this between two looks is too fast to be read: the page goes on at its end. */
const MOST_BEHIND = 4

/** Reads a part of a line's log, and more of it as it is needed. The page only draws what it has. */
export class LogReading {
  readonly #options: ReadingOptions
  readonly #listeners = new Set<() => void>()
  #state: ReadingState = { kind: 'loading' }
  /** Aborts with each new place. */
  #current = new AbortController()
  #following = false
  #opened = 0
  #cancelPoll = () => {}

  constructor(options: ReadingOptions) {
    this.#options = options
  }

  readonly state = (): ReadingState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads at a place; without one, at the end. */
  async open(place: LogPlace): Promise<void> {
    const signal = this.#renew()
    this.#set({ kind: 'loading' })
    try {
      const page = await this.#options.ask({ ...place, limit: FIRST }, signal)
      if (signal.aborted) return
      const atEnd = place.from === undefined && place.boot === undefined
      const target = atEnd ? null : (page.rows.find(({ type }) => type === 'line') ?? null)
      this.#opened++
      this.#set({
        kind: 'read',
        window: windowOf(page),
        opened: this.#opened,
        target,
        older: 'idle',
        newer: 'idle',
      })
      this.#pollLater(POLL_MS)
    } catch (error) {
      if (!signal.aborted) this.#set({ kind: 'failed', failure: this.#options.failureOf(error) })
    }
  }

  /** Reads what is before. */
  async older(): Promise<void> {
    const state = this.#state
    if (state.kind !== 'read' || state.older === 'loading' || state.window.before === null) return
    const { signal } = this.#current
    const { before } = state.window
    this.#change({ older: 'loading' })
    try {
      const page = await this.#options.ask({ before, limit: MORE }, signal)
      if (signal.aborted) return
      this.#change({ older: 'idle' }, (window) => withOlder(window, page))
    } catch (error) {
      if (!signal.aborted) this.#change({ older: this.#options.failureOf(error) })
    }
  }

  /** Reads what comes after. */
  async newer(): Promise<void> {
    const state = this.#state
    if (state.kind !== 'read' || state.newer === 'loading') return
    const { signal } = this.#current
    const wasAtEnd = state.window.atEnd
    this.#cancelPoll()
    this.#change({ newer: 'loading' })
    try {
      let { after } = state.window
      for (let pages = 0; ; pages++) {
        const page = await this.#options.ask({ from: after, limit: MORE }, signal)
        if (signal.aborted) return
        this.#change({}, (window) => withNewer(window, page))
        after = page.after
        // From the middle of the log, one page at a time is scrolled to.
        if (page.atEnd || !wasAtEnd) break
        if (pages + 1 < MOST_BEHIND) continue
        const last = await this.#options.ask({ limit: FIRST }, signal)
        if (signal.aborted) return
        this.#change({}, () => windowOf(last))
        break
      }
      this.#change({ newer: 'idle' })
      this.#pollLater(POLL_MS)
    } catch (error) {
      if (signal.aborted) return
      this.#change({ newer: this.#options.failureOf(error) })
      this.#pollLater(RETRY_MS)
    }
  }

  /** Whether somebody looks at the end of the log, so that new rows are read as they come. */
  follow(following: boolean): void {
    if (following === this.#following) return
    this.#following = following
    this.#cancelPoll()
    const state = this.#state
    if (following && state.kind === 'read' && state.window.atEnd) void this.newer()
  }

  close(): void {
    this.#renew()
    this.#following = false
  }

  #renew(): AbortSignal {
    this.#cancelPoll()
    this.#current.abort()
    this.#current = new AbortController()
    return this.#current.signal
  }

  #pollLater(ms: number): void {
    this.#cancelPoll()
    const state = this.#state
    if (!this.#following || state.kind !== 'read' || !state.window.atEnd) return
    this.#cancelPoll = this.#options.clock.after(ms, () => void this.newer())
  }

  #change(
    change: Partial<Pick<Extract<ReadingState, { kind: 'read' }>, 'older' | 'newer'>>,
    move: (window: LogWindow) => LogWindow = (window) => window,
  ): void {
    if (this.#state.kind !== 'read') return
    this.#set({ ...this.#state, ...change, window: move(this.#state.window) })
  }

  #set(state: ReadingState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

const windowOf = ({ rows, before, after, atEnd }: LogPage): LogWindow => ({ rows, before, after, atEnd })
