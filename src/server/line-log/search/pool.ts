import type { Clock } from '../../../shared/clock.ts'
import type { CastEvents } from '../../recordings/cast.ts'
import type { LogTurn, RecordingTurn } from './turn.ts'
import { SearchWorker, type Turned, type TurnKind, type TurnOf, type WorkerLimits } from './worker.ts'

export interface PoolLimits extends WorkerLimits {
  workers: number
  /** A turn ends by itself after so long. */
  turnMs: number
  /** A recording is read in one turn. It ends after so long. */
  recordingMs: number
}

export const poolLimits: PoolLimits = {
  workers: 2,
  heapMiB: 64,
  turnMs: 200,
  recordingMs: 30_000,
  stuckMs: 5_000,
  leftMs: 500,
  idleMs: 30_000,
}

interface Waiting {
  kind: TurnKind
  signal: AbortSignal
  /** Never rejects. */
  work: (worker: SearchWorker) => Promise<void>
  left: () => void
}

/**
 * The workers that search. A search comes in turns, and people take theirs in a circle: so one person's searches, however
 * many and long, do not make another wait for longer than a turn.
 */
export class SearchPool {
  readonly limits: PoolLimits
  readonly #clock: Clock
  readonly #eventsOf: ((id: string) => CastEvents) | undefined
  readonly #idle: SearchWorker[] = []
  readonly #all = new Set<SearchWorker>()
  /** What each person waits for. Who is first has the next turn. */
  readonly #waiting = new Map<string, Waiting[]>()
  /** How many search recordings */
  #recordings = 0

  /** @param eventsOf gives the events of a recording that is a range of a log */
  constructor(clock: Clock, limits: PoolLimits = poolLimits, eventsOf?: (id: string) => CastEvents) {
    this.#clock = clock
    this.#eventsOf = eventsOf
    this.limits = limits
  }

  /** Does a part of a person's search in a log, when it is their turn. */
  turn(person: string, turn: Omit<LogTurn, 'kind' | 'ms'>, signal: AbortSignal): Promise<Turned> {
    return this.#ask<'log'>(person, { ...turn, kind: 'log', ms: this.limits.turnMs }, signal)
  }

  /** Searches one recording, when it is this person's turn. */
  recordingTurn(
    person: string,
    turn: Omit<RecordingTurn, 'kind' | 'ms'>,
    signal: AbortSignal,
  ): Promise<Turned<'recording'>> {
    return this.#ask<'recording'>(person, { ...turn, kind: 'recording', ms: this.limits.recordingMs }, signal)
  }

  #ask<K extends TurnKind>(person: string, turn: TurnOf<K>, signal: AbortSignal): Promise<Turned<K>> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(person) ?? []
      waiting.push({
        kind: turn.kind,
        signal,
        work: (worker) => worker.work(turn, signal).then(resolve, reject),
        left: () => resolve({ kind: 'left' }),
      })
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
    const worker = new SearchWorker(this.#clock, this.limits, this.#eventsOf)
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
      const index = waiting.findIndex(({ kind, signal }) => signal.aborted || this.#mayBegin(kind))
      if (index < 0) continue
      const [next] = waiting.splice(index, 1)
      // The one who had a turn is last now.
      this.#waiting.delete(person)
      if (waiting.length > 0) this.#waiting.set(person, waiting)
      if (next?.signal.aborted) next.left()
      else if (next) return next
    }
    return null
  }

  /** A recording takes longer than a turn in a log, so one worker is kept for logs. */
  #mayBegin(kind: TurnKind): boolean {
    return kind === 'log' || this.#recordings < Math.max(1, this.limits.workers - 1)
  }

  #work(worker: SearchWorker, { kind, work }: Waiting): void {
    this.#idle.splice(this.#idle.indexOf(worker), 1)
    const recordings = kind === 'recording' ? 1 : 0
    this.#recordings += recordings
    void work(worker).finally(() => {
      this.#recordings -= recordings
      if (this.#all.has(worker)) this.#idle.push(worker)
      this.#deal()
    })
  }
}
