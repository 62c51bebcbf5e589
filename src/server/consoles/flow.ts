import type { Clock } from '../../shared/clock.ts'
import type { LinePort } from './line.ts'

/** The line waits for a writer this long. */
const PATIENCE_MS = 5_000
/** It waits again if the writer took in this much meanwhile. Any usable network carries that. */
const LEAST_BYTES = 64 * 1024

/** Who has the keyboard. */
export interface Writer {
  client: string
  /** The first byte that it has not yet taken in */
  acknowledged: number
}

export interface FlowOptions {
  line: LinePort
  /** How many bytes the writer may be behind */
  window: number
  /** The writer took in nothing for too long, so the line goes on without it. */
  onSkipped: () => void
  clock: Clock
}

/**
 * A slow writer holds up the gateway, for a while. The hold belongs to the session: it stays when the keyboard moves, and
 * when the writer comes back on a new connection. A slow gateway holds up nobody's connection, since a page sends only
 * so many bytes ahead of their receipts.
 */
export class Flow {
  readonly #options: FlowOptions
  #end = 0
  #writer: Writer | null = null
  #client: string | null = null
  #outputHeld = false
  /** The line does not wait for the writer until it has taken in all below this; null: it does. */
  #skippedTo: number | null = null
  #cancelPatience: (() => void) | null = null

  constructor(options: FlowOptions) {
    this.#options = options
  }

  /** Called after everything that may change the hold. That is each piece of output, so it does little. */
  balance(end: number, writer: Writer | null): void {
    this.#end = end
    this.#writer = writer
    this.#balance()
  }

  stop(): void {
    this.#cancelPatience?.()
  }

  #balance(): void {
    const { line, window } = this.#options
    const writer = this.#writer
    const behind = writer ? this.#end - writer.acknowledged : 0
    const client = writer?.client ?? null
    if (client !== this.#client) {
      // Two tabs that take nothing could pass the keyboard to each other for ever.
      this.#client = client
      this.#skippedTo = behind >= window ? this.#end : null
    }
    if (writer && this.#skippedTo !== null && writer.acknowledged >= this.#skippedTo) this.#skippedTo = null
    const held = behind >= window && this.#skippedTo === null
    if (held !== this.#outputHeld) {
      this.#outputHeld = held
      if (held) line.pause()
      else line.resume()
    }
    if (held && !this.#cancelPatience) this.#watch(writer)
  }

  /** Goes on across shorter holds: a writer that takes one byte at a time would begin a new one with each. */
  #watch(from: Writer | null): void {
    const { client, acknowledged } = from ?? { client: null, acknowledged: 0 }
    this.#cancelPatience = this.#options.clock.after(PATIENCE_MS, () => {
      this.#cancelPatience = null
      if (!this.#outputHeld || !this.#writer) return
      const takes = this.#writer.client !== client || this.#writer.acknowledged - acknowledged >= LEAST_BYTES
      if (takes) return this.#watch(this.#writer)
      this.#skippedTo = this.#end
      this.#options.onSkipped()
      this.#balance()
    })
  }
}
