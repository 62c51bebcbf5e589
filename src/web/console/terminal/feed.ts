import type { Terminal } from '@xterm/xterm'
import { CLEAN_MODES } from './clean-modes.ts'
import { clearScreen } from './clear.ts'
import { CostlySequences } from './costly.ts'
import { LineWrites } from './line-writes.ts'
import type { RowMap, TextSource } from './row-map.ts'
import { type Output, WritePump } from './write-pump.ts'
import { coreOf } from './xterm-buffer.ts'

/** All that changes what the terminal shows: the line's output, and what we do between two pieces of it, in order. */
export class TerminalFeed {
  readonly #term: Terminal
  readonly #rows: RowMap
  readonly #pump: WritePump
  readonly #costly: CostlySequences

  /** @param mute called when the terminal must not answer what follows, and when it may answer again */
  constructor(term: Terminal, rows: RowMap, mute: (on: boolean) => void) {
    this.#term = term
    this.#rows = rows
    const writes = new LineWrites(term, mute)
    this.#pump = new WritePump((write) => writes.write(rows.watched(write)))
    this.#costly = new CostlySequences(term)
  }

  /** @param source the bytes that came with it; null: it is our own */
  write(output: Output, source: TextSource | null): void {
    this.#rows.queue(output.text, source)
    this.#pump.push(output)
  }

  cleanModes(): void {
    this.#pump.act((done) => {
      // Only from the alternate screen: elsewhere 1049 would move the cursor to an old saved place.
      const leave = this.#term.buffer.active.type === 'alternate' ? '\x1b[?1049l' : ''
      this.#costly.allowColours()
      this.#term.write(leave + CLEAN_MODES, done)
    })
  }

  /** @param from see `clearScreen` */
  clear(from: 'cursor' | 'all'): void {
    this.#pump.act((done) => {
      clearScreen(coreOf(this.#term), from)
      this.#term.scrollToBottom()
      this.#term.refresh(0, this.#term.rows - 1)
      done()
    })
  }
}
