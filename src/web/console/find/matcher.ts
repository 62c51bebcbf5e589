import * as z from 'zod/mini'
import { type Clock, systemClock } from '../../../shared/clock.ts'
import { compile, type FindQuery, type Found, findIn, unpacked } from './matching.ts'

/**
 * - `too-hard`: it took too long.
 * - `failed`: nothing can be matched here.
 * - `superseded`: another query came before the answer.
 */
export type Matched = readonly Found[] | 'too-hard' | 'failed' | 'superseded'

export interface Matcher {
  match(query: FindQuery, lines: readonly string[]): Promise<Matched>
  dispose(): void
}

/** For so long one batch of lines may take. Plain expressions take a few milliseconds. */
const LIMIT_MS = 2_000

export interface ToFindWorker {
  query: FindQuery
  lines: readonly string[]
}

const FromFindWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('found'),
    /** See `packed`. */
    found: z.instanceof(Uint32Array<ArrayBuffer>),
  }),
])
export type FromFindWorker = z.infer<typeof FromFindWorker>

interface FindThread {
  ask(message: ToFindWorker): void
  end(): void
}

/** Starts a thread. It throws where none may start. */
export type StartThread = (onMessage: (data: unknown) => void, onError: () => void) => FindThread

const startWorker: StartThread = (onMessage, onError) => {
  const worker = new Worker(new URL('./find-worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<unknown>) => onMessage(data)
  worker.onerror = onError
  return { ask: (message) => worker.postMessage(message), end: () => worker.terminate() }
}

interface Asked extends ToFindWorker {
  answer: (matched: Matched) => void
}

/**
 * Matches in a thread of its own. A regular expression may take longer than the universe is old, and nothing in the page
 * can stop it, but a thread can be ended.
 */
export class WorkerMatcher implements Matcher {
  readonly #start: StartThread
  readonly #clock: Clock
  #thread: FindThread | null = null
  #ready = false
  #asked: Asked | null = null
  #cancelLimit = () => {}

  constructor(start: StartThread = startWorker, clock: Clock = systemClock) {
    this.#start = start
    this.#clock = clock
  }

  match(query: FindQuery, lines: readonly string[]): Promise<Matched> {
    // What the old query does to the thread must not count against the new one.
    if (this.#asked) this.#end('superseded')
    return new Promise((answer) => {
      this.#asked = { query, lines, answer }
      if (this.#thread === null) this.#open()
      else if (this.#ready) this.#ask()
    })
  }

  dispose(): void {
    this.#end('superseded')
  }

  #open(): void {
    try {
      const thread = this.#start(
        (data) => {
          if (thread === this.#thread) this.#hear(FromFindWorker.parse(data))
        },
        () => {
          if (thread === this.#thread) this.#matchHere()
        },
      )
      this.#thread = thread
    } catch {
      this.#matchHere()
    }
  }

  #hear(message: FromFindWorker): void {
    switch (message.type) {
      case 'ready':
        this.#ready = true
        return this.#ask()
      case 'found':
        return this.#answer(unpacked(message.found))
    }
  }

  #ask(): void {
    if (!this.#asked) return
    const { query, lines } = this.#asked
    this.#thread?.ask({ query, lines })
    this.#cancelLimit = this.#clock.after(LIMIT_MS, () => this.#end('too-hard'))
  }

  /** The thread does not start, e.g. because its script does not load. Plain text takes no time, so it needs none. */
  #matchHere(): void {
    const query = this.#asked?.query
    const expression = query && !query.regex ? compile(query) : null
    this.#end(expression && this.#asked ? findIn(expression, this.#asked.lines) : 'failed')
  }

  #end(matched: Matched): void {
    this.#thread?.end()
    this.#thread = null
    this.#ready = false
    this.#answer(matched)
  }

  #answer(matched: Matched): void {
    this.#cancelLimit()
    this.#cancelLimit = () => {}
    const asked = this.#asked
    this.#asked = null
    asked?.answer(matched)
  }
}
