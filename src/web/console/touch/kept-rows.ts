import type { Terminal } from '@xterm/xterm'
import type { ConsoleTerminal } from '../terminal/terminal.ts'
import type { Kept } from './screen-keyboard.ts'

/** Rows below the cursor's, so that it is seen that nothing is cut. The terminal's last row has none. */
const ROOM = 0.5

/**
 * A terminal that keeps its rows while less of it is in sight. What is seen of it goes with the cursor, and stays where
 * a finger has moved it.
 */
export class KeptRows implements Kept {
  readonly #term: Terminal
  readonly #place: HTMLElement
  readonly #stops: (() => void)[]
  /** Its height on the whole page, which it has also while it is hidden */
  #height = 0
  #isHeld = false
  #follows = true

  constructor(terminal: ConsoleTerminal) {
    this.#term = terminal.inspect((term) => term)
    this.#place = terminal.frame.place
    const observer = new ResizeObserver(() => this.#measure())
    observer.observe(this.#place)
    const typed = this.#term.onData(() => {
      this.#follows = true
      this.reveal()
    })
    const onScroll = () => {
      this.#follows = Math.abs(this.#hiddenBy(0)) <= 1
    }
    this.#window?.addEventListener('scroll', onScroll)
    this.#stops = [
      () => observer.disconnect(),
      () => typed.dispose(),
      terminal.onWritten(() => this.reveal()),
      () => this.#window?.removeEventListener('scroll', onScroll),
    ]
    this.#measure()
  }

  hold(): void {
    this.#measure()
    this.#isHeld = this.#height > 0
    this.#follows = true
    if (this.#isHeld) this.#place.style.height = `${this.#height}px`
  }

  release(): void {
    this.#isHeld = false
    this.#place.style.height = ''
    if (this.#window) this.#window.scrollTop = 0
  }

  reveal(): void {
    if (this.#isHeld && this.#follows && this.#window) this.#window.scrollTop += this.#hiddenBy(ROOM)
  }

  dispose(): void {
    for (const stop of this.#stops) stop()
    this.release()
  }

  get #window(): HTMLElement | null {
    return this.#place.parentElement
  }

  #measure(): void {
    if (!this.#isHeld) this.#height = this.#place.offsetHeight || this.#height
  }

  /** How far the cursor's row is below what is seen, in pixels; below zero: it is above. Room: so much more below it */
  #hiddenBy(room: number): number {
    const { active } = this.#term.buffer
    const area = this.#place.querySelector('.xterm-screen')?.getBoundingClientRect()
    const seen = this.#window?.getBoundingClientRect()
    // A person reads older rows.
    if (!area || !seen || active.viewportY < active.baseY) return 0
    const row = area.height / this.#term.rows
    const above = area.top + active.cursorY * row - seen.top
    const below = above + (1 + room) * row - seen.height
    return below > 0 ? Math.min(below, above) : Math.min(0, above)
  }
}
