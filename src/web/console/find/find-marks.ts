import { contrast } from '../colours/contrast.ts'
import type { ConsoleTerminal } from '../terminal/terminal.ts'
import styles from './find.module.css'
import type { Finder } from './finder.ts'

/** All rows are so many parts. A mark beside the scrollbar stands for one of them. */
const PARTS = 300

type Found = Pick<Finder, 'subscribe' | 'between' | 'overview' | 'chosenRow'>

/**
 * Draws the matches over the terminal's rows, and where they are in all rows beside the scrollbar. It lies over what
 * draws the text, so it is the same for both renderers, and machines cannot colour it.
 */
export class FindMarks {
  readonly #terminal: ConsoleTerminal
  readonly #finder: Found
  readonly #fills = new Layer(styles.fills)
  readonly #edges = new Layer(styles.edges)
  readonly #ruler = document.createElement('canvas')
  readonly #stops: (() => void)[]
  #ground: string | undefined

  constructor(terminal: ConsoleTerminal, finder: Found) {
    this.#terminal = terminal
    this.#finder = finder
    this.#ruler.className = styles.ruler ?? ''
    this.#ruler.width = 1
    this.#ruler.height = PARTS
    const area = terminal.screen.element
    area?.append(this.#fills.element, this.#edges.element)
    area?.closest('.xterm')?.append(this.#ruler)
    this.#stops = [
      finder.subscribe(() => {
        this.#takeGround()
        this.#draw()
        this.#drawRuler()
      }),
      terminal.screen.onDrawn(() => {
        // The terminal's colours changed, by its menu or by the system's scheme.
        if (this.#takeGround()) this.#drawRuler()
        this.#draw()
      }),
    ]
  }

  dispose(): void {
    for (const stop of this.#stops) stop()
    this.#fills.element.remove()
    this.#edges.element.remove()
    this.#ruler.remove()
  }

  /** The marks suit the terminal's ground. @returns whether it is another one than before */
  #takeGround(): boolean {
    const { background = '#000000' } = this.#terminal.theme
    if (background === this.#ground) return false
    this.#ground = background
    const dark = String(isDark(background))
    for (const { dataset } of [this.#fills.element, this.#edges.element, this.#ruler]) dataset.dark = dark
    return true
  }

  #draw(): void {
    const { view } = this.#terminal
    const { viewTop, height, cols } = view
    let [boxes, lines, chosenBox] = ['', '', '']
    for (const { match, chosen } of this.#finder.between(viewTop, viewTop + height - 1)) {
      for (let row = Math.max(match.row, viewTop); row <= match.toRow && row < viewTop + height; row++) {
        const from = row === match.row ? view.columnOf(row, match.from) : 0
        const to = row === match.toRow ? view.columnOf(row, match.to) : cols
        const y = row - viewTop
        const box = `M${from + GAP},${y}H${to - GAP}v1H${from + GAP}z`
        if (chosen) chosenBox += box
        else {
          boxes += box
          lines += `M${from + GAP},${y + LINE_AT}H${to - GAP}`
        }
      }
    }
    this.#fills.draw(cols, height, boxes, chosenBox)
    this.#edges.draw(cols, height, lines, chosenBox)
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

/** Between two matches that touch, in columns */
const GAP = 0.06
/** Where the line below a match is, in rows from its top: it lies inside. */
const LINE_AT = 0.97

/**
 * All matches in one shape, and the chosen one in another. A machine may print a screen of ten thousand matches, and each
 * as an element of its own would cost seconds.
 */
class Layer {
  readonly element = newSvg('svg')
  readonly #found = newSvg('path')
  readonly #chosen = newSvg('path')
  #drawn = ''

  constructor(className = '') {
    this.element.setAttribute('class', className)
    this.element.setAttribute('preserveAspectRatio', 'none')
    this.#chosen.dataset.chosen = ''
    this.element.append(this.#found, this.#chosen)
  }

  /** @param found and `chosen`: outlines, in columns and rows */
  draw(columns: number, rows: number, found: string, chosen: string): void {
    const size = `0 0 ${columns} ${rows}`
    const drawn = `${size} ${found} ${chosen}`
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    this.element.setAttribute('viewBox', size)
    this.#found.setAttribute('d', found)
    this.#chosen.setAttribute('d', chosen)
  }
}

const newSvg = <K extends keyof SVGElementTagNameMap>(name: K) =>
  document.createElementNS('http://www.w3.org/2000/svg', name)
