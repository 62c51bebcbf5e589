import type { IBufferCell, Terminal } from '@xterm/xterm'
import { coreOf, type Line } from '../terminal/xterm-buffer.ts'

/** More rows than this are copied without their colours. The copies of so many take 10 to 30 MB for a moment. */
const MOST_ROWS = 10_000

/** What was selected at one moment. Output changes it no more. */
export interface Selected {
  rows: readonly Line[]
  /** The column of the first row where it begins */
  from: number
  /** The column of the last row where it ends, which is not in it */
  to: number
  /** Reads one cell after the other. */
  cell: IBufferCell
}

type Selecting = Pick<Terminal, 'buffer' | 'getSelectionPosition'>

/** @returns null: nothing is selected, or too much */
export function selectedOf(terminal: Selecting): Selected | null {
  const range = terminal.getSelectionPosition()
  if (!range || range.end.y - range.start.y >= MOST_ROWS) return null
  const { lines } = coreOf(terminal)._bufferService.buffers.active
  const rows: Line[] = []
  for (let row = range.start.y; row <= range.end.y; row++) {
    const line = lines.get(row)
    if (line) rows.push(line.clone())
  }
  return { rows, from: range.start.x, to: range.end.x, cell: terminal.buffer.active.getNullCell() }
}
