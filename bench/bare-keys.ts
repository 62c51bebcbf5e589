import { bareXterm } from './bare-xterm.ts'

// The reference for bench/keys.ts: a cursor that never blinks, and a socket to the same gateway. Nothing else.

const term = bareXterm({ cursorBlink: false })

const encoder = new TextEncoder()
const socket = new WebSocket(new URLSearchParams(location.search).get('gateway') ?? '', 'binary')
socket.binaryType = 'arraybuffer'
socket.onmessage = ({ data }) => term.write(new Uint8Array(data))
socket.onopen = () => term.focus()
term.onData((text) => socket.send(encoder.encode(text)))
