import type { Clock } from '../../../shared/clock.ts'
import type { Turn } from './turn.ts'
import { SearchWorker, type Turned, type WorkerLimits } from './worker.ts'

export interface PoolLimits extends WorkerLimits {
  workers: number
  /** A turn ends by itself after so long. */
  turnMs: number
}

export const poolLimits: PoolLimits = {
  workers: 2,
  heapMiB: 64,
  turnMs: 200,
  stuckMs: 5_000,
  leftMs: 500,
  idleMs: 30_000,
}

interface Waiting {
  turn: Omit<Turn, 'ms'>
  signal: AbortSignal
  resolve: (turned: Turned) => void
  reject: (error: unknown) => void
}

/**
 * The workers that search. A search comes in turns, and people take theirs in a circle: so one person's searches, however
 * many and long, do not make another wait for longer than a turn.
 */
export class SearchPool {
  readonly limits: PoolLimits
  readonly #clock: Clock
  readonly #idle: SearchWorker[] = []
  readonly #all = new Set<SearchWorker>()
  /** What each person waits for. Who is first has the next turn. */
  readonly #waiting = new Map<string, Waiting[]>()

  constructor(clock: Clock, limits: PoolLimits = poolLimits) {
    this.#clock = clock
    this.limits = limits
  }

  /** Does a part of a person's search, when it is their turn. */
  turn(person: string, turn: Omit<Turn, 'ms'>, signal: AbortSignal): Promise<Turned> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(person) ?? []
      waiting.push({ turn, signal, resolve, reject })
      this.#waiting.set(person, waiting)
      this.#deal()
    })
  }

  close(): void {
    for (const worker of this.#all) worker.end()
  }

  #deal(): void {
    for (;;) {
      const worker = this.#free()
      const next = worker && this.#next()
      if (!worker || !next) return
      this.#work(worker, next)
    }
  }

  #free(): SearchWorker | null {
    const idle = this.#idle.at(-1)
    if (idle) return idle
    if (this.#waiting.size === 0 || this.#all.size >= this.limits.workers) return null
    const worker = new SearchWorker(this.#clock, this.limits)
    this.#all.add(worker)
    this.#idle.push(worker)
    worker.onEnd(() => {
      this.#all.delete(worker)
      const index = this.#idle.indexOf(worker)
      if (index >= 0) this.#idle.splice(index, 1)
      this.#deal()
    })
    return worker
  }

  #next(): Waiting | null {
    for (const [person, waiting] of this.#waiting) {
      const next = waiting.shift()
      // The one who had a turn is last now.
      this.#waiting.delete(person)
      if (waiting.length > 0) this.#waiting.set(person, waiting)
      if (next?.signal.aborted) next.resolve({ kind: 'left' })
      else if (next) return next
    }
    return null
  }

  #work(worker: SearchWorker, { turn, signal, resolve, reject }: Waiting): void {
    this.#idle.splice(this.#idle.indexOf(worker), 1)
    worker
      .work({ ...turn, ms: this.limits.turnMs }, signal)
      .then(resolve, reject)
      .finally(() => {
        if (this.#all.has(worker)) this.#idle.push(worker)
        this.#deal()
      })
  }
}
