import type { Core, ScreenBuffer } from './xterm-buffer.ts'

/**
 * Moves what is on the screen into the scrollback, as line feeds would, so nothing is lost. What xterm.js does to clear a
 * screen drops the scrollback, too.
 * @param from `cursor`: the cursor's line stays, and is the first one then. `all`: nothing stays.
 */
export function clearScreen(core: Core, from: 'cursor' | 'all'): void {
  const { _bufferService: service, _inputHandler: input } = core
  const buffer = service.buffers.active
  if (buffer !== service.buffers.normal) return
  const { scrollTop, scrollBottom } = buffer
  buffer.scrollTop = 0
  buffer.scrollBottom = service.rows - 1
  const rows = from === 'all' ? usedRows(buffer, service.rows) : lineOfCursor(buffer)
  for (let row = 0; row < rows; row++) service.scroll({ fg: 0, bg: 0 })
  buffer.scrollTop = scrollTop
  buffer.scrollBottom = scrollBottom
  buffer.y = Math.max(0, buffer.y - rows)
  if (from === 'all') {
    buffer.x = 0
    buffer.y = 0
  }
  input.markRangeDirty(0, service.rows - 1)
}

/** The row on which the cursor's line begins. */
function lineOfCursor({ lines, ybase, y }: ScreenBuffer): number {
  let row = y
  while (row > 0 && lines.get(ybase + row)?.isWrapped) row -= 1
  return row
}

function usedRows({ lines, ybase }: ScreenBuffer, height: number): number {
  let rows = height
  while (rows > 0 && lines.get(ybase + rows - 1)?.getTrimmedLength() === 0) rows -= 1
  return rows
}
