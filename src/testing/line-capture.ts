import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'
import { DiskStore } from '../server/line-log/store/disk-store.ts'
import type { LineRef } from '../server/line-log/store/store.ts'
import { kernelLog } from './kernel-log.ts'

/** What the simulated lines say, and whether their logs have it. */
export const CaptureLoad = z.object({
  dir: z.string(),
  lines: z.number(),
  /** Bytes a second of each line, and how many it says at once */
  rate: z.number(),
  piece: z.number(),
  /** So many lines are in a burst instead. */
  bursts: z.number(),
  burstRate: z.number(),
  /** false: the lines speak and nothing is stored, to see what that alone costs. */
  stores: z.boolean(),
  /** The parent is told so often how far each line is, ms; 0: never. */
  tellMs: z.number(),
})
export type CaptureLoad = z.infer<typeof CaptureLoad>

/** How far each line was at a time, epoch ms. */
const Told = z.object({ at: z.number(), ends: z.array(z.number()) })
type Told = z.infer<typeof Told>

/** What a child used until it closed. */
const Used = z.object({
  seconds: z.number(),
  cpuMs: z.number(),
  rss: z.number(),
  writtenBytes: z.number(),
  syncs: z.number(),
  loopDelayP99: z.number(),
  ends: z.array(z.number()),
})
export type Used = z.infer<typeof Used>

export const limits = { days: 30, totalMib: 10_240, lineMib: 256 }
export const lineRef = (index: number): LineRef => ({
  server: { id: `server-${index}`, name: `web-${index}` },
  project: null,
})

/** A prime, so that no size of a buffer hides a mistake. */
const SOURCE_BYTES = 1_000_003
const source = makeSource()

/** Text like that of real machines: random characters would cost an index of text ten times as much. */
function makeSource(): Buffer {
  const text = Buffer.from(kernelLog(SOURCE_BYTES), 'latin1').subarray(0, SOURCE_BYTES)
  return Buffer.concat([text, text])
}

/** What this line says from this offset on, the same in each process. */
export function said(line: number, from: number, bytes: number): Buffer {
  const start = (line * 7_919 + from) % SOURCE_BYTES
  return source.subarray(start, start + Math.min(bytes, SOURCE_BYTES))
}

/** A process whose lines speak. */
interface Capture {
  child: ChildProcess
  told: Told[]
  /** Kills it. @returns when, in epoch ms */
  kill(): Promise<number>
  close(): Promise<Used>
}

export async function startCapture(load: CaptureLoad, flags: readonly string[] = []): Promise<Capture> {
  const child = fork(
    fileURLToPath(new URL('./line-capture-child.ts', import.meta.url)),
    [JSON.stringify(load)],
    {
      // A heap as large as `npm start` has it.
      execArgv: ['--import', 'tsx', '--expose-gc', '--initial-old-space-size=256', ...flags],
    },
  )
  const told: Told[] = []
  // The first message: the store is open and the lines begin.
  await once(child, 'message')
  child.on('message', (message) => {
    const parsed = Told.safeParse(message)
    if (parsed.success) told.push(parsed.data)
  })
  return {
    child,
    told,
    async kill() {
      const at = Date.now()
      child.kill('SIGKILL')
      await once(child, 'exit')
      return at
    },
    async close() {
      const used = new Promise<Used>((resolve) => {
        child.on('message', (message) => {
          const parsed = Used.safeParse(message)
          if (parsed.success) resolve(parsed.data)
        })
      })
      child.send('close')
      const result = await used
      await once(child, 'exit')
      return result
    },
  }
}

/** What is wrong in a folder; empty if all is well. */
export async function checkCapture(
  dir: string,
  ends: readonly number[],
): Promise<{ wrong: string[]; bytes: number }> {
  const store = await DiskStore.open({ dir, ...limits, log: { warn() {}, error() {} } })
  const wrong: string[] = []
  let total = 0
  for (const [index, least] of ends.entries()) {
    const reader = store.reader(lineRef(index).server.id)
    let at = 0
    while (reader && at < reader.end) {
      const found = await reader.read(at, 256 * 1024)
      if (found.at !== at || !found.bytes.equals(said(index, at, found.bytes.length))) {
        wrong.push(`line ${index}: not what was said at ${at}`)
        break
      }
      at += found.bytes.length
    }
    total += at
    if (at < least) wrong.push(`line ${index}: ${least - at} of ${least} bytes are missing`)
  }
  await store.close()
  return { wrong, bytes: total }
}
