import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { WebglAddon } from '@xterm/addon-webgl'
import { Terminal } from '@xterm/xterm'
import { hasGpu } from '../src/web/console/terminal/gpu.ts'

/** The reference of the benchmarks in a browser: xterm.js alone, with the page's options, size and renderer. */
export function bareXterm({ cursorBlink }: { cursorBlink: boolean }): Terminal {
  const host = document.createElement('div')
  host.style.cssText = 'position: fixed; inset: 62px 4px 35px 12px'
  document.body.append(host)
  const term = new Terminal({
    fontSize: 14,
    fontFamily: 'ui-monospace, "Cascadia Mono", "JetBrains Mono", Menlo, "DejaVu Sans Mono", monospace',
    lineHeight: 1.1,
    scrollback: 50_000,
    minimumContrastRatio: 4.5,
    cursorBlink,
    logLevel: 'off',
  })
  const fit = new FitAddon()
  term.loadAddon(fit)
  term.open(host)
  fit.fit()
  if (hasGpu()) term.loadAddon(new WebglAddon())
  return term
}
