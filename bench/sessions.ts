import { readdir, readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import * as z from 'zod/mini'
import { heard } from '../e2e/lab/lab.ts'
import { freePort, run } from '../e2e/lab/tools.ts'
import { missingPackages } from '../src/sandbox/machines/tied-process.ts'
import { answer, type Line, openGateway, start, startRelay } from './relay-lines.ts'
import { median, report } from './report.ts'

// Measures the memory of many sessions and the cost of many viewers, and compares them with websockify, which forks for
// each connection.

const bench = 'sessions'
const SESSIONS = 2_000
/** The proxy's default, BMS_CONSOLE_SCROLLBACK_KIB. */
const RING_BYTES = 1024 * 1024
const VIEWERS = 20
const ROUNDS = 5
const FLOOD_BYTES = 200_000_000
/** Each is a process, so a few show what one needs. */
const WEBSOCKIFY_CONNECTIONS = 50
/** How many are opened, filled and closed at once */
const LOT = 20

/** Makes the machine print so many bytes. Resolves when the line has them. */
function flood(line: Line, bytes: number): Promise<void> {
  let received = 0
  return new Promise((resolve) => {
    line.onBytes = (piece) => {
      received += piece.length
      if (received >= bytes) resolve()
    }
    line.send(`F${bytes}\n`)
  })
}

async function openMany(count: number, open: () => Promise<Line>): Promise<Line[]> {
  const lines: Line[] = []
  while (lines.length < count) {
    const lot = Math.min(LOT, count - lines.length)
    lines.push(...(await Promise.all(Array.from({ length: lot }, open))))
  }
  return lines
}

async function measureIdle(gateway: string): Promise<void> {
  // A heap that begins large keeps free pages, which would count as memory of the sessions.
  const relay = await startRelay(gateway, {}, null, [])
  // What a process loads once is loaded before the measurement.
  for (const line of await openMany(100, relay.open)) {
    await flood(line, RING_BYTES)
    await line.close()
  }
  const before = await relay.rss()
  const lines = await openMany(SESSIONS, relay.open)
  const each = async (kept: number) => ((await relay.rss()) - before) / SESSIONS / 1024 - kept / 1024
  report({
    bench,
    metric: `memory of each of ${SESSIONS} silent sessions`,
    value: await each(0),
    unit: 'KiB RSS',
  })
  for (let at = 0; at < lines.length; at += LOT) {
    await Promise.all(lines.slice(at, at + LOT).map((line) => flood(line, RING_BYTES)))
  }
  const beyond = await each(RING_BYTES)
  report({
    bench,
    metric: `memory of each of ${SESSIONS} idle sessions beyond its filled ring of ${RING_BYTES / 1024} KiB`,
    value: beyond,
    unit: 'KiB RSS',
    target: 64,
    pass: beyond <= 64,
  })
  relay.stop()
}

/** @returns MB/s that came to all lines together, until the first of them has the whole flood of its own */
async function throughput(lines: Line[], floods: 'one' | 'all'): Promise<number> {
  let received = 0
  const begun = performance.now()
  await Promise.all(
    lines.map((line, index) => {
      const done = index === 0 || floods === 'all' ? flood(line, FLOOD_BYTES) : undefined
      const { onBytes } = line
      line.onBytes = (bytes) => {
        received += bytes.length
        onBytes(bytes)
      }
      return done
    }),
  )
  return received / 1000 / (performance.now() - begun)
}

async function measureFanOut(gateway: string): Promise<void> {
  const relay = await startRelay(gateway)
  const single: number[] = []
  const many: number[] = []
  for (let round = -1; round < ROUNDS; round++) {
    for (const [viewers, figures] of [
      [1, single],
      [VIEWERS, many],
    ] as const) {
      const server = (round + 1) * 2 + (viewers > 1 ? 1 : 0)
      const lines: Line[] = []
      // They open one by one, so that the first has the keyboard.
      while (lines.length < viewers) lines.push(await relay.join(server))
      const speed = await throughput(lines, 'one')
      if (round >= 0) figures.push(speed)
      await Promise.all(lines.map((line) => line.close()))
    }
  }
  relay.stop()
  const ratio = median(many) / median(single)
  report({
    bench,
    metric: `throughput to all ${VIEWERS} viewers of one session, against that to one viewer`,
    value: median(many),
    unit: 'MB/s',
    reference: median(single),
    ratio,
    target: 0.5,
    pass: ratio >= 0.5,
  })
}

/** Proportional and resident bytes of the processes that websockify forked for its connections. */
async function forkedMemory(port: number): Promise<{ pss: number; rss: number; processes: number }> {
  const kib = (text: string, name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0)
  const found: { pss: number; rss: number; forked: boolean }[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    try {
      const command = await readFile(`/proc/${pid}/cmdline`, 'latin1')
      if (!command.includes('python') || !command.includes(`127.0.0.1:${port}`)) continue
      const parent = /^PPid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'latin1'))?.[1]
      const parentCommand = await readFile(`/proc/${parent}/cmdline`, 'latin1')
      const memory = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1')
      found.push({ pss: kib(memory, 'Pss'), rss: kib(memory, 'Rss'), forked: parentCommand === command })
    } catch {
      // The process ended meanwhile.
    }
  }
  const forked = found.filter((process) => process.forked)
  return {
    processes: forked.length,
    pss: forked.reduce((sum, { pss }) => sum + pss, 0) / forked.length,
    rss: forked.reduce((sum, { rss }) => sum + rss, 0) / forked.length,
  }
}

async function measureWebsockify(serialPort: number): Promise<void> {
  const port = await freePort()
  const websockify = run('websockify', [`127.0.0.1:${port}`, `127.0.0.1:${serialPort}`])
  await heard(websockify, port, '')
  const open = () => openGateway(`127.0.0.1:${port}`)
  const lines = await openMany(WEBSOCKIFY_CONNECTIONS, open)
  for (const line of lines) await flood(line, RING_BYTES)
  const { pss, rss, processes } = await forkedMemory(port)
  const metric = `memory of each of ${processes} idle websockify connections, which keep nothing`
  report({ bench, metric, value: pss, unit: 'KiB PSS' })
  report({ bench, metric, value: rss, unit: 'KiB RSS' })
  await Promise.all(lines.map((line) => line.close()))
  for (const count of [1, VIEWERS]) {
    const speeds: number[] = []
    for (let round = -1; round < ROUNDS; round++) {
      const flooded = await openMany(count, open)
      // websockify shares nothing, so each viewer needs its own serial port.
      const speed = await throughput(flooded, count === 1 ? 'one' : 'all')
      if (round >= 0) speeds.push(speed)
      await Promise.all(flooded.map((line) => line.close()))
    }
    report({
      bench,
      metric: `throughput to ${count} of websockify, each its own flood`,
      value: median(speeds),
      unit: 'MB/s',
    })
  }
  await websockify.stop()
}

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
const hop = start('./relay-gateway.ts')
const { gatewayPort, serialPort } = await answer(
  hop,
  z.object({ gatewayPort: z.number(), serialPort: z.number() }),
)
await measureIdle(`127.0.0.1:${gatewayPort}`)
await measureFanOut(`127.0.0.1:${gatewayPort}`)
if (missingPackages(['websockify']).length === 0) await measureWebsockify(serialPort)
hop.disconnect()
