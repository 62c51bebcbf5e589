import { once } from 'node:events'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Worker } from 'node:worker_threads'
import type { Clock } from '../../shared/clock.ts'
import { Deadline, Lifetime } from '../deadline.ts'
import { isOutOfMemory, startWorker } from '../start-worker.ts'
import type { CastEvents } from './cast.ts'
import { serveEvents } from './event-port.ts'
import { JobQueue } from './job-queue.ts'
import { Answer, type Job, type RecordingSource } from './jobs.ts'

/** What stopped a job: it took too long, needed too much memory, or too many others wait. */
export type Bound = 'time' | 'memory' | 'queue'

export type Read<T> =
  | { kind: 'done'; value: T }
  | { kind: 'stopped'; bound: Bound }
  /** The one who asked is gone. */
  | { kind: 'left' }

export interface ReaderLimits {
  /** The time that the worker may take in all. Waiting for a slow download does not count. */
  workMs: number
  /** A download that takes no text for so long is ended. */
  stalledMs: number
  /** A download may take so long in all. */
  downloadMs: number
  /** The worker's heap. What it needs does not grow with the recording. */
  heapMiB: number
}

export const readerLimits: ReaderLimits = {
  workMs: 60_000,
  stalledMs: 60_000,
  downloadMs: 15 * 60_000,
  heapMiB: 128,
}

/** Two exports run at a time. So many more may wait for their turn. */
const WAITING = 20

/** Built, the worker is a file beside the server's. */
const fromSource = import.meta.url.endsWith('.ts')
const workerFile = new URL(fromSource ? './reader-worker.ts' : './reader-worker.js', import.meta.url)

/** Turns recordings into text, in workers with bounds of time and memory. */
export class RecordingReader {
  readonly #clock: Clock
  readonly #limits: ReaderLimits
  readonly #open: ((id: string) => CastEvents) | undefined
  readonly #exports = new JobQueue(2, WAITING)

  /** @param open gives the events of a recording that is a range of a log */
  constructor(clock: Clock, limits: ReaderLimits = readerLimits, open?: (id: string) => CastEvents) {
    this.#clock = clock
    this.#limits = limits
    this.#open = open
  }

  /** Resolves with the first of the text. A bound that is hit after that ends the text with a line that says so. */
  text(source: RecordingSource, signal: AbortSignal): Promise<Read<Readable>> {
    if (this.#exports.isFull) return Promise.resolve({ kind: 'stopped', bound: 'queue' })
    return new Promise((resolve, reject) => {
      this.#exports
        .run(signal, async () => {
          const work = this.#work({ source }, signal)
          const first = await work.next()
          if (first.kind !== 'done') {
            resolve(first)
            return 'answered'
          }
          // One piece waits at most: the worker makes no more than the download takes.
          const stream = Readable.from(this.#pieces(work, first.value), { highWaterMark: 1 })
          resolve({ kind: 'done', value: stream })
          // The turn ends with the work: a download that is no longer read must not keep the others waiting. The
          // reader of the stream hears of its errors.
          await Promise.race([finished(stream).catch(() => {}), work.ended])
          work.stop()
          return 'answered'
        })
        .then((ran) => ran ?? resolve({ kind: 'left' }), reject)
    })
  }

  async *#pieces(work: Work, first: Answer): AsyncGenerator<string> {
    const { stalledMs, downloadMs } = this.#limits
    let tooSlow = false
    const giveUp = () => {
      tooSlow = true
      work.stop()
    }
    const tooLong = this.#clock.after(downloadMs, giveUp)
    let stalled = () => {}
    try {
      for (let answer = first; answer.kind === 'text'; ) {
        stalled = this.#clock.after(stalledMs, giveUp)
        yield answer.text
        stalled()
        const next = await work.next()
        if (next.kind === 'left') {
          // Otherwise nobody reads any more.
          if (tooSlow) yield cutBy('the download was too slow')
          return
        }
        if (next.kind === 'stopped') return yield cutBy(reasons[next.bound])
        answer = next.value
      }
    } finally {
      tooLong()
      stalled()
      work.stop()
    }
  }

  #work(job: Job, signal: AbortSignal): Work {
    return new Work(job, { limits: this.#limits, clock: this.#clock, open: this.#open, signal })
  }
}

/** The last line of a text that is cut. Pieces of it end with whole lines. */
const cutBy = (reason: string) => `── The rest is missing: ${reason}. ──\n`

const reasons: Readonly<Record<Bound, string>> = {
  time: 'the export took longer than the server allows',
  memory: 'the export needed more memory than the server allows',
  queue: 'too many others wait for an export',
}

interface WorkOptions {
  limits: ReaderLimits
  clock: Clock
  open: ((id: string) => CastEvents) | undefined
  signal: AbortSignal
}

/** One job in a worker of its own. */
class Work {
  readonly #worker: Worker
  readonly #clock: Clock
  /** Ends when the reader leaves, or `stop` is called. */
  readonly #over = new Lifetime()
  readonly #reader: AbortSignal
  #msLeft: number
  #asked = false

  constructor(job: Job, { limits, clock, open, signal }: WorkOptions) {
    this.#clock = clock
    this.#msLeft = limits.workMs
    this.#reader = signal
    const { asking, close } = serveEvents(open)
    this.#worker = startWorker(workerFile, { job, events: asking }, limits.heapMiB, [asking])
    this.#over.add(close)
    // Without a listener, an error would end the process. `next` tells of it.
    this.#worker.on('error', () => {})
    this.#over.add(() => void this.#worker.terminate())
    if (signal.aborted) this.stop()
    else signal.addEventListener('abort', this.stop, { once: true })
  }

  /** Resolves when it is stopped. */
  get ended(): Promise<void> {
    return new Promise((resolve) => void this.#over.add(resolve))
  }

  /** The worker's next answer. Only this waiting counts as its time. */
  async next(): Promise<Read<Answer>> {
    if (this.#msLeft <= 0) {
      this.stop()
      return { kind: 'stopped', bound: 'time' }
    }
    const began = this.#clock.now()
    const deadline = new Deadline(this.#msLeft, this.#over, this.#clock)
    try {
      const told = once(this.#worker, 'message', { signal: deadline.signal })
      if (this.#asked) this.#worker.postMessage('more')
      this.#asked = true
      const [answer] = await told
      return { kind: 'done', value: Answer.parse(answer) }
    } catch (error) {
      const left = this.#over.isOver
      this.stop()
      if (isOutOfMemory(error)) return { kind: 'stopped', bound: 'memory' }
      if (left) return { kind: 'left' }
      if (deadline.late) return { kind: 'stopped', bound: 'time' }
      throw error
    } finally {
      deadline.release()
      this.#msLeft -= this.#clock.now() - began
    }
  }

  readonly stop = (): void => {
    this.#reader.removeEventListener('abort', this.stop)
    this.#over.end()
  }
}
