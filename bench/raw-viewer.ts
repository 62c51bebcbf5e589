import { once } from 'node:events'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { paths } from '../src/shared/api.ts'
import { RELAY_SUBPROTOCOL } from '../src/shared/relay-protocol.ts'
import { resumeWith } from '../src/testing/resume.ts'
import { issueTicket } from './relay-lines.ts'

// A viewer that does what no page does: it writes WebSocket frames by hand, and reads only if it wants to.

const OPCODES = { text: 0x1, binary: 0x2, ping: 0x9 } as const

/** One frame of at most 64 KiB. Its mask is zero, which leaves the bytes as they are. */
export function rawFrame(kind: keyof typeof OPCODES, payload: string | Buffer = ''): Buffer {
  const body = Buffer.from(payload)
  const long = body.length > 125
  const header = Buffer.alloc(long ? 8 : 6)
  header[0] = 0x80 | OPCODES[kind]
  header[1] = 0x80 | (long ? 126 : body.length)
  if (long) header.writeUInt16BE(body.length, 2)
  return Buffer.concat([header, body])
}

export const messageFrame = (message: unknown) => rawFrame('text', JSON.stringify(message))

/** Many frames, one after the other. */
export const repeated = (frame: Buffer, times: number) => Buffer.concat(Array<Buffer>(times).fill(frame))

/** Joins, and reads nothing. It counts as one tab, whose secret is `client`. */
export async function joinSilently(origin: string, serverId: string, client: string): Promise<Socket> {
  const { session, ticket } = await issueTicket(origin, serverId)
  const upgrade = request(origin + paths.relay(session), {
    agent: false,
    headers: {
      origin,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      'sec-websocket-protocol': RELAY_SUBPROTOCOL,
    },
  })
  upgrade.end()
  const [, socket] = (await once(upgrade, 'upgrade')) as [unknown, Socket]
  socket.pause()
  socket.on('error', () => {})
  socket.write(messageFrame(resumeWith(ticket, client.padEnd(16, '-'))))
  return socket
}

/** Writes again and again, as fast as the other end takes it, until the time is over or the connection is gone. */
export async function writeFor(socket: Socket, ms: number, bytes: () => Buffer): Promise<void> {
  const until = performance.now() + ms
  while (performance.now() < until && !socket.destroyed) {
    if (socket.write(bytes())) await new Promise(setImmediate)
    else await drained(socket, until - performance.now())
  }
}

function drained(socket: Socket, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      socket.off('drain', done).off('close', done)
      resolve()
    }
    const timer = setTimeout(done, Math.max(0, ms))
    socket.once('drain', done).once('close', done)
  })
}
