import type { ConsoleTerminal } from '../terminal/terminal.ts'
import styles from './links.module.css'

const shownIn = new WeakMap<ConsoleTerminal, LinkedRow>()

/** Shows which line a link named, until a person does something in the terminal. Machines cannot draw it. */
export class LinkedRow {
  readonly #terminal: ConsoleTerminal
  readonly #element = document.createElement('div')
  readonly #stops: (() => void)[]
  /** By a number that it keeps */
  readonly #row: number
  readonly #screen: object

  /** @param row of the normal screen, counted from the oldest one above it */
  constructor(terminal: ConsoleTerminal, row: number) {
    const { view, screen } = terminal
    // A terminal shows one.
    shownIn.get(terminal)?.dispose()
    shownIn.set(terminal, this)
    this.#terminal = terminal
    this.#row = view.first + row
    this.#screen = view.screen
    this.#element.className = styles.linked ?? ''
    this.#element.dataset.linked = ''
    screen.element?.append(this.#element)
    const listening = new AbortController()
    const root = screen.element?.closest('.xterm')
    for (const type of ['keydown', 'pointerdown'])
      root?.addEventListener(type, () => this.dispose(), { capture: true, signal: listening.signal })
    this.#stops = [
      screen.onDrawn(() => this.#draw()),
      // Lines are wrapped anew, and it is not known where this one is then.
      view.onMoved((from) => {
        if (from <= this.#row) this.dispose()
      }),
      () => listening.abort(),
    ]
    this.#draw()
  }

  dispose(): void {
    for (const stop of this.#stops) stop()
    this.#element.remove()
  }

  #draw(): void {
    const { view } = this.#terminal
    const { viewTop, height } = view
    let rows = 1
    while (rows < height && view.isWrapped(this.#row + rows)) rows += 1
    this.#element.hidden =
      view.screen !== this.#screen || this.#row + rows <= viewTop || this.#row >= viewTop + height
    this.#element.style.top = `${(100 * (this.#row - viewTop)) / height}%`
    this.#element.style.height = `${(100 * rows) / height}%`
  }
}
