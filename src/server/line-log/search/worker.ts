import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import type { Clock } from '../../../shared/clock.ts'
import { Deadline, Lifetime } from '../../deadline.ts'
import type { CastEvents } from '../../recordings/cast.ts'
import { serveEvents } from '../../recordings/event-port.ts'
import { isOutOfMemory, startWorker } from '../../start-worker.ts'
import { coreTime } from '../../thread.ts'
import type { Scanned } from './scan.ts'
import type { ScannedRecording } from './scan-recording.ts'
import { Answer, cells, type Order, type Turn } from './turn.ts'

/** What each kind of turn finds */
interface Finds {
  log: Scanned
  recording: ScannedRecording
}
export type TurnKind = keyof Finds
export type TurnOf<K extends TurnKind> = Extract<Turn, { kind: K }>

/** How a turn went. */
export type Turned<K extends TurnKind = 'log'> =
  | { kind: 'done'; scanned: Finds[K] }
  /** The regular expression takes too long or too much memory. */
  | { kind: 'too-hard' }
  /** Nobody waits for it any more. */
  | { kind: 'left' }

export interface WorkerLimits {
  /** The heap of the thread */
  heapMiB: number
  /**
   * A thread that does not answer for so long is ended: a regular expression keeps it busy. One that had no core for most
   * of that time gets as much again, up to `STARVED` times.
   */
  stuckMs: number
  /** The same where nobody waits for the answer any more */
  leftMs: number
  /** A thread with nothing to do ends after so long. */
  idleMs: number
}

/** Built, the worker is a file beside the server's. */
const fromSource = import.meta.url.endsWith('.ts')
const workerFile = new URL(fromSource ? './search-worker.ts' : './search-worker.js', import.meta.url)

const START_MS = 60_000
/** So many waits at most for a thread that gets no core: its priority is low, and what it waits for may be a disk. */
const STARVED = 6

const isOf = <K extends TurnKind>(
  kind: K,
  answer: Answer,
): answer is Extract<Answer, { kind: K }> & Finds[K] => answer.kind === kind

/** A thread that does one turn at a time. It ends for good if a turn cannot be ended otherwise. */
export class SearchWorker {
  readonly #clock: Clock
  readonly #limits: WorkerLimits
  readonly #worker: Worker
  readonly #eventsOf: ((id: string) => CastEvents) | undefined
  readonly #life = new Lifetime()
  readonly #ready: Promise<unknown>
  readonly #shared = new Int32Array(new SharedArrayBuffer(4 * Object.keys(cells).length))
  #failure: unknown = null
  #id = 0
  #cancelIdle = () => {}

  constructor(clock: Clock, limits: WorkerLimits, eventsOf: ((id: string) => CastEvents) | undefined) {
    this.#eventsOf = eventsOf
    this.#clock = clock
    this.#limits = limits
    this.#worker = startWorker(workerFile, this.#shared, limits.heapMiB)
    // Without a listener, an error would end the process. `work` tells of it.
    this.#worker.on('error', (error) => {
      this.#failure = error
      this.end()
    })
    this.#life.add(() => void this.#worker.terminate())
    this.#ready = this.#answer(START_MS)
    this.#ready.catch(() => {})
  }

  onEnd(ended: () => void): void {
    this.#life.add(ended)
  }

  readonly end = (): void => {
    this.#cancelIdle()
    this.#life.end()
  }

  /** Never called while a turn is under way. */
  async work<K extends TurnKind>(turn: TurnOf<K>, signal: AbortSignal): Promise<Turned<K>> {
    this.#cancelIdle()
    this.#worker.ref()
    const id = ++this.#id
    let cancelLeft = () => {}
    const leave = () => {
      Atomics.store(this.#shared, cells.stop, id)
      cancelLeft = this.#clock.after(this.#limits.leftMs, this.end)
    }
    signal.addEventListener('abort', leave, { once: true })
    const events = serveEvents(this.#eventsOf)
    try {
      await this.#ready
      const answered = this.#answer(this.#limits.stuckMs)
      this.#worker.postMessage({ id, turn, events: events.asking } satisfies Order, [events.asking])
      const answer = await answered
      if (signal.aborted) return { kind: 'left' }
      if (!answer || !isOf(turn.kind, answer)) return { kind: 'too-hard' }
      return { kind: 'done', scanned: answer }
    } catch (error) {
      if (signal.aborted) return { kind: 'left' }
      if (isOutOfMemory(error)) return { kind: 'too-hard' }
      throw error
    } finally {
      signal.removeEventListener('abort', leave)
      events.close()
      cancelLeft()
      // A thread with nothing to do must not keep the process alive.
      this.#worker.unref()
      if (!this.#life.isOver) this.#cancelIdle = this.#clock.after(this.#limits.idleMs, this.end)
    }
  }

  /** @returns null: it neither answered nor got on in time, and is ended */
  async #answer(ms: number): Promise<Answer | null> {
    let last = this.#progress()
    for (let waits = 1; ; waits++) {
      const deadline = new Deadline(ms, this.#life, this.#clock)
      try {
        const [message] = await once(this.#worker, 'message', { signal: deadline.signal })
        return Answer.parse(message)
      } catch (error) {
        if (!deadline.late) {
          this.end()
          throw this.#failure ?? error
        }
        const now = this.#progress()
        if (now.steps !== last.steps) {
          last = now
          waits = 0
        } else if (waits === STARVED || !(now.coreMs - last.coreMs < ms / 2)) {
          this.end()
          return null
        }
      } finally {
        deadline.release()
      }
    }
  }

  /** `coreMs` is NaN where the system does not say it: who is late there is stuck. */
  #progress() {
    return {
      steps: Atomics.load(this.#shared, cells.alive),
      coreMs: coreTime(Atomics.load(this.#shared, cells.thread)) ?? Number.NaN,
    }
  }
}
