import type { IBuffer, IBufferCell, ITheme } from '@xterm/xterm'
import { ansiNames } from '../terminal/ansi-names.ts'

/** From this column of a row up to that of another one, which is not in it. */
export interface Range {
  start: { x: number; y: number }
  end: { x: number; y: number }
}

const CUBE = [0, 95, 135, 175, 215, 255]

/**
 * The rows as HTML, with the colours that they have in the terminal. It is made of text and colours alone: what a machine
 * printed becomes no markup and no link.
 */
export function htmlOf(buffer: IBuffer, { start, end }: Range, theme: ITheme): string {
  const lines: string[] = []
  for (let y = start.y; y <= end.y; y++) {
    const line = buffer.getLine(y)
    if (!line) continue
    const from = y === start.y ? start.x : 0
    const to = y === end.y ? Math.min(end.x, line.length) : line.length
    const wrapsOn = y < end.y && (buffer.getLine(y + 1)?.isWrapped ?? false)
    const html = rowOf((x) => line.getCell(x), from, to, theme, wrapsOn)
    if (line.isWrapped && lines.length > 0) lines.push((lines.pop() ?? '') + html)
    else lines.push(html)
  }
  const { foreground = '#000', background = '#fff' } = theme
  const style = `color:${foreground};background:${background};font-family:monospace`
  return `<pre style="${style}">${lines.join('\n')}</pre>`
}

function rowOf(
  cellAt: (x: number) => IBufferCell | undefined,
  from: number,
  to: number,
  theme: ITheme,
  wrapsOn: boolean,
): string {
  const spans: { style: string; text: string }[] = []
  for (let x = from; x < to; x++) {
    const cell = cellAt(x)
    // The second half of a wide character
    if (!cell || cell.getWidth() === 0) continue
    const style = styleOf(cell, theme)
    const text = cell.isInvisible() ? ' ' : cell.getChars() || ' '
    const last = spans.at(-1)
    if (last?.style === style) last.text += text
    else spans.push({ style, text })
  }
  const last = spans.at(-1)
  if (!wrapsOn && last?.style === '') last.text = last.text.trimEnd()
  return spans
    .filter(({ text }) => text !== '')
    .map(({ style, text }) =>
      style === '' ? escaped(text) : `<span style="${style}">${escaped(text)}</span>`,
    )
    .join('')
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
