import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod/mini'
import { answer, type Line, start, startRelay } from './relay-lines.ts'
import { median, quantile, report } from './report.ts'

// Runs the relay for so many minutes with 500 sessions, and hostile viewers among them: memory must stay flat, and
// nobody else may notice.

const MINUTES = Number(process.argv[2] ?? 30)
/** Four more are the hostile ones' own. */
const SESSIONS = 496
const LOT = 20
/** Each types a byte so often. */
const TYPES_MS = 2_000
/** A byte without an echo for so long is lost. */
const LOST_MS = 5_000
const SAMPLE_MS = 30_000
const MIB = 1024 * 1024
const bench = 'soak'

/** @returns ms until the byte comes back */
async function echo(line: Line): Promise<number> {
  const begun = performance.now()
  const heard = new Promise<void>((resolve) => {
    line.onBytes = () => resolve()
  })
  line.send('x')
  await Promise.race([heard, delay(LOST_MS, undefined, { ref: false })])
  return performance.now() - begun
}

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
const port = z.object({ gatewayPort: z.number() })
const hop = start('./relay-gateway.ts')
// In real life the hostile viewers and their flood are other machines'. Here they may take only what the others leave.
const AFTER_THE_OTHERS = 10
const hostileHop = start('./relay-gateway.ts')
setPriority(hostileHop.pid ?? 0, AFTER_THE_OTHERS)
const gateways = await Promise.all([hop, hostileHop].map((each) => answer(each, port)))
const [gateway = '', hostileGateway = ''] = gateways.map(({ gatewayPort }) => `127.0.0.1:${gatewayPort}`)
const folder = await mkdtemp(join(tmpdir(), 'soak-recordings-'))
const relay = await startRelay(
  gateway,
  {
    BMS_CONSOLE_RECORDINGS: 'on-demand',
    BMS_CONSOLE_RECORDINGS_DIR: folder,
    BMS_CONSOLE_RECORDINGS_TOTAL_MIB: '100',
  },
  { gateway: hostileGateway, from: SESSIONS },
)
const lines: Line[] = []
while (lines.length < SESSIONS) {
  const lot = Math.min(LOT, SESSIONS - lines.length)
  lines.push(...(await Promise.all(Array.from({ length: lot }, relay.open))))
}

const until = performance.now() + MINUTES * 60_000
let times: number[] = []
const typing = lines.map(async (line) => {
  await delay(Math.random() * TYPES_MS)
  while (performance.now() < until) {
    times.push(await echo(line))
    await delay(TYPES_MS)
  }
})
// The first part is without hostile viewers, and shows what the machine itself takes.
await delay(Math.min(60_000, MINUTES * 12_000))
const reference = quantile(times, 0.99)
report({ bench, metric: 'echo p99 before the hostile viewers come', value: reference, unit: 'ms' })
times = []
const hostiles = start('./soak-hostiles.ts', { SOAK_ORIGIN: relay.origin, SOAK_FIRST: String(SESSIONS) })
setPriority(hostiles.pid ?? 0, AFTER_THE_OTHERS)
const attacked = { at: performance.now(), cpu: await relay.cpu() }
const memory: number[] = []
let reported = 0
while (performance.now() < until) {
  await delay(Math.min(SAMPLE_MS, Math.max(0, until - performance.now())))
  memory.push((await relay.rss()) / MIB)
  const recent = times.slice(reported)
  reported = times.length
  report({ bench, metric: 'relay memory', value: memory.at(-1) ?? 0, unit: 'MiB RSS' })
  report({ bench, metric: 'echo p99 in the last half minute', value: quantile(recent, 0.99), unit: 'ms' })
}
await Promise.all(typing)
const busy = ((await relay.cpu()) - attacked.cpu) / (performance.now() - attacked.at)
report({ bench, metric: 'what the relay used of a core under attack', value: busy, unit: 'cores' })

// What the first quarter needed is the warm-up's.
const quarter = Math.max(1, Math.floor(memory.length / 4))
const early = median(memory.slice(quarter, 2 * quarter))
const late = median(memory.slice(-quarter))
const flat = early * 1.1 + 16
report({
  bench,
  metric: `relay memory of ${SESSIONS + 4} sessions after ${MINUTES} minutes with hostile viewers, against early on`,
  value: late,
  unit: 'MiB RSS',
  reference: early,
  target: flat,
  pass: late <= flat,
})
const p99 = quantile(times, 0.99)
report({
  bench,
  metric: `echo p99 of everybody else, ${times.length} echoes`,
  value: p99,
  unit: 'ms',
  reference,
  target: 50,
  pass: p99 <= 50,
})
const lost = times.filter((time) => time >= LOST_MS).length
report({
  bench,
  metric: 'echoes that did not come',
  value: lost,
  unit: 'echoes',
  target: 0,
  pass: lost === 0,
})
hostiles.disconnect()
relay.stop()
hop.disconnect()
hostileHop.disconnect()
await rm(folder, { recursive: true, force: true })
process.exit()
