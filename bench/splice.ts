import { loadavg } from 'node:os'
import * as z from 'zod/mini'
import { freePort } from '../e2e/lab/tools.ts'
import { startRedis } from '../src/testing/redis.ts'
import { answer, flood, issueTicket, type Line, openRelay, start, startRelay } from './relay-lines.ts'
import { median, quantile, report } from './report.ts'

// Compares a line that is reached through another replica with the same line at its owner: throughput of one, and the
// echo of many that type a key a second each.

const bench = 'splice'
const FLOOD_BYTES = 200_000_000
const FLOODS = 5
const SPEED_TARGET = 50
const LINES = (process.env.LINES ?? '200,2000').split(',').map(Number)
const SECONDS = Number(process.env.SECONDS ?? 8)
const ROUNDS = 3
const ADDED_TARGET_MS = 1
const LOT = 20
const TICK_MS = 4
/** Longer than a line is kept without viewers */
const APART_MS = 4_000

console.log(JSON.stringify({ bench, load: loadavg() }))
const redis = await startRedis()
const gateway = start('./relay-gateway.ts')
const { gatewayPort } = await answer(gateway, z.object({ gatewayPort: z.number() }))
const ports = [await freePort(), await freePort()] as const
const settings = async (port: number) => ({
  BMS_CONSOLE_PORT: String(port),
  BMS_CONSOLE_PUBLIC_ORIGINS: ports.map((each) => `http://127.0.0.1:${each}`).join(','),
  BMS_CONSOLE_GRACE: '1',
  BMS_CONSOLE_REDIS_URL: redis.url,
  BMS_CONSOLE_REPLICA_ADDRESS: `127.0.0.1:${await freePort()}`,
  BMS_CONSOLE_REPLICA_SECRET: 'a secret that both replicas of this share',
})
const owner = await startRelay(`127.0.0.1:${gatewayPort}`, await settings(ports[0]))
const other = await startRelay(`127.0.0.1:${gatewayPort}`, await settings(ports[1]))
/** A store that has just begun gives no line for some seconds. */
await pause(APART_MS)

const ways = {
  owner: (server: number) => owner.join(server),
  async across(server: number) {
    const id = owner.idOf(server)
    await issueTicket(owner.origin, id)
    return openRelay(other.origin, id)
  },
}
type Way = keyof typeof ways
const turns = (round: number): Way[] => (round % 2 === 0 ? ['owner', 'across'] : ['across', 'owner'])

const speeds: Record<Way, number[]> = { owner: [], across: [] }
// Round -1 warms up both.
for (let round = -1; round < FLOODS; round++) {
  for (const way of turns(round)) {
    // Each round has a line of its own.
    const line = await ways[way](2 * (round + 1) + (way === 'owner' ? 0 : 1))
    const speed = await flood(line, FLOOD_BYTES)
    await line.close()
    if (round >= 0) speeds[way].push(speed)
  }
}
const speed = median(speeds.across)
report({
  bench,
  metric: 'throughput of one line across replicas',
  value: speed,
  unit: 'MB/s',
  reference: median(speeds.owner),
  ratio: speed / median(speeds.owner),
  target: SPEED_TARGET,
  pass: speed >= SPEED_TARGET,
})

for (const count of LINES) {
  const medians: Record<Way, number[]> = { owner: [], across: [] }
  const tails: Record<Way, number[]> = { owner: [], across: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of turns(round)) {
      await pause(APART_MS)
      const lines = await openMany(count, ways[way])
      const times = await typing(lines)
      medians[way].push(median(times))
      tails[way].push(quantile(times, 0.99))
      await Promise.all(lines.map((line) => line.close()))
    }
  }
  const [p50, reference] = [median(medians.across), median(medians.owner)]
  const added = p50 - reference
  report({
    bench,
    metric: `added echo p50 across replicas, ${count} lines of a key a second`,
    value: added,
    unit: 'ms',
    reference,
    target: ADDED_TARGET_MS,
    pass: added <= ADDED_TARGET_MS,
  })
  report({
    bench,
    metric: `echo p99 across replicas, ${count} lines of a key a second`,
    value: median(tails.across),
    unit: 'ms',
    reference: median(tails.owner),
  })
}
for (const relay of [owner, other]) relay.stop()
gateway.disconnect()
await redis.stop()

async function openMany(count: number, open: (server: number) => Promise<Line>): Promise<Line[]> {
  const lines: Line[] = []
  while (lines.length < count) {
    const first = lines.length
    const lot = Array.from({ length: Math.min(LOT, count - first) }, (_, index) => open(first + index))
    lines.push(...(await Promise.all(lot)))
  }
  return lines
}

/** Types a key a second on each line, spread over the second. @returns the echoes, ms */
async function typing(lines: readonly Line[]): Promise<number[]> {
  const times: number[] = []
  const begun = performance.now()
  let sent = 0
  const due = () => Math.floor(((performance.now() - begun) / 1_000) * lines.length)
  while (performance.now() - begun < SECONDS * 1_000) {
    for (; sent < due(); sent++) {
      const line = lines[sent % lines.length]
      if (!line) continue
      const at = performance.now()
      line.onBytes = () => times.push(performance.now() - at)
      line.send('x')
    }
    await pause(TICK_MS)
  }
  await pause(1_000)
  if (times.length < sent) throw new Error(`${sent - times.length} of ${sent} keys did not come back`)
  return times
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
