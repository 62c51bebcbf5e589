import { contrast } from '../colours/contrast.ts'
import type { ConsoleTerminal } from '../terminal/terminal.ts'
import styles from './find.module.css'
import type { Finder } from './finder.ts'

/** All rows are so many parts. A mark beside the scrollbar stands for one of them. */
const PARTS = 300

/**
 * Draws the matches over the terminal's rows, and where they are in all rows beside the scrollbar. It lies over what
 * draws the text, so it is the same for both renderers, and machines cannot colour it.
 */
export class FindMarks {
  readonly #terminal: ConsoleTerminal
  readonly #finder: Finder
  readonly #fills = document.createElement('div')
  readonly #edges = document.createElement('div')
  readonly #ruler = document.createElement('canvas')
  readonly #stops: (() => void)[]
  #drawn = ''

  constructor(terminal: ConsoleTerminal, finder: Finder) {
    this.#terminal = terminal
    this.#finder = finder
    this.#fills.className = styles.fills ?? ''
    this.#edges.className = styles.edges ?? ''
    this.#ruler.className = styles.ruler ?? ''
    this.#ruler.width = 1
    this.#ruler.height = PARTS
    const area = terminal.screen.element
    area?.append(this.#fills, this.#edges)
    area?.closest('.xterm')?.append(this.#ruler)
    this.#stops = [
      finder.subscribe(() => {
        const dark = String(isDark(terminal.theme.background ?? '#000000'))
        for (const each of [this.#fills, this.#edges, this.#ruler]) each.dataset.dark = dark
        this.#draw()
        this.#drawRuler()
      }),
      terminal.screen.onDrawn(() => this.#draw()),
    ]
  }

  dispose(): void {
    for (const stop of this.#stops) stop()
    this.#fills.remove()
    this.#edges.remove()
    this.#ruler.remove()
  }

  #draw(): void {
    const { view } = this.#terminal
    const { viewTop, height, cols } = view
    const fills: HTMLElement[] = []
    const edges: HTMLElement[] = []
    let drawn = `${cols}x${height}`
    for (const { match, chosen } of this.#finder.between(viewTop, viewTop + height - 1)) {
      for (let row = Math.max(match.row, viewTop); row <= match.toRow && row < viewTop + height; row++) {
        const from = row === match.row ? view.columnOf(row, match.from) : 0
        const to = row === match.toRow ? view.columnOf(row, match.to) : cols
        const place = {
          left: from / cols,
          width: (to - from) / cols,
          top: (row - viewTop) / height,
          height: 1 / height,
        }
        fills.push(markAt(place, chosen))
        edges.push(markAt(place, chosen))
        drawn += `;${row - viewTop},${from},${to},${chosen}`
      }
    }
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    this.#fills.replaceChildren(...fills)
    this.#edges.replaceChildren(...edges)
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

const isDark = (background: string) => contrast(background, '#ffffff') > contrast(background, '#000000')

function markAt(place: Record<'left' | 'width' | 'top' | 'height', number>, chosen: boolean): HTMLElement {
  const mark = document.createElement('div')
  if (chosen) mark.dataset.chosen = ''
  for (const [side, share] of Object.entries(place)) mark.style.setProperty(side, `${100 * share}%`)
  return mark
}
