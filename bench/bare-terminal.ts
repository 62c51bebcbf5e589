import { Guard } from '../src/shared/guard/guard.ts'
import { CostlySequences } from '../src/web/console/terminal/costly.ts'
import { LineWrites } from '../src/web/console/terminal/line-writes.ts'
import { ScreenHistory } from '../src/web/console/terminal/screen-history.ts'
import { WritePump } from '../src/web/console/terminal/write-pump.ts'
import { bareXterm } from './bare-xterm.ts'

// The reference for bench/terminal.ts. `guarded` adds what stands
// between the line and the terminal in the page.

declare global {
  interface Window {
    /** Writes the whole text as fast as it is parsed. @returns ms */
    measure(address: string, way: 'bare' | 'guarded'): Promise<number>
  }
}

const term = bareXterm({ cursorBlink: true })

/** The best size tried. Larger writes do not help, and xterm drops data when more than 50 MB wait. */
const PIECE = 128 * 1024
const WAITING = 4

interface Writer {
  /** @param next called when there is room for more */
  write(piece: string, next: () => void): void
  /** @param done called when all is parsed */
  finish(done: () => void): void
}

const bare: Writer = {
  write: (piece, next) => term.write(piece, next),
  finish: (done) => term.write('', done),
}

function guarded(): Writer {
  new CostlySequences(term)
  new ScreenHistory(term)
  const guard = new Guard(() => ({ cols: term.cols, rows: term.rows }))
  const writes = new LineWrites(term, () => {})
  const pump = new WritePump((write) => writes.write(write))
  return {
    write: (piece, taken) => pump.push({ text: guard.push(piece), muted: false, taken }),
    finish: (done) => pump.act(done),
  }
}

window.measure = async (address, way) => {
  const text = await (await fetch(address)).text()
  const writer = way === 'bare' ? bare : guarded()
  const begun = performance.now()
  await new Promise<void>((resolve) => {
    let at = 0
    let parsed = 0
    const more = () => {
      while (at < text.length && at - parsed < WAITING * PIECE) {
        const piece = text.slice(at, at + PIECE)
        at += piece.length
        writer.write(piece, () => {
          parsed += piece.length
          if (at < text.length) more()
        })
      }
      if (at === text.length) writer.finish(resolve)
    }
    more()
  })
  return performance.now() - begun
}
