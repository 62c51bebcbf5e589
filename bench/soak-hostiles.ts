import { setTimeout as delay } from 'node:timers/promises'
import { joinSilently, messageFrame, rawFrame, repeated, writeFor } from './raw-viewer.ts'
import { openRelay } from './relay-lines.ts'

// Hurts the relay as viewers can, until the parent is gone. It runs in its own process, so that it does not slow down
// whoever measures.

const origin = process.env.SOAK_ORIGIN ?? ''
/** The first server that nobody else uses */
const first = Number(process.env.SOAK_FIRST ?? 0)
const idOf = (server: number) => `server-${server}`
const FLOOD_BYTES = 20_000_000

/** Comes back whenever it was thrown out. */
async function again(attack: () => Promise<void>): Promise<never> {
  while (true) {
    await attack().catch(() => {})
    await delay(1_000)
  }
}

/** Sends the same frames into a server's session, and reads nothing. */
const sends = (server: number, name: string, frames: Buffer) =>
  again(async () => {
    const viewer = await joinSilently(origin, idOf(server), name)
    await writeFor(viewer, 60_000, () => frames)
    viewer.destroy()
  })

const both = (one: unknown, other: unknown) => Buffer.concat([messageFrame(one), messageFrame(other)])

// These watch other people's sessions.
for (let server = 0; server < 10; server++)
  void sends(server, 'empty-frames', repeated(rawFrame('binary'), 1_000))
for (let server = 10; server < 15; server++)
  void sends(server, 'pings', repeated(rawFrame('ping', 'x'), 1_000))
for (let server = 15; server < 18; server++) {
  let joins = 0
  void again(async () => {
    while (true) {
      const viewer = await joinSilently(origin, idOf(server), `comes-and-goes-${joins++ % 20}`)
      setTimeout(() => viewer.destroy(), 2_000)
      await delay(50)
    }
  })
}
// These have sessions of their own.
void sends(first, 'takes-and-releases', repeated(both({ type: 'take' }, { type: 'release' }), 10))
void sends(
  first + 1,
  'records',
  repeated(both({ type: 'record', on: true }, { type: 'record', on: false }), 10),
)
void sends(first + 2, 'types', rawFrame('binary', Buffer.alloc(4 * 1024, 'x')))
void again(async () => {
  const line = await openRelay(origin, idOf(first + 3))
  while (true) {
    let received = 0
    await new Promise<void>((resolve) => {
      line.onBytes = (bytes) => {
        received += bytes.length
        if (received >= FLOOD_BYTES) resolve()
      }
      line.send(`F${FLOOD_BYTES}\n`)
    })
    await delay(1_000)
  }
})
process.on('disconnect', () => process.exit())
