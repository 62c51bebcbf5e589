interface Asked {
  resolve: (text: string) => void
  reject: (reason: Error) => void
  timer: ReturnType<typeof setTimeout>
}

/** The transcripts that were asked for and have not come yet. */
export class Transcripts {
  readonly #asked = new Map<string, Asked>()
  #count = 0

  /** @param ask sends the request with its id */
  get(ask: (id: string) => void, timeoutMs: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const id = String(++this.#count)
      ask(id)
      const timer = setTimeout(() => {
        this.#asked.delete(id)
        reject(new Error(`The console gave no transcript within ${timeoutMs} ms`))
      }, timeoutMs)
      this.#asked.set(id, { resolve, reject, timer })
    })
  }

  receive(id: string, text: string): void {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    clearTimeout(asked?.timer)
    asked?.resolve(text)
  }

  end(reason: Error): void {
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer)
      reject(reason)
    }
    this.#asked.clear()
  }
}
