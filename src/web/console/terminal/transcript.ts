import type { IBuffer, Terminal } from '@xterm/xterm'

/**
 * The scrollback and the screen as text, with wrapped rows joined and trailing blanks trimmed. The screen of a
 * full-screen program comes last, after what it covers.
 */
export function transcriptOf({ active, normal }: Pick<Terminal['buffer'], 'active' | 'normal'>): string {
  return textOf(normal) + (active.type === 'alternate' ? textOf(active) : '')
}

function textOf(buffer: IBuffer): string {
  const lines: string[] = []
  for (let row = 0; row < buffer.length; row++) {
    const line = buffer.getLine(row)
    if (!line) continue
    const wrapsOn = buffer.getLine(row + 1)?.isWrapped ?? false
    const text = line.translateToString(!wrapsOn)
    if (line.isWrapped && lines.length > 0) lines.push((lines.pop() ?? '') + text)
    else lines.push(text)
  }
  return `${lines.join('\n').trimEnd()}\n`
}
