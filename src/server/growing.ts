/**
 * A sequence that grows until it ends or fails. Whoever follows it gets all of it, from the first item on, at a pace of
 * their own.
 */
export class Growing<T extends object> {
  readonly #items: T[] = []
  #end: { failed: false } | { failed: true; error: unknown } | null = null
  #waiting: (() => void)[] = []

  add(item: T): void {
    this.#items.push(item)
    this.#wake()
  }

  end(): void {
    this.#end ??= { failed: false }
    this.#wake()
  }

  /** Those who follow it get what there is, and then the error. */
  fail(error: unknown): void {
    this.#end ??= { failed: true, error }
    this.#wake()
  }

  async *follow(): AsyncGenerator<T, void, undefined> {
    for (let at = 0; ; ) {
      const item = this.#items[at]
      if (item !== undefined) {
        at += 1
        yield item
        continue
      }
      if (this.#end?.failed) throw this.#end.error
      if (this.#end) return
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
