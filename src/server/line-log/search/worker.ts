import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import type { Clock } from '../../../shared/clock.ts'
import { Deadline, Lifetime } from '../../deadline.ts'
import { isOutOfMemory, startWorker } from '../../start-worker.ts'
import type { Scanned } from './scan.ts'
import { Answer, type Order, type Turn } from './turn.ts'

/** How a turn went. */
export type Turned =
  | { kind: 'done'; scanned: Scanned }
  /** The regular expression takes too long or too much memory. */
  | { kind: 'too-hard' }
  /** Nobody waits for it any more. */
  | { kind: 'left' }

export interface WorkerLimits {
  /** The heap of the thread */
  heapMiB: number
  /** A thread that does not answer for so long is ended: a regular expression keeps it busy. */
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

/** A thread that does one turn at a time. It ends for good if a turn cannot be ended otherwise. */
export class SearchWorker {
  readonly #clock: Clock
  readonly #limits: WorkerLimits
  readonly #worker: Worker
  readonly #life = new Lifetime()
  readonly #ready: Promise<unknown>
  /** The thread looks here for the id of a turn that it need not finish. */
  readonly #stop = new Int32Array(new SharedArrayBuffer(4))
  #failure: unknown = null
  #id = 0
  #cancelIdle = () => {}

  constructor(clock: Clock, limits: WorkerLimits) {
    this.#clock = clock
    this.#limits = limits
    this.#worker = startWorker(workerFile, this.#stop, limits.heapMiB)
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
  async work(turn: Turn, signal: AbortSignal): Promise<Turned> {
    this.#cancelIdle()
    this.#worker.ref()
    const id = ++this.#id
    let cancelLeft = () => {}
    const leave = () => {
      Atomics.store(this.#stop, 0, id)
      cancelLeft = this.#clock.after(this.#limits.leftMs, this.end)
    }
    signal.addEventListener('abort', leave, { once: true })
    try {
      await this.#ready
      const answered = this.#answer(this.#limits.stuckMs)
      this.#worker.postMessage({ id, turn } satisfies Order)
      const answer = await answered
      if (signal.aborted) return { kind: 'left' }
      if (answer?.kind !== 'scanned') return { kind: 'too-hard' }
      return { kind: 'done', scanned: { found: answer.found, reached: answer.reached } }
    } catch (error) {
      if (signal.aborted) return { kind: 'left' }
      if (isOutOfMemory(error)) return { kind: 'too-hard' }
      throw error
    } finally {
      signal.removeEventListener('abort', leave)
      cancelLeft()
      // A thread with nothing to do must not keep the process alive.
      this.#worker.unref()
      if (!this.#life.isOver) this.#cancelIdle = this.#clock.after(this.#limits.idleMs, this.end)
    }
  }

  /** @returns null: it did not answer in time, and is ended */
  async #answer(ms: number): Promise<Answer | null> {
    const deadline = new Deadline(ms, this.#life, this.#clock)
    try {
      const [message] = await once(this.#worker, 'message', { signal: deadline.signal })
      return Answer.parse(message)
    } catch (error) {
      this.end()
      if (deadline.late) return null
      throw this.#failure ?? error
    } finally {
      deadline.release()
    }
  }
}
