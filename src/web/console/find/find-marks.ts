import type { ConsoleTerminal } from '../terminal/terminal.ts'
import styles from './find.module.css'
import type { Finder } from './finder.ts'

/** Of all rows, a mark beside the scrollbar stands for one of so many parts. */
const PARTS = 300

/**
 * Draws the matches over the terminal's rows, and where they are in all rows beside the scrollbar. It lies over what
 * draws the text, so it is the same for both renderers, and machines cannot colour it.
 */
export class FindMarks {
  readonly #terminal: ConsoleTerminal
  readonly #finder: Finder
  readonly #layer = document.createElement('div')
  readonly #ruler = document.createElement('canvas')
  readonly #stops: (() => void)[]
  #drawn = ''

  constructor(terminal: ConsoleTerminal, finder: Finder) {
    this.#terminal = terminal
    this.#finder = finder
    this.#layer.className = styles.layer ?? ''
    this.#layer.setAttribute('aria-hidden', 'true')
    this.#ruler.className = styles.ruler ?? ''
    this.#ruler.width = 1
    this.#ruler.height = PARTS
    const area = terminal.rowsArea
    area?.append(this.#layer)
    area?.closest('.xterm')?.append(this.#ruler)
    this.#stops = [
      finder.subscribe(() => {
        this.#draw()
        this.#drawRuler()
      }),
      terminal.onDrawn(() => this.#draw()),
    ]
  }

  dispose(): void {
    for (const stop of this.#stops) stop()
    this.#layer.remove()
    this.#ruler.remove()
  }

  #draw(): void {
    const rows = this.#terminal.view
    const { viewTop, height, cols } = rows
    const marks: HTMLElement[] = []
    let drawn = ''
    for (const { match, chosen } of this.#finder.between(viewTop, viewTop + height - 1)) {
      for (let row = Math.max(match.row, viewTop); row <= match.toRow && row < viewTop + height; row++) {
        const from = row === match.row ? rows.columnOf(row, match.from) : 0
        const to = row === match.toRow ? rows.columnOf(row, match.to) : cols
        const mark = document.createElement('div')
        mark.className = (chosen ? styles.chosen : styles.match) ?? ''
        const percent = (part: number, whole: number) => `${(100 * part) / whole}%`
        mark.style.left = percent(from, cols)
        mark.style.width = percent(to - from, cols)
        mark.style.top = percent(row - viewTop, height)
        mark.style.height = percent(1, height)
        marks.push(mark)
        drawn += `${row - viewTop},${from},${to},${chosen};`
      }
    }
    drawn += `${cols}x${height}`
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    this.#layer.replaceChildren(...marks)
  }

  #drawRuler(): void {
    const context = this.#ruler.getContext('2d')
    if (!context) return
    const { first, end } = this.#terminal.view
    const row = this.#finder.chosenRow
    const chosen = row === null ? -1 : Math.floor(((row - first) * PARTS) / Math.max(1, end - first))
    const style = getComputedStyle(this.#ruler)
    context.clearRect(0, 0, 1, PARTS)
    for (const [part, has] of this.#finder.overview(PARTS).entries()) {
      if (!has) continue
      context.fillStyle = part === chosen ? style.outlineColor : style.color
      context.fillRect(0, part, 1, 1)
    }
  }
}
