import { once } from 'node:events'
import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod/mini'
import { answer, type Line, start, startRelay } from './relay-lines.ts'
import { quantile, report } from './report.ts'

// Takes the gateway away from many sessions at once, and brings it back: how often is the cloud asked, and how long does
// it take until every session has its line again?

const bench = 'storm'
const SESSIONS = 2_000
const LOT = 20
const OUTAGE_MS = 15_000
/** A line that is not back by then is told as lost. */
const LIMIT_MS = 300_000

/** Resolves with the time when the machine answers on the line again. */
function back(line: Line): Promise<number> {
  return new Promise((resolve) => {
    line.onState = (gateway) => {
      if (gateway === 'open') line.send('x')
    }
    line.onBytes = () => resolve(Date.now())
  })
}

/** The most of the times that lie within any one second. */
function mostInASecond(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  let most = 0
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while ((sorted[to] ?? 0) - (sorted[from] ?? 0) >= 1_000) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
const port = z.object({ gatewayPort: z.number() })
const gateway = start('./relay-gateway.ts')
const { gatewayPort } = await answer(gateway, port)
const relay = await startRelay(`127.0.0.1:${gatewayPort}`)
const lines: Line[] = []
while (lines.length < SESSIONS) lines.push(...(await Promise.all(Array.from({ length: LOT }, relay.open))))

const returns = lines.map(back)
const gone = Date.now()
gateway.kill('SIGKILL')
await once(gateway, 'exit')
await delay(OUTAGE_MS)
const second = start('./relay-gateway.ts', { BENCH_GATEWAY_PORT: String(gatewayPort) })
await answer(second, port)
const there = Date.now()
const times = await Promise.all(
  returns.map((each) => Promise.race([each, delay(LIMIT_MS, undefined, { ref: false })])),
)
const waits = times.flatMap((time) => (time === undefined ? [] : [(time - there) / 1000]))
const calls = (await relay.cloudCalls()).filter((at) => at >= gone)

// 50 are to begin in a second (consoles/pace.ts). A busy machine makes up for what it was late with.
const MOST = 75
const peak = mostInASecond(calls)
report({
  bench,
  metric: `calls to the cloud in the worst second after ${SESSIONS} sessions lost their gateway`,
  value: peak,
  unit: 'calls/s',
  target: MOST,
  pass: peak <= MOST,
})
report({ bench, metric: 'calls to the cloud until all were back', value: calls.length, unit: 'calls' })
report({ bench, metric: 'time until half of them were back', value: quantile(waits, 0.5), unit: 's' })
const all = quantile(waits, 1)
report({
  bench,
  metric: `time from the gateway's return, after ${OUTAGE_MS / 1000} s, until all were back`,
  value: all,
  unit: 's',
  target: 60,
  pass: all <= 60,
})
const lost = SESSIONS - waits.length
report({
  bench,
  metric: 'sessions that did not come back',
  value: lost,
  unit: 'sessions',
  target: 0,
  pass: lost === 0,
})
relay.stop()
second.disconnect()
process.exit()
