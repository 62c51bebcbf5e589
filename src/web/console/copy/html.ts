import type { IBufferCell, ITheme } from '@xterm/xterm'
import { ansiNames } from '../terminal/ansi-names.ts'
import type { Line } from '../terminal/xterm-buffer.ts'
import type { Selected } from './selected.ts'

/** A machine may colour each character in another way. Browsers read every element of what is copied. */
const MOST_RUNS = 100_000

const CUBE = [0, 95, 135, 175, 215, 255]

/**
 * The rows as HTML, with the colours that they have in the terminal. It is made of text and colours alone: what a machine
 * printed becomes no markup and no link.
 * @param selected null: it was too much
 * @throws if there is too much to draw
 */
export function htmlOf(selected: Selected | null, theme: ITheme, mostRuns = MOST_RUNS): string {
  if (!selected) throw new Error('Too many rows.')
  const { rows, from, to } = selected
  let html = ''
  let runs = 0
  for (const [index, row] of rows.entries()) {
    const isLast = index === rows.length - 1
    const wrapsOn = rows[index + 1]?.isWrapped ?? false
    const spans = runsOf(row, index === 0 ? from : 0, isLast ? Math.min(to, row.length) : row.length)
    runs += spans.length
    if (runs > mostRuns) throw new Error('Too many colours.')
    if (index > 0 && !row.isWrapped) html += '\n'
    html += rowOf(spans, row, selected.cell, theme, wrapsOn)
  }
  const { foreground = '#000', background = '#fff' } = theme
  const style = `color:${foreground};background:${background};font-family:monospace`
  return `<pre style="${style}">${html}</pre>`
}

/** @returns the columns where cells begin that look otherwise than the one before, and the end */
function runsOf(row: Line, from: number, to: number): number[] {
  const starts: number[] = []
  let [lastFg, lastBg] = [-1, -1]
  for (let x = from; x < to; x++) {
    const [fg, bg] = [row.getFg(x), row.getBg(x)]
    // A special underline is not in these numbers.
    if (fg === lastFg && bg === lastBg && !row._extendedAttrs[x]) continue
    lastFg = fg
    lastBg = bg
    starts.push(x)
  }
  starts.push(to)
  return starts
}

function rowOf(starts: readonly number[], row: Line, cell: IBufferCell, theme: ITheme, wrapsOn: boolean) {
  let html = ''
  let open = { style: '', text: '' }
  const close = (atEnd: boolean) => {
    const { style } = open
    const text = atEnd && style === '' ? open.text.trimEnd() : open.text
    if (text !== '') html += style === '' ? escaped(text) : `<span style="${style}">${escaped(text)}</span>`
  }
  for (const [index, x] of starts.entries()) {
    const end = starts[index + 1]
    if (end === undefined) break
    row.loadCell(x, cell)
    const plain = row.translateToString(false, x, end)
    const text = cell.isInvisible() ? ' '.repeat(plain.length) : plain
    const style = styleOf(cell, theme)
    if (style === open.style) open.text += text
    else {
      close(false)
      open = { style, text }
    }
  }
  close(!wrapsOn)
  return html
}

function styleOf(cell: IBufferCell, theme: ITheme): string {
  let fg = colourOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor(), theme)
  let bg = colourOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor(), theme)
  if (cell.isInverse()) [fg, bg] = [bg ?? theme.background, fg ?? theme.foreground]
  const lines = [cell.isUnderline() ? 'underline' : '', cell.isStrikethrough() ? 'line-through' : '']
  return [
    fg && `color:${fg}`,
    bg && `background:${bg}`,
    cell.isBold() && 'font-weight:bold',
    cell.isItalic() && 'font-style:italic',
    cell.isDim() && 'opacity:0.6',
    lines.some(Boolean) && `text-decoration:${lines.filter(Boolean).join(' ')}`,
  ]
    .filter(Boolean)
    .join(';')
}

/** @returns undefined: the terminal's own */
function colourOf(isDefault: boolean, isRgb: boolean, colour: number, theme: ITheme): string | undefined {
  if (isDefault) return undefined
  if (isRgb) return `#${colour.toString(16).padStart(6, '0')}`
  const name = ansiNames[colour]
  if (name) return theme[name]
  if (colour >= 232) {
    const grey = 8 + (colour - 232) * 10
    return `rgb(${grey},${grey},${grey})`
  }
  const at = colour - 16
  return `rgb(${CUBE[Math.floor(at / 36)]},${CUBE[Math.floor(at / 6) % 6]},${CUBE[at % 6]})`
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '')
