import type { IBufferLine, Terminal } from '@xterm/xterm'
import type { Clock } from '../../../shared/clock.ts'
import { atShellPrompt, type BelievedSize, type PromptLine, toldSize, wrappedAt } from './match.ts'

/** So long after the last output a prompt is one that waits. */
const QUIET_MS = 200
/** `stty -a` has no more rows. */
const ROWS_ABOVE = 12

export interface MachineSizeState {
  believed: BelievedSize
  /** A shell waits for a command. */
  atPrompt: boolean
}

/** What it needs of xterm.js, with a screen or without. */
type Watched = Pick<Terminal, 'parser' | 'buffer' | 'cols' | 'rows' | 'onWriteParsed'>

/** Finds out for which size a machine writes, from what it asks the terminal and from what it prints. */
export class MachineSize {
  readonly #term: Watched
  readonly #isMuted: () => boolean
  readonly #listeners = new Set<() => void>()
  readonly #ends: (() => void)[]
  readonly #clock: Clock
  #cancelLook: (() => void) | null = null
  /** Something was parsed since the timer began. */
  #busy = false
  #state: MachineSizeState = { believed: { columns: null, rows: null }, atPrompt: false }

  /** @param isMuted what is parsed now is history: its questions are answered by nobody */
  constructor(term: Watched, isMuted: () => boolean, clock: Clock) {
    this.#term = term
    this.#isMuted = isMuted
    this.#clock = clock
    const ends = [
      // Each is a question that xterm.js answers after us.
      term.parser.registerCsiHandler({ final: 't' }, ([what]) => what === 18 && this.#answered()),
      term.parser.registerCsiHandler(
        { final: 'n' },
        ([what]) => what === 6 && this.#inCorner && this.#answered(),
      ),
      // A program with the whole screen scrolls all rows that it knows of.
      term.parser.registerCsiHandler({ final: 'r' }, ([first, last]) => this.#scrolls(first, last)),
      term.onWriteParsed(() => this.#parsed()),
    ]
    this.#ends = ends.map((end) => () => end.dispose())
  }

  get state(): MachineSizeState {
    return this.#state
  }

  /** A shell waits for a command at this very moment. */
  get isAtPrompt(): boolean {
    return atShellPrompt(promptLine(this.#term))
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  dispose(): void {
    this.#cancelLook?.()
    for (const end of this.#ends) end()
  }

  get #inCorner(): boolean {
    const { cursorX, cursorY } = this.#term.buffer.active
    return cursorX >= this.#term.cols - 1 && cursorY === this.#term.rows - 1
  }

  #answered(): false {
    if (!this.#isMuted()) this.#learn({ columns: this.#term.cols, rows: this.#term.rows })
    return false
  }

  #scrolls(first: unknown, last: unknown): false {
    const all = typeof last === 'number' && last > 1 && (first === 1 || first === 0)
    const program = this.#term.buffer.active.type === 'alternate'
    if (all && program && !this.#isMuted() && last <= this.#term.rows) {
      this.#learn({ columns: null, rows: last })
    }
    return false
  }

  #parsed(): void {
    this.#busy = true
    this.#cancelLook ??= this.#clock.after(QUIET_MS, () => this.#look())
    const { active } = this.#term.buffer
    if (active.cursorX !== 0 || active.type !== 'normal' || this.#isMuted()) return
    const row = active.getLine(active.baseY + active.cursorY)
    // Most output ends with a new line, on an empty row.
    if (!row?.getCell(0)?.getCode()) return
    const columns = wrappedAt(written(row), this.#term.cols)
    if (columns !== null) this.#learn({ columns, rows: null })
  }

  #look(): void {
    this.#cancelLook = this.#busy ? this.#clock.after(QUIET_MS, () => this.#look()) : null
    if (this.#busy) {
      this.#busy = false
      return
    }
    const atPrompt = this.isAtPrompt
    if (atPrompt) this.#learn(toldSize(this.#rowsAbove()))
    this.#set({ ...this.#state, atPrompt })
  }

  #rowsAbove(): string[] {
    const { active } = this.#term.buffer
    const at = active.baseY + active.cursorY
    return Array.from({ length: ROWS_ABOVE }, (_, index) => {
      const row = active.getLine(at - 1 - index)
      return row?.translateToString(true).trimEnd() ?? ''
    })
  }

  #learn(believed: BelievedSize | null): void {
    if (!believed) return
    const { columns, rows } = this.#state.believed
    this.#set({
      ...this.#state,
      believed: { columns: believed.columns ?? columns, rows: believed.rows ?? rows },
    })
  }

  #set(state: MachineSizeState): void {
    const { believed, atPrompt } = this.#state
    const same = believed.columns === state.believed.columns && believed.rows === state.believed.rows
    if (same && atPrompt === state.atPrompt) return
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** What was written into the row, blanks among it. */
const written = (row: IBufferLine): string => row.translateToString(true)

/** The cursor's row. */
function promptLine({ buffer: { active } }: Pick<Terminal, 'buffer'>): PromptLine {
  const row = active.getLine(active.baseY + active.cursorY)
  return {
    line: row?.translateToString(false, 0, active.cursorX) ?? '',
    rest: row?.translateToString(true, active.cursorX) ?? '',
    wrapped: row?.isWrapped ?? false,
    alternate: active.type === 'alternate',
  }
}
