import type { LinePort } from './line.ts'
import type { ViewerPort } from './viewer-cursor.ts'

/** Above HIGH bytes waiting for the gateway the writer is not read, below LOW it is again. */
const HIGH_WATER = 1024 * 1024
const LOW_WATER = 256 * 1024

/** Whoever reads too slowly holds up whoever sends to it: the writer the gateway, and the gateway the writer. */
export class Flow {
  readonly #line: LinePort
  readonly #window: number
  #inputHeld = false
  #outputHeld = false

  /** @param window how many bytes the writer may be behind */
  constructor(line: LinePort, window: number) {
    this.#line = line
    this.#window = window
  }

  /** @param behind how far the writer is; null: nobody types, and nobody holds up the line */
  balanceOutput(behind: number | null): void {
    // A writer whose typing is not read cannot be heard acknowledging: both waiting would be for ever.
    const held = behind !== null && !this.#inputHeld && behind >= this.#window
    if (held === this.#outputHeld) return
    this.#outputHeld = held
    if (held) this.#line.pause()
    else this.#line.resume()
  }

  /** @returns whether it changed, on which the output depends */
  balanceInput(writer: ViewerPort | undefined, all: () => Iterable<ViewerPort>): boolean {
    const held = this.#line.bufferedBytes > (this.#inputHeld ? LOW_WATER : HIGH_WATER)
    if (held === this.#inputHeld) return false
    this.#inputHeld = held
    if (held) writer?.pause()
    // Whoever was held: the keyboard may have changed hands meanwhile.
    else for (const port of all()) port.resume()
    return true
  }
}
