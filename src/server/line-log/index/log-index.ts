import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import type { FastifyBaseLogger } from 'fastify'
import { type Clock, every } from '../../../shared/clock.ts'
import { startWorker } from '../../start-worker.ts'
import type { LineReader, LineStore } from '../store/store.ts'
import { IndexAnswer, type IndexJob } from './index-jobs.ts'
import { BLOCK_BYTES, OVERLAP_BYTES } from './trigram-index.ts'

/** How often new blocks are looked for */
const SWEEP_MS = 15_000
/** Blocks that are added at once. Readers see them after that, and a stop waits for no more. */
const BLOCKS_AT_ONCE = 64
const HEAP_MIB = 128

const fromSource = import.meta.url.endsWith('.ts')
const workerFile = new URL(fromSource ? './index-worker.ts' : './index-worker.js', import.meta.url)

export interface LogIndexOptions {
  /** The folder of the line log */
  dir: string
  store: Pick<LineStore, 'lines' | 'reader'>
  log: Pick<FastifyBaseLogger, 'info' | 'warn'>
  clock: Clock
}

/** Covered blocks of a line. */
interface Covered {
  first: number
  next: number
}

/**
 * Keeps the index of the lines' logs up to date. It follows the files, and never what is not in them yet. Old blocks
 * stay in it until they are the larger part: then it is made anew, since FTS5 without its text cannot take rows out.
 */
export class LogIndex {
  /** The index's file. Searches open it for themselves, for reading. */
  readonly path: string
  readonly #options: LogIndexOptions
  /** null: it died, and the next sweep starts another. */
  #worker: Worker | null
  #covered: Map<string, Covered>
  #sweeping: Promise<void> | null = null
  #closed = false
  readonly #stopSweeps: () => void

  private constructor(options: LogIndexOptions, path: string, { worker, covered }: Started) {
    this.#options = options
    this.path = path
    this.#worker = worker
    this.#covered = covered
    this.#stopSweeps = every(options.clock, SWEEP_MS, () => void this.sweep())
  }

  /** @throws Error where the database cannot be used here */
  static async open(options: LogIndexOptions): Promise<LogIndex> {
    const path = join(options.dir, 'search.db')
    const started = await startIndexing(path).catch(async () => {
      // A file that is broken, or is no database: the logs have all of it.
      await remove(path)
      return startIndexing(path)
    })
    return new LogIndex(options, path, started)
  }

  /** Adds what is new. One at a time; it never rejects. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep()
      .catch((error: unknown) => {
        const detail = error instanceof Error ? error.message : 'unknown'
        if (!this.#closed) this.#options.log.warn({ detail }, 'the search index could not be kept up to date')
      })
      .finally(() => {
        this.#sweeping = null
      })
    return this.#sweeping
  }

  /** Ends the worker after what it is doing. */
  async close(): Promise<void> {
    this.#closed = true
    this.#stopSweeps()
    await this.#sweeping
    await this.#stopWorker()
  }

  async #sweep(): Promise<void> {
    const { store } = this.#options
    const readers = store.lines().flatMap(({ server }) => store.reader(server.id) ?? [])
    if (!this.#worker) this.#use(await startIndexing(this.path))
    if (this.#isMostlyOld(readers)) await this.#makeAnew()
    for (const reader of readers) {
      if (this.#closed) return
      await this.#follow(reader)
    }
  }

  async #follow(reader: LineReader): Promise<void> {
    const name = reader.line.server.id
    const covered = this.#covered.get(name)
    const files = await reader.files()
    const [oldest, newest] = [files[0], files.at(-1)]
    if (!oldest || !newest) return
    const first = Math.max(covered?.next ?? 0, Math.floor(oldest.from / BLOCK_BYTES))
    // The last block waits until the bytes are there that overlap.
    const last = Math.floor((newest.from + newest.bytes - OVERLAP_BYTES) / BLOCK_BYTES)
    for (let from = first; from < last && !this.#closed; from += BLOCKS_AT_ONCE) {
      const next = Math.min(last, from + BLOCKS_AT_ONCE)
      await this.#add({ line: name, first: from, next, files: within(files, from, next) })
      this.#covered.set(name, { first: this.#covered.get(name)?.first ?? from, next })
    }
  }

  async #add(job: IndexJob): Promise<void> {
    const worker = this.#worker
    if (!worker) throw new Error('The worker has died.')
    worker.postMessage(job)
    try {
      const answer = await answerOf(worker)
      if (answer.kind === 'failed') throw new Error(answer.detail)
    } catch (error) {
      await this.#stopWorker()
      throw error
    }
  }

  #isMostlyOld(readers: readonly LineReader[]): boolean {
    let old = 0
    let all = 0
    const byName = new Map(readers.map((reader) => [reader.line.server.id, reader]))
    for (const [name, { first, next }] of this.#covered) {
      all += next - first
      const reader = byName.get(name)
      // A line that was forgotten and came back counts from 0 again.
      if (reader && reader.end < next * BLOCK_BYTES) return true
      const start = reader ? Math.floor(reader.start / BLOCK_BYTES) : next
      old += Math.max(0, Math.min(next, start) - first)
    }
    return old * 2 > all
  }

  async #makeAnew(): Promise<void> {
    this.#options.log.info('the search index is made anew: most of what it covers has expired')
    await this.#stopWorker()
    await remove(this.path)
    this.#use(await startIndexing(this.path))
  }

  #use({ worker, covered }: Started): void {
    this.#worker = worker
    this.#covered = covered
  }

  async #stopWorker(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    if (!worker || worker.threadId < 0) return
    const ended = once(worker, 'exit')
    worker.postMessage('close')
    await ended
  }
}

interface Started {
  worker: Worker
  covered: Map<string, Covered>
}

/** The files that have bytes of these blocks, or of what overlaps them. */
const within = (files: IndexJob['files'], first: number, next: number) =>
  files.filter(
    ({ from, bytes }) => from < next * BLOCK_BYTES + OVERLAP_BYTES && from + bytes > first * BLOCK_BYTES,
  )

async function startIndexing(path: string): Promise<Started> {
  const worker = startWorker(workerFile, { path }, HEAP_MIB)
  // The one who waits for an answer hears of an error. Without a listener it would end the process.
  worker.on('error', () => {})
  const answer = await answerOf(worker)
  if (answer.kind !== 'open') throw new Error('The index does not open.')
  return { worker, covered: new Map(answer.lines.map(({ name, first, next }) => [name, { first, next }])) }
}

/** @throws Error if the worker ends before it answers */
function answerOf(worker: Worker): Promise<IndexAnswer> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController()
    const on = (event: string, settle: (value: unknown) => void) => {
      const heard = (value: unknown) => {
        settled.abort()
        settle(value)
      }
      worker.once(event, heard)
      settled.signal.addEventListener('abort', () => worker.off(event, heard))
    }
    on('message', (message) => {
      const answer = IndexAnswer.safeParse(message)
      if (answer.success) resolve(answer.data)
      else reject(answer.error)
    })
    on('error', reject)
    on('exit', () => reject(new Error('The worker ended.')))
  })
}

/** SQLite keeps two more files beside it. */
async function remove(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true })
}
