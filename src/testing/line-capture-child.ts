import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { machineDisk } from '../server/line-log/store/disk.ts'
import { DiskStore } from '../server/line-log/store/disk-store.ts'
import { CaptureLoad, limits, lineRef, said } from './line-capture.ts'

// Lines that speak, and a store that keeps what they say, until the parent ends or kills this process.

const load = CaptureLoad.parse(JSON.parse(process.argv[2] ?? '{}'))
/** A line has its turn so often. */
const TURNS = 10
const TURN_MS = 10
const MOST_PIECE = 4096

let writtenBytes = 0
let syncs = 0
const log = { warn: console.error, error: console.error }
const store = load.stores
  ? await DiskStore.open({
      dir: load.dir,
      ...limits,
      log,
      disk: {
        ...machineDisk,
        async write(path, at, bytes, sync) {
          if (sync !== 'later') syncs += 1
          for (const { length } of bytes) writtenBytes += length
          await machineDisk.write(path, at, bytes, sync)
        },
        async sync(path, isNew) {
          syncs += 1
          await machineDisk.sync(path, isNew)
        },
      },
    })
  : null
const lines = await Promise.all(
  Array.from({ length: load.lines }, async (_, index) => {
    const writer = store ? await store.open(lineRef(index)) : null
    const rate = index < load.bursts ? load.burstRate : load.rate
    // They do not all speak at the same moment.
    return { index, writer, rate, end: writer?.end ?? 0, due: ((index % 97) / 97) * load.piece }
  }),
)
globalThis.gc?.()
const loop = monitorEventLoopDelay({ resolution: 5 })
loop.enable()
const began = performance.now()
const cpu = process.cpuUsage()
const ends = () => lines.map((line) => line.writer?.end ?? line.end)
process.on('message', () => void close())
process.on('disconnect', () => process.exit())
process.send?.('begun')

let ended = false
let before = performance.now()
let turn = 0
let toldAt = performance.now()
while (true) {
  await delay(TURN_MS)
  if (ended) break
  const now = performance.now()
  const seconds = ((now - before) * TURNS) / 1000
  before = now
  for (let at = turn; at < lines.length; at += TURNS) speak(lines[at], seconds)
  turn = (turn + 1) % TURNS
  if (load.tellMs > 0 && now - toldAt >= load.tellMs) {
    toldAt = now
    process.send?.({ at: Date.now(), ends: ends() })
  }
}

function speak(line: (typeof lines)[number] | undefined, seconds: number): void {
  if (!line) return
  line.due += line.rate * seconds
  while (line.due >= load.piece) {
    const bytes = said(line.index, line.end, Math.min(MOST_PIECE, Math.floor(line.due)))
    line.writer?.append(bytes, Date.now())
    line.end += bytes.length
    line.due -= bytes.length
  }
}

async function close(): Promise<void> {
  ended = true
  const used = process.cpuUsage(cpu)
  const seconds = (performance.now() - began) / 1000
  globalThis.gc?.()
  const { rss } = process.memoryUsage()
  const said = ends()
  const figures = { writtenBytes, syncs, loopDelayP99: loop.percentile(99) / 1e6 }
  await store?.close()
  process.send?.({ seconds, cpuMs: (used.user + used.system) / 1000, rss, ...figures, ends: said }, () =>
    process.exit(),
  )
}
