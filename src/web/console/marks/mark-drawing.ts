import type { Clock } from '../../../shared/clock.ts'
import type { LineMark } from '../../../shared/relay-protocol.ts'
import type { LinesHere } from '../links/line-link.ts'
import type { ConsoleTerminal } from '../terminal/terminal.ts'
import styles from './marks.module.css'
import { rowOf } from './place-of.ts'

/** The scrollbar's marks move as often, while output comes. To find them all costs a look at each row. */
const RULER_MS = 1_000
/** A part of the row's width */
const LEAST_ROOM = 0.1

/** Draws marks over the terminal. It lies over what draws the text, so machines cannot draw one. */
export class MarkDrawing {
  readonly #terminal: ConsoleTerminal
  readonly #lines: Pick<LinesHere, 'times'>
  readonly #marks: readonly LineMark[]
  readonly #byOffset: ReadonlyMap<number, LineMark>
  readonly #flags = document.createElement('div')
  readonly #ruler = document.createElement('div')
  readonly #stops: (() => void)[]
  readonly #clock: Clock
  #cancel: (() => void) | null = null
  #drawn = ''

  constructor(
    terminal: ConsoleTerminal,
    lines: Pick<LinesHere, 'times'>,
    marks: readonly LineMark[],
    clock: Clock,
  ) {
    this.#terminal = terminal
    this.#lines = lines
    this.#marks = marks
    this.#clock = clock
    this.#byOffset = new Map(marks.map((mark) => [mark.at, mark]))
    this.#flags.className = styles.flags ?? ''
    this.#ruler.className = styles.ruler ?? ''
    const area = terminal.screen.element
    area?.append(this.#flags)
    area?.closest('.xterm')?.append(this.#ruler)
    this.#stops = [
      terminal.screen.onDrawn(() => this.#draw()),
      terminal.view.onChange(() => this.#rulerLater()),
    ]
    this.#draw()
    this.#drawRuler()
  }

  dispose(): void {
    for (const stop of this.#stops) stop()
    this.#cancel?.()
    this.#flags.remove()
    this.#ruler.remove()
  }

  #draw(): void {
    const { rows } = this.#terminal
    const { shown } = rows
    const { view } = this.#terminal
    const flags: { mark: LineMark; index: number; room: number }[] = []
    for (let index = 0; shown && index < shown.rows; index++) {
      const position = rows.lineAt(shown.top + index)
      const at = position === null ? null : this.#lines.times.streamOffsetAt(position)
      const mark = at === null ? undefined : this.#byOffset.get(at)
      if (!mark) continue
      // The mark's words leave the line's text free.
      const used = view.text(view.viewTop + index, true).length / view.cols
      flags.push({ mark, index, room: 1 - used })
    }
    const drawn = flags.map(({ mark, index, room }) => `${mark.id} ${index} ${room} ${shown?.rows}`).join()
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    this.#flags.replaceChildren(
      ...flags.map(({ mark, index, room }) => {
        const flag = document.createElement('div')
        flag.dataset.mark = mark.text
        flag.style.top = `${(100 * index) / (shown?.rows ?? 1)}%`
        flag.style.height = `${100 / (shown?.rows ?? 1)}%`
        const words = document.createElement('span')
        words.textContent = mark.text === '' ? mark.by : mark.text
        words.style.maxWidth = `${100 * room}%`
        words.hidden = room < LEAST_ROOM
        flag.append(words)
        return flag
      }),
    )
  }

  #rulerLater(): void {
    this.#cancel ??= this.#clock.after(RULER_MS, () => {
      this.#cancel = null
      this.#drawRuler()
    })
  }

  #drawRuler(): void {
    const { rows, view } = this.#terminal
    const { times } = this.#lines
    const count = view.end - view.first
    // A full-screen program has no scrollback.
    const places = rows.shown ? this.#marks.flatMap(({ at }) => rowOf(at, { rows, times }) ?? []) : []
    this.#ruler.replaceChildren(
      ...places.map((row) => {
        const place = document.createElement('div')
        place.style.top = `${(100 * row) / Math.max(1, count)}%`
        return place
      }),
    )
  }
}
