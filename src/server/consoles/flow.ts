import type { LinePort } from './line.ts'
import type { ViewerPort } from './viewer-cursor.ts'

/** With more than HIGH bytes waiting for the gateway the writer is not read; below LOW it is read again. */
const HIGH_WATER = 1024 * 1024
const LOW_WATER = 256 * 1024

/** A slow reader holds up its sender: a slow writer holds up the gateway, and a slow gateway holds up the writer. */
export class Flow {
  readonly #line: LinePort
  readonly #window: number
  #inputPaused = false
  #outputPaused = false

  /** @param window how many bytes the writer may be behind */
  constructor(line: LinePort, window: number) {
    this.#line = line
    this.#window = window
  }

  /** @param behind how many bytes the writer is behind; null: there is no writer, so nobody holds up the line */
  balanceOutput(behind: number | null): void {
    // While the writer is not read its acknowledgements are not heard. If both waited, neither would go on.
    const paused = behind !== null && !this.#inputPaused && behind >= this.#window
    if (paused === this.#outputPaused) return
    this.#outputPaused = paused
    if (paused) this.#line.pause()
    else this.#line.resume()
  }

  /** @returns whether it changed; the output depends on it */
  balanceInput(writer: ViewerPort | undefined, all: () => Iterable<ViewerPort>): boolean {
    const paused = this.#line.bufferedBytes > (this.#inputPaused ? LOW_WATER : HIGH_WATER)
    if (paused === this.#inputPaused) return false
    this.#inputPaused = paused
    if (paused) writer?.pause()
    // The keyboard may have changed hands since, so every viewer is read again.
    else for (const port of all()) port.resume()
    return true
  }
}
