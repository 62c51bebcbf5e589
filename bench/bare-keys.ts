import { FitAddon } from '@xterm/addon-fit'
import { WebglAddon } from '@xterm/addon-webgl'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { hasGpu } from '../src/web/console/terminal/gpu.ts'

// The reference for bench/keys.ts: xterm.js with the page's options, a cursor that never blinks, and a socket to the same
// gateway. Nothing else.

const host = document.createElement('div')
host.style.cssText = 'position: fixed; inset: 62px 4px 35px 12px'
document.body.append(host)
const term = new Terminal({
  fontSize: 14,
  fontFamily: 'ui-monospace, "Cascadia Mono", "JetBrains Mono", Menlo, "DejaVu Sans Mono", monospace',
  lineHeight: 1.1,
  scrollback: 50_000,
  minimumContrastRatio: 4.5,
  cursorBlink: false,
  logLevel: 'off',
})
const fit = new FitAddon()
term.loadAddon(fit)
term.open(host)
fit.fit()
if (hasGpu()) term.loadAddon(new WebglAddon())

const encoder = new TextEncoder()
const socket = new WebSocket(new URLSearchParams(location.search).get('gateway') ?? '', 'binary')
socket.binaryType = 'arraybuffer'
socket.onmessage = ({ data }) => term.write(new Uint8Array(data))
socket.onopen = () => term.focus()
term.onData((text) => socket.send(encoder.encode(text)))
