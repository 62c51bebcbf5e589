import type { IBufferCell, Terminal } from '@xterm/xterm'

/**
 * All that a terminal shows, as text that people can read and compare: each row's characters, then how they look. A
 * letter stands for one look; a dot is plain text.
 *
 *     cursor 3 2
 *     |┌─ Menu ─┐|
 *     |aaabbbbaaa|
 *     a: foreground 7, background 4
 *     b: bold, foreground 3, background 4
 */
export function screenText(terminal: Pick<Terminal, 'buffer' | 'cols' | 'rows'>): string {
  const { active } = terminal.buffer
  const looks = new Map([['', '.']])
  const rows: string[] = []
  for (let row = 0; row < terminal.rows; row++) {
    let [text, look] = ['', '']
    for (let column = 0; column < terminal.cols; column++) {
      const cell = active.getLine(active.baseY + row)?.getCell(column)
      // A wide character's second cell
      if (cell?.getWidth() === 0) continue
      text += cell?.getChars() || ' '
      look += letterOf(cell ? lookOf(cell) : '', looks).repeat(cell?.getWidth() ?? 1)
    }
    rows.push(`|${text}|`, `|${look}|`)
  }
  const legend = [...looks].slice(1).map(([look, letter]) => `${letter}: ${look}`)
  return [`cursor ${active.cursorX + 1} ${active.cursorY + 1}`, ...rows, ...legend, ''].join('\n')
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

function letterOf(look: string, looks: Map<string, string>): string {
  const known = looks.get(look)
  if (known) return known
  const letter = LETTERS[looks.size - 1]
  if (!letter) throw new Error('This screen has more looks than there are letters.')
  looks.set(look, letter)
  return letter
}

function lookOf(cell: IBufferCell): string {
  const flags: [number | boolean, string][] = [
    [cell.isBold(), 'bold'],
    [cell.isDim(), 'dim'],
    [cell.isItalic(), 'italic'],
    [cell.isUnderline(), 'underlined'],
    [cell.isBlink(), 'blinking'],
    [cell.isInverse(), 'reverse'],
    [cell.isInvisible(), 'invisible'],
    [cell.isStrikethrough(), 'struck'],
    [!cell.isFgDefault(), `foreground ${colour(cell.getFgColor(), cell.isFgRGB())}`],
    [!cell.isBgDefault(), `background ${colour(cell.getBgColor(), cell.isBgRGB())}`],
  ]
  const parts = flags.flatMap(([on, name]) => (on ? name : []))
  return parts.join(', ')
}

const colour = (value: number, rgb: boolean) => (rgb ? `#${value.toString(16).padStart(6, '0')}` : `${value}`)
