import { createHash } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { FrameSplitter, OPCODE, serverFrame } from './frames.ts'
import { GatewayOrder } from './messages.ts'
import { probe } from './probe.js'

// A gateway whose machines echo what is typed, small letters. Unasked they say only what nobody types, so that a viewer
// can tell one from the other.

const TICK_MS = 20
const TEXT = Buffer.alloc(
  64 * 1024,
  '[  12.345678] EXT4-FS (SDA1): MOUNTED FILESYSTEM. 0123456789\r\n'.toUpperCase(),
)
const HEAD_END = '\r\n\r\n'
/** RFC 6455 section 1.3 */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** By the number of its server */
const machines = new Map<number, Socket>()
let order: GatewayOrder = { speakers: 0, bytesPerSecond: 0 }
let said = 0
let due = 0
/** What machines echo behind all that came in this turn of the event loop */
let echoes: { line: Socket; frame: Buffer }[] = []

const gateway = createServer({ noDelay: true }, (line) => {
  let head: string | null = ''
  let number = Number.NaN
  const frames = new FrameSplitter((opcode, payload) => {
    switch (opcode) {
      case OPCODE.binary:
        return echo(line, serverFrame(OPCODE.binary, payload))
      case OPCODE.ping:
        return void line.write(serverFrame(OPCODE.pong, payload))
      case OPCODE.close:
        line.end(serverFrame(OPCODE.close, payload))
    }
  })
  line.on('data', (bytes) => {
    if (head === null) return frames.take(bytes)
    head += bytes.toString('latin1')
    const end = head.indexOf(HEAD_END)
    if (end < 0) return
    number = Number(/token=server-(\d+)/.exec(head)?.[1])
    machines.set(number, line)
    line.write(answerTo(head))
    const rest = Buffer.from(head.slice(end + HEAD_END.length), 'latin1')
    head = null
    frames.take(rest)
  })
  line.on('error', () => {})
  line.on('close', () => {
    if (machines.get(number) === line) machines.delete(number)
  })
})

function answerTo(head: string): string {
  const key = /^sec-websocket-key: *(\S+)/im.exec(head)?.[1] ?? ''
  const accept = createHash('sha1')
    .update(key + ACCEPT_GUID)
    .digest('base64')
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  return [...lines, `Sec-WebSocket-Accept: ${accept}`].join('\r\n') + HEAD_END
}

/** A serial port is slower than its gateway: the echo comes behind the answer to a ping that came with its key. */
function echo(line: Socket, frame: Buffer): void {
  if (echoes.length === 0) setImmediate(sayEchoes)
  echoes.push({ line, frame })
}

function sayEchoes(): void {
  const due = echoes
  echoes = []
  for (const { line, frame } of due) if (line.writable) line.write(frame)
}

let before = performance.now()
setInterval(() => {
  const now = performance.now()
  due += ((now - before) / 1000) * order.bytesPerSecond
  before = now
  const bytes = Math.min(TEXT.length, Math.floor(due))
  due -= bytes
  if (bytes === 0) return
  const frame = serverFrame(OPCODE.binary, TEXT.subarray(0, bytes))
  for (let number = 0; number < order.speakers; number++) {
    const line = machines.get(number)
    if (!line?.writable) continue
    // A serial port does not read ahead of a gateway that holds it up.
    if (line.writableLength > TEXT.length) continue
    line.write(frame)
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
// A gateway that was ended comes back at its old place.
gateway.listen({ host: '127.0.0.1', port: Number(process.env.LOAD_GATEWAY_PORT ?? 0), backlog: 4_096 })
