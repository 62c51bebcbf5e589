import type { Socket } from 'node:net'
import { z } from 'zod'
import type { Clock } from '../../../shared/clock.ts'

/** Who sent the request to the replica that forwards it: a client, or the proxy in front */
const Preface = z.object({
  from: z.object({ address: z.string().min(1).max(64), port: z.int() }),
  /** The replica that passes it on; absent: it asks for itself, or is older */
  by: z.string().max(64).optional(),
})
export type Preface = z.output<typeof Preface>

const LONGEST_BYTES = 256
const COMES_MS = 2_000
const NEWLINE = 0x0a

/** The first line of each connection between replicas. The request follows. */
export const prefaceLine = (preface: Preface): string => `${JSON.stringify(preface)}\n`

/**
 * Reads the first line, and leaves what follows in the socket, which is paused.
 * @param told is called once; null: there is none, or not in time, and the socket is destroyed
 */
export function readPreface(socket: Socket, clock: Clock, told: (preface: Preface | null) => void): void {
  let read: Buffer = Buffer.alloc(0)
  const onData = (bytes: Buffer) => {
    read = Buffer.concat([read, bytes])
    const end = read.subarray(0, LONGEST_BYTES).indexOf(NEWLINE)
    if (end < 0 && read.length < LONGEST_BYTES) return
    const preface = end < 0 ? null : parsed(read.subarray(0, end))
    done()
    if (!preface) return fail()
    socket.pause()
    socket.unshift(read.subarray(end + 1))
    told(preface)
  }
  const fail = () => {
    done()
    socket.destroy()
    told(null)
  }
  const done = () => {
    cancel()
    socket.off('data', onData).off('close', fail)
  }
  const cancel = clock.after(COMES_MS, fail)
  socket.on('data', onData).once('close', fail)
}

function parsed(line: Buffer): Preface | null {
  try {
    return Preface.safeParse(JSON.parse(line.toString('utf8'))).data ?? null
  } catch {
    return null
  }
}
