/** The screen that a stream is written to. */
export interface ScreenSize {
  cols: number
  rows: number
}

/** What a count counts. Above its bound the screen would look the same. */
type Counted = 'rows' | 'columns' | 'characters'

/**
 * The sequences in which xterm.js 6 loops over the count (its InputHandler), by intermediates and final character.
 * Elsewhere it compares the count with the screen first.
 */
const counted: Readonly<Record<string, Counted>> = {
  // Scroll, insert and delete lines
  S: 'rows',
  T: 'rows',
  L: 'rows',
  M: 'rows',
  // Insert, delete and erase characters
  '@': 'columns',
  P: 'columns',
  X: 'columns',
  // Tab stops, forward and back
  I: 'columns',
  Z: 'columns',
  // Repeat the character before
  b: 'characters',
  // Scroll left and right, insert and delete columns
  ' @': 'columns',
  ' A': 'columns',
  "'}": 'columns',
  "'~": 'columns',
}

/** Whether a CSI sequence with this final character may have a count, whatever its intermediates. */
export const mayCount: readonly boolean[] = Array.from({ length: 0x80 }, (_, code) =>
  Object.keys(counted).some((key) => key.endsWith(String.fromCharCode(code))),
)

/** Introducer, first number, other parameters, intermediates, final. Private parameters (`<=>?`) mean something else. */
const PARTS = /^(\x1b\[|\x9b)(\d*)([\d:;]*)([ -/]*)([@-~])$/

/**
 * @param before the character that stands before the sequence
 * @returns the sequence with a count that the screen can show
 */
export function withinScreen(sequence: string, before: number, size: ScreenSize): string {
  const [, introducer = '', number = '', rest = '', intermediates = '', final = ''] =
    PARTS.exec(sequence) ?? []
  const unit = counted[intermediates + final]
  if (!unit) return sequence
  const most = bound(unit, before, size)
  return Number(number) > most ? `${introducer}${most}${rest}${intermediates}${final}` : sequence
}

function bound(unit: Counted, before: number, { cols, rows }: ScreenSize): number {
  switch (unit) {
    case 'rows':
      return rows
    case 'columns':
      return cols
    case 'characters':
      // A cell may hold a letter with any number of marks, and all of it would be repeated.
      return standsAlone(before) ? cols * rows : 1
  }
}

/** Latin letters, symbols, boxes and ideographs: nothing that joins the character before it. */
const standsAlone = (code: number) =>
  code < 0x300 ||
  (code >= 0x2010 && code < 0x20d0) ||
  (code >= 0x2100 && code < 0x2c00) ||
  (code >= 0x3400 && code < 0xa000)
