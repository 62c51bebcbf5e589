import { WebSocket, WebSocketServer } from 'ws'
import { GatewayOrder } from './messages.ts'
import { probe } from './probe.js'

// A gateway whose machines echo what is typed, small letters. Unasked they say only what nobody types, so that a viewer
// can tell one from the other.

const TICK_MS = 20
const TEXT = Buffer.alloc(
  64 * 1024,
  '[  12.345678] EXT4-FS (SDA1): MOUNTED FILESYSTEM. 0123456789\r\n'.toUpperCase(),
)

const gateway = new WebSocketServer({
  host: '127.0.0.1',
  // A gateway that was ended comes back at its old place.
  port: Number(process.env.LOAD_GATEWAY_PORT ?? 0),
  perMessageDeflate: false,
  backlog: 4_096,
})
/** By the number of its server */
const machines = new Map<number, WebSocket>()
let order: GatewayOrder = { speakers: 0, bytesPerSecond: 0 }
let said = 0
let due = 0

gateway.on('connection', (line, request) => {
  const id = new URL(request.url ?? '', 'http://gateway').searchParams.get('token') ?? ''
  const number = Number(id.replace('server-', ''))
  machines.set(number, line)
  // A serial port is slower than its gateway: the echo comes behind the answer to a ping that came with its key.
  line.on('message', (data: Buffer) => void setImmediate(() => line.send(data, { binary: true })))
  line.on('error', () => {})
  line.on('close', () => {
    if (machines.get(number) === line) machines.delete(number)
  })
})

let before = performance.now()
setInterval(() => {
  const now = performance.now()
  due += ((now - before) / 1000) * order.bytesPerSecond
  before = now
  const bytes = Math.min(TEXT.length, Math.floor(due))
  due -= bytes
  if (bytes === 0) return
  for (let number = 0; number < order.speakers; number++) {
    const line = machines.get(number)
    if (line?.readyState !== WebSocket.OPEN) continue
    // A serial port does not read ahead of a gateway that holds it up.
    if (line.bufferedAmount > TEXT.length) continue
    line.send(TEXT.subarray(0, bytes), { binary: true })
    said += bytes
  }
}, TICK_MS)

process.on('message', (message) => {
  const next = GatewayOrder.safeParse(message)
  if (next.success) order = next.data
  process.send?.({ connected: machines.size, said, probed: probe() })
})
process.on('disconnect', () => process.exit())
gateway.on('listening', () => {
  const address = gateway.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
})
