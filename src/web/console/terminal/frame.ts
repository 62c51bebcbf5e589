import { FitAddon } from '@xterm/addon-fit'
import type { Terminal } from '@xterm/xterm'
import { sameSize, type TerminalSize } from '../../../shared/terminal-size.ts'
import type { FramePort } from '../session/session-options.ts'
import { fitsInto, type SizeChoice, smallerTexts, withinBounds } from '../size/size-choice.ts'
import styles from './frame.module.css'

/** What the page shows of the terminal's size. */
export interface FrameState {
  choice: SizeChoice
  /** The size that it has. */
  shown: TerminalSize
  /** Another viewer's terminal decides. */
  follows: boolean
}

/** xterm.js draws its scroll bar beside the text. */
const SCROLL_BAR = 14
/** The line around a terminal that does not fill the window, and the room inside of it. `frame.module.css` draws it. */
const EDGE = 7
/** Text this much larger than that of the whole terminal is meant as the whole. */
const NEARLY = 1.3

/**
 * How large the terminal is in its place on the page: as large as the place, of a size that was chosen, or of the size
 * that another viewer's has. One that is not as large as the place stands in its middle. If it is larger, its text is
 * smaller than was asked for. Text that a person made larger meanwhile is obeyed, and then the terminal is panned.
 */
export class TerminalFrame implements FramePort {
  readonly #term: Terminal
  readonly #fit = new FitAddon()
  /** Where the terminal may be. */
  readonly place = document.createElement('div')
  readonly #inner = document.createElement('div')
  readonly #observer = new ResizeObserver(() => this.#lay())
  readonly #listeners = new Set<() => void>()
  #choice: SizeChoice = 'fit'
  #followed: TerminalSize | null = null
  #text: number
  /** The size of the text at which the whole terminal fits; null: at the one that was asked for */
  #whole: number | null = null
  /** The text is as large as was asked for, also where the terminal then does not fit. */
  #obeys = false
  #pans = false
  #own: TerminalSize
  #onOwn = () => {}
  #state: FrameState

  constructor(term: Terminal, text: number) {
    this.#term = term
    this.#text = text
    this.#own = { columns: term.cols, rows: term.rows }
    this.#state = { choice: 'fit', shown: this.#own, follows: false }
    term.loadAddon(this.#fit)
    this.place.className = styles.place ?? ''
    this.place.append(this.#inner)
  }

  open(host: HTMLElement): void {
    host.append(this.place)
    this.#term.open(this.#inner)
    this.#observer.observe(this.place)
    this.#lay()
  }

  get own(): TerminalSize {
    return this.#own
  }

  onOwn(listener: () => void): void {
    this.#onOwn = listener
  }

  get state(): FrameState {
    return this.#state
  }

  /** Calls when the state is another one. @returns stops it */
  subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  follow(size: TerminalSize | null): void {
    if (sameSize(size, this.#followed)) return
    this.#followed = size
    this.#obeys = false
    this.#lay()
  }

  choose(choice: SizeChoice): void {
    this.#choice = choice
    this.#obeys = false
    this.#lay()
  }

  /** The size of the text that a person asked for. */
  set text(size: number) {
    if (size === this.#text) return
    // From a little larger than the whole terminal it goes back to that.
    const isWhole = this.#whole !== null && size < this.#text && size < NEARLY * this.#whole
    this.#text = size
    if (this.#whole !== null) this.#obeys = !isWhole
    this.#lay()
  }

  /** The text is drawn in this font, whose lines have their room already. The system's fonts draw what it lacks. */
  drawIn(family: string): void {
    const { options } = this.#term
    options.fontFamily = `"${family}", ${options.fontFamily}`
    options.lineHeight = 1
    this.#lay()
  }

  /** The size of the text that is shown. */
  get text(): number {
    return this.#term.options.fontSize ?? this.#text
  }

  /** The cursor is in the upper half of what is seen. */
  get cursorIsHigh(): boolean {
    const { rows, buffer } = this.#term
    const { cursorY } = buffer.active
    // A keyboard on the screen covers a part of it.
    const window = this.place.style.height === '' ? null : this.place.parentElement
    if (!window) return cursorY < rows / 2
    return ((cursorY + 0.5) * this.#taken().height) / rows - window.scrollTop < window.clientHeight / 2
  }

  /** Pans to the cursor. */
  reveal(): void {
    if (!this.#pans) return
    const place = this.place
    const { cursorX, cursorY } = this.#term.buffer.active
    const { width, height } = this.#taken()
    const [cell, line] = [width / this.#term.cols, height / this.#term.rows]
    const [x, y] = [cursorX * cell, cursorY * line]
    const left = Math.min(x, Math.max(place.scrollLeft, x + 3 * cell - place.clientWidth))
    const top = Math.min(y, Math.max(place.scrollTop, y + 2 * line - place.clientHeight))
    place.scrollTo({ left, top })
  }

  dispose(): void {
    this.#observer.disconnect()
    this.place.remove()
  }

  #lay(): void {
    // Not yet in the page
    if (!this.#term.element) return
    this.place.dataset.size = 'fit'
    this.#inner.removeAttribute('style')
    this.#inner.style.height = '100%'
    this.#setText(this.#text)
    const most = this.#fit.proposeDimensions()
    // The place is not shown.
    if (!most || !(most.cols > 0 && most.rows > 0)) return
    const fitting = withinBounds({ columns: most.cols, rows: most.rows })
    const own = this.#choice === 'fit' ? fitting : this.#choice
    const shown = this.#followed ?? own
    if (this.#term.cols !== shown.columns || this.#term.rows !== shown.rows) {
      this.#term.resize(shown.columns, shown.rows)
    }
    this.#pans = false
    if (shown === fitting) this.#whole = null
    else this.#layFixed()
    if (!sameSize(own, this.#own)) {
      this.#own = own
      this.#onOwn()
    }
    this.#tell({ choice: this.#choice, shown, follows: this.#followed !== null })
  }

  #layFixed(): void {
    const { clientWidth, clientHeight } = this.place
    const room = { width: clientWidth - 2 * EDGE - SCROLL_BAR, height: clientHeight - 2 * EDGE }
    let taken = this.#taken()
    const fits = fitsInto(taken, room)
    if (fits) this.#whole = null
    if (!fits && !this.#obeys) {
      for (const text of smallerTexts(this.#text, taken, room)) {
        this.#setText(text)
        taken = this.#taken()
        this.#whole = text
        if (fitsInto(taken, room)) break
      }
    }
    // Also the smallest text may be too large.
    this.#pans = !fitsInto(taken, room)
    this.place.dataset.size = this.#pans ? 'pans' : 'fixed'
    this.#inner.style.width = `${taken.width + SCROLL_BAR}px`
    this.#inner.style.height = `${taken.height}px`
    this.reveal()
  }

  /** The area that the text takes */
  #taken(): { width: number; height: number } {
    const screen = this.#inner.querySelector<HTMLElement>('.xterm-screen')
    return { width: screen?.offsetWidth ?? 0, height: screen?.offsetHeight ?? 0 }
  }

  #setText(size: number): void {
    if (this.#term.options.fontSize !== size) this.#term.options.fontSize = size
  }

  #tell(state: FrameState): void {
    const { choice, shown, follows } = this.#state
    if (choice === state.choice && sameSize(shown, state.shown) && follows === state.follows) return
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
