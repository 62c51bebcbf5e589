import pLimit from 'p-limit'

/** Runs a few jobs at a time. Each reads much, and many at once would slow the consoles down. */
export class JobQueue {
  readonly #limit: ReturnType<typeof pLimit>
  readonly #most: number

  /** @param waiting the most jobs that may wait for their turn */
  constructor(running: number, waiting: number) {
    this.#limit = pLimit(running)
    this.#most = waiting
  }

  get isFull(): boolean {
    return this.#limit.pendingCount >= this.#most
  }

  /** @returns null where the reader left before the job was done; a job that has not begun is skipped */
  async run<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T | null> {
    try {
      return await this.#limit(() => (signal.aborted ? null : job()))
    } catch (error) {
      if (signal.aborted) return null
      throw error
    }
  }
}
