import { WebSocket, WebSocketServer } from 'ws'
import { said } from '../src/testing/line-capture.ts'

// A gateway with many machines that speak all the time, each its own seeded text. It runs in its own process, as in real
// life. A machine that is sent something says it back instead.

const [lines = 0, bursts = 0] = (process.argv[2] ?? '').split(',').map(Number)
const PIECE = 80
const RATE = 200
const BURST_RATE = 50_000
const TICK_MS = 20

const gateway = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
const machines = new Map<number, { viewer: WebSocket; end: number; due: number }>()
let speaking = false

gateway.on('connection', (viewer, request) => {
  const id = new URL(request.url ?? '', 'http://gateway').searchParams.get('token') ?? ''
  const number = Number(id.replace('server-', ''))
  viewer.on('error', () => {})
  if (number >= lines) {
    viewer.on('message', (data: Buffer) => viewer.send(data, { binary: true }))
    return
  }
  machines.set(number, { viewer, end: machines.get(number)?.end ?? 0, due: Math.random() * PIECE })
})

let before = performance.now()
setInterval(() => {
  const now = performance.now()
  const seconds = (now - before) / 1000
  before = now
  if (!speaking) return
  for (const [number, machine] of machines) {
    const isBurst = number < bursts
    machine.due += seconds * (isBurst ? BURST_RATE : RATE)
    if (machine.due < PIECE || machine.viewer.readyState !== WebSocket.OPEN) continue
    const bytes = isBurst ? Math.floor(machine.due) : PIECE
    machine.viewer.send(said(number, machine.end, bytes), { binary: true })
    machine.end += bytes
    machine.due -= bytes
  }
}, TICK_MS)

process.on('message', (message) => {
  if (message === 'speak') speaking = true
  if (message === 'hush') speaking = false
  process.send?.({
    connected: machines.size,
    ends: Array.from({ length: lines }, (_, line) => machines.get(line)?.end ?? 0),
  })
})
process.on('disconnect', () => process.exit())
gateway.on('listening', () => {
  const address = gateway.address()
  process.send?.({ gatewayPort: typeof address === 'object' ? address?.port : 0 })
})
