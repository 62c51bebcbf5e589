import type { Terminal } from '@xterm/xterm'

/** Longer lines are cut, in characters. */
const MOST_TEXT = 1_000

/** What a reader sees of the terminal's rows, for those who draw beside them or over them. */
export class TerminalScreen {
  readonly #term: Terminal

  constructor(term: Terminal) {
    this.#term = term
  }

  /** Calls when rows were drawn, as after scrolling. @returns stops it */
  onDrawn(listener: () => void): () => void {
    const { dispose } = this.#term.onRender(listener)
    return dispose
  }

  /** The area in which the rows are; null: it is not in the page. */
  get element(): HTMLElement | null {
    return this.#term.element?.querySelector('.xterm-screen') ?? null
  }

  /** Where that is */
  get area(): DOMRect | null {
    return this.element?.getBoundingClientRect() ?? null
  }

  /**
   * Whether scrolling up would show nothing older: the oldest row is in view, and no program has the screen or the mouse.
   */
  get atOldest(): boolean {
    const { active } = this.#term.buffer
    return active.type === 'normal' && active.viewportY === 0 && this.#term.modes.mouseTrackingMode === 'none'
  }

  /** Brings this row of the normal screen to the top. */
  scrollTo(row: number): void {
    this.#term.scrollToLine(row)
  }

  /** Each key calls this. `scrollToBottom` would draw all rows again, also where nothing is to scroll. */
  scrollToEnd(): void {
    this.#term.scrollToLine(this.#term.buffer.active.baseY)
  }

  /**
   * The row of the normal screen that a person means: where the selection begins; else the first one in view, where they
   * have scrolled up; else the cursor's. null: a full-screen program has the screen.
   */
  get meantRow(): number | null {
    const { active } = this.#term.buffer
    if (active.type !== 'normal') return null
    const selected = this.#term.getSelectionPosition()
    if (selected) return selected.start.y
    return active.viewportY < active.baseY ? active.viewportY : active.baseY + active.cursorY
  }

  /** Selects the line that begins with this row of the normal screen. */
  selectLine(row: number): void {
    const { normal } = this.#term.buffer
    let end = row + 1
    while (normal.getLine(end)?.isWrapped) end += 1
    this.#term.select(0, row, (end - row) * this.#term.cols)
  }

  /** The text of the line that has this row of the normal screen */
  lineOf(row: number): string {
    const { normal } = this.#term.buffer
    let first = row
    while (first > 0 && normal.getLine(first)?.isWrapped) first -= 1
    let text = normal.getLine(first)?.translateToString(true) ?? ''
    for (let next = first + 1; text.length < MOST_TEXT && normal.getLine(next)?.isWrapped; next++)
      text += normal.getLine(next)?.translateToString(true) ?? ''
    return text
  }

  /** The cursor's line up to the cursor. A narrow window has it in several rows. */
  get lineToCursor(): string {
    const { active } = this.#term.buffer
    let row = active.baseY + active.cursorY
    let text = active.getLine(row)?.translateToString(false, 0, active.cursorX) ?? ''
    for (; text.length < MOST_TEXT && row > 0 && active.getLine(row)?.isWrapped; row--)
      text = (active.getLine(row - 1)?.translateToString(false) ?? '') + text
    return text
  }

  /** The text of rows of the normal screen, from the oldest one on that it still has above it */
  textOf(from: number, count: number): string[] {
    const { normal } = this.#term.buffer
    const rows: string[] = []
    for (let row = from; row < Math.min(from + count, normal.length); row++)
      rows.push(normal.getLine(row)?.translateToString(true) ?? '')
    return rows
  }

  /** How its text is drawn */
  get look(): { fontSize: number; fontFamily: string; background: string; foreground: string } {
    const { fontSize = 14, fontFamily = 'monospace', theme } = this.#term.options
    return {
      fontSize,
      fontFamily,
      background: theme?.background ?? '',
      foreground: theme?.foreground ?? '',
    }
  }
}
