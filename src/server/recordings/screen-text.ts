import { createRequire } from 'node:module'
import type * as Headless from '@xterm/headless'
import { CAST_SIZE, readEvents } from './cast.ts'

// The package is CommonJS and Node cannot read its export names, so it cannot be imported by name. The types come
// from the same module.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof Headless

/** How much is fed at once. It has fewer characters than the scrollback has lines, so no line is lost unread. */
const PIECE = 8 * 1024
const SCROLLBACK = 10_000

/**
 * What a person saw, as plain text. The recording is replayed through a terminal. A line is taken when it has scrolled
 * off the screen and can no longer change; the screen itself is taken at the end. As in a scrollback, a cleared screen
 * is kept, and full-screen programs on the other screen leave nothing.
 */
export async function* screenText(path: string, signal?: AbortSignal): AsyncGenerator<string> {
  const terminal = new Terminal({
    cols: CAST_SIZE.width,
    rows: CAST_SIZE.height,
    scrollback: SCROLLBACK,
    scrollOnEraseInDisplay: true,
    allowProposedApi: true,
    logLevel: 'off',
  })
  const lines = new ScrolledLines(terminal)
  try {
    for await (const events of readEvents(path, signal)) {
      let text = ''
      for (const [, code, data] of events) if (code === 'o') text += data
      for (let start = 0; start < text.length; start += PIECE) {
        await new Promise<void>((resolve) => terminal.write(text.slice(start, start + PIECE), resolve))
        const scrolled = lines.take()
        if (scrolled) yield scrolled
      }
    }
    yield lines.rest()
  } finally {
    terminal.dispose()
  }
}

/** The lines that have scrolled off the normal screen since they were last taken. */
class ScrolledLines {
  readonly #terminal: Headless.Terminal
  /** The first line that was not taken. A marker moves with it when the terminal drops old lines. */
  #next: Headless.IMarker | undefined

  constructor(terminal: Headless.Terminal) {
    this.#terminal = terminal
    this.#next = terminal.registerMarker(0)
  }

  take(): string {
    const { active, normal } = this.#terminal.buffer
    if (active.type !== 'normal') return ''
    const text = this.#read(normal.baseY)
    this.#next?.dispose()
    this.#next = this.#terminal.registerMarker(-normal.cursorY)
    return text
  }

  rest(): string {
    return `${this.#read(this.#terminal.buffer.normal.length).trimEnd()}\n`
  }

  #read(end: number): string {
    const buffer = this.#terminal.buffer.normal
    let text = ''
    for (let y = Math.max(0, this.#next?.line ?? 0); y < end; y += 1) {
      // A line that is too long for the screen goes on in the next row.
      const wraps = buffer.getLine(y + 1)?.isWrapped ?? false
      text += buffer.getLine(y)?.translateToString(!wraps) ?? ''
      if (!wraps) text += '\n'
    }
    return text
  }
}
