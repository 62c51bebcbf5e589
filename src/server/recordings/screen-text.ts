import { createRequire } from 'node:module'
import type * as Headless from '@xterm/headless'
import { CAST_SIZE, readEvents } from './cast.ts'

// Its package is CommonJS that Node cannot read export names from, so it cannot be imported by name; the types
// are of the very same module.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof Headless

/** Fed at a time: fewer characters than there is room for lines, so that no line is lost before it is read. */
const PIECE = 8 * 1024
const SCROLLBACK = 10_000

/**
 * What a person saw, as plain text: the recording is replayed through a terminal, and each line is taken when it
 * has scrolled off the screen and can change no more; at the end, the screen itself. A screen that is cleared is
 * kept, as in a scrollback. The other screen of full-screen programs leaves nothing, as in a scrollback too.
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

/** The lines of the normal screen that have scrolled off it since the last look. */
class ScrolledLines {
  readonly #terminal: Headless.Terminal
  /** Moves with the first line that was not taken, when the terminal forgets old lines. */
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
      // A line that was too long for the screen goes on in the next row.
      const wraps = buffer.getLine(y + 1)?.isWrapped ?? false
      text += buffer.getLine(y)?.translateToString(!wraps) ?? ''
      if (!wraps) text += '\n'
    }
    return text
  }
}
