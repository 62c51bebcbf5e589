import { type IBufferLine, Terminal } from '@xterm/headless'

/** A terminal without a screen */
export function headless(options: { cols?: number; rows?: number; scrollback?: number } = {}): Terminal {
  return new Terminal({
    cols: 80,
    rows: 24,
    scrollback: 50_000,
    reflowCursorLine: true,
    allowProposedApi: true,
    logLevel: 'off',
    ...options,
  })
}

/** Resolves when the terminal has parsed all of it. */
export function feed(terminal: Terminal, text: string): Promise<void> {
  return new Promise((parsed) => terminal.write(text, parsed))
}

/** What the machine shows now: text, colours, cursor and modes, independent of how far somebody has scrolled up. */
export function screenOf(terminal: Terminal) {
  const { active } = terminal.buffer
  return {
    type: active.type,
    cursor: [active.cursorX, active.cursorY],
    modes: terminal.modes,
    rows: Array.from({ length: terminal.rows }, (_, row) => {
      const line = active.getLine(active.baseY + row)
      return line ? cellsOf(line) : null
    }),
  }
}

function cellsOf(line: IBufferLine): string {
  const cells: string[] = []
  for (let column = 0; column < line.length; column++) {
    const cell = line.getCell(column)
    if (!cell) continue
    const look = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()]
    const flags = [cell.isBold(), cell.isInverse(), cell.isUnderline()]
    cells.push(`${cell.getChars()}/${cell.getWidth()}/${[...look, ...flags].join()}`)
  }
  return cells.join('|')
}

/** All rows of the normal screen and its scrollback as text, without blanks at their ends */
export function rowsOf(terminal: Terminal): string[] {
  const { normal } = terminal.buffer
  return Array.from(
    { length: normal.length },
    (_, row) => normal.getLine(row)?.translateToString(true).trimEnd() ?? '',
  )
}
