import { type Clock, noTimer } from '../../shared/clock.ts'
import { sameSize, type TerminalSize } from '../../shared/terminal-size.ts'

/** A window's edge that is dragged gives many sizes a second. Those between are nobody's. */
const SETTLE_MS = 250

/** The size of a session's terminals: the writer's. It holds when the writer leaves. */
export class SessionSize {
  readonly #clock: Clock
  readonly #onChanged: (size: TerminalSize | null) => void
  #current: TerminalSize | null = null
  #wanted: TerminalSize | null = null
  /** Set while a change has just been told. */
  #settling = false
  #cancel: () => void = noTimer

  /** @param onChanged called with each size that holds for a while, and with the first at once */
  constructor(clock: Clock, onChanged: (size: TerminalSize | null) => void) {
    this.#clock = clock
    this.#onChanged = onChanged
  }

  /** null: nobody knows it. */
  get current(): TerminalSize | null {
    return this.#current
  }

  /** @param size the writer's; null: its page is older, and tells none */
  set(size: TerminalSize | null): void {
    this.#wanted = size
    if (!this.#settling) this.#tell()
  }

  stop(): void {
    this.#cancel()
    this.#settling = true
  }

  #tell(): void {
    this.#settling = false
    // Its timer is over, and is not kept.
    this.#cancel = noTimer
    if (sameSize(this.#wanted, this.#current)) return
    this.#current = this.#wanted
    this.#settling = true
    this.#cancel = this.#clock.after(SETTLE_MS, () => this.#tell())
    this.#onChanged(this.#current)
  }
}
