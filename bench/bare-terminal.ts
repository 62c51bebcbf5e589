import { FitAddon } from '@xterm/addon-fit'
import { WebglAddon } from '@xterm/addon-webgl'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { hasGpu } from '../src/web/console/terminal/gpu.ts'

// The reference for bench/terminal.ts: xterm.js alone, with the page's options and size.

declare global {
  interface Window {
    /** Writes the whole text as fast as it is parsed. @returns ms */
    measure(address: string): Promise<number>
  }
}

const host = document.createElement('div')
host.style.cssText = 'position: fixed; inset: 62px 4px 35px 12px'
document.body.append(host)
const term = new Terminal({
  fontSize: 14,
  fontFamily: 'ui-monospace, "Cascadia Mono", "JetBrains Mono", Menlo, "DejaVu Sans Mono", monospace',
  lineHeight: 1.1,
  scrollback: 50_000,
  minimumContrastRatio: 4.5,
  cursorBlink: true,
  logLevel: 'off',
})
const fit = new FitAddon()
term.loadAddon(fit)
term.open(host)
fit.fit()
// Uses the page's renderer, so that only the way to the terminal is measured.
if (hasGpu()) term.loadAddon(new WebglAddon())

/** The best size tried. Larger writes do not help, and xterm drops data when more than 50 MB wait. */
const PIECE = 128 * 1024
const WAITING = 4

window.measure = async (address) => {
  const text = await (await fetch(address)).text()
  const begun = performance.now()
  await new Promise<void>((resolve) => {
    let at = 0
    let parsed = 0
    const more = () => {
      while (at < text.length && at - parsed < WAITING * PIECE) {
        const piece = text.slice(at, at + PIECE)
        at += piece.length
        term.write(piece, () => {
          parsed += piece.length
          if (parsed === text.length) resolve()
          else more()
        })
      }
    }
    more()
  })
  return performance.now() - begun
}
