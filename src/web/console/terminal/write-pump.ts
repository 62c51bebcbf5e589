/** One piece of output on its way to the terminal. */
export interface Output {
  text: string
  /** Replayed history: the terminal must not answer to it. */
  muted: boolean
  /** Called when the terminal has parsed it. */
  done: () => void
}

type Sink = (text: string, muted: boolean, done: () => void) => void

/** A write this long (UTF-16 units) is worth its callback; longer only delays what a key does. */
const JOINED = 128 * 1024
/** So much may wait in the terminal itself, which throws output away above 50 MB (xterm.js 6, WriteBuffer). */
const IN_FLIGHT = 512 * 1024

/**
 * Between the line and the terminal: what arrives faster than it is parsed waits here, in order, and small pieces
 * are joined into few writes. Nothing is ever dropped. While the terminal keeps up, a piece passes at once.
 */
export class WritePump {
  readonly #sink: Sink
  #queue: Output[] = []
  #inFlight = 0

  constructor(sink: Sink) {
    this.#sink = sink
  }

  push(output: Output): void {
    this.#queue.push(output)
    this.#pump()
  }

  #pump(): void {
    while (this.#queue.length > 0 && this.#inFlight < IN_FLIGHT) this.#writeOne()
  }

  #writeOne(): void {
    const [first] = this.#queue
    if (!first) return
    let length = 0
    let count = 0
    for (const { text, muted } of this.#queue) {
      if (count > 0 && (muted !== first.muted || length + text.length > JOINED)) break
      length += text.length
      count += 1
    }
    const batch = this.#queue.splice(0, count)
    this.#inFlight += length
    this.#sink(batch.map(({ text }) => text).join(''), first.muted, () => {
      this.#inFlight -= length
      for (const { done } of batch) done()
      this.#pump()
    })
  }
}
