import pLimit from 'p-limit'

/** Runs one search at a time. A search reads much, and several at once would slow the consoles down. */
export class SearchQueue {
  readonly #limit = pLimit(1)

  /** @returns null where the reader left before its search was done; a search that has not begun is skipped */
  async run<T>(signal: AbortSignal, search: () => Promise<T>): Promise<T | null> {
    try {
      return await this.#limit(() => (signal.aborted ? null : search()))
    } catch (error) {
      if (signal.aborted) return null
      throw error
    }
  }
}
