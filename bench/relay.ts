import * as z from 'zod/mini'
import { heard } from '../e2e/lab/lab.ts'
import { freePort, run } from '../e2e/lab/tools.ts'
import { missingPackages } from '../src/sandbox/machines/tied-process.ts'
import { answer, flood, type Line, openGateway, start, startRelay } from './relay-lines.ts'
import { median, quantile, report } from './report.ts'

// Compares the relay with the same hop without it, in throughput and echo.

const ROUNDS = 9
const FLOOD_BYTES = 500_000_000
const ECHOES = 2_000

/** @returns round trips of one byte, ms */
async function echo(line: Line): Promise<number[]> {
  const times: number[] = []
  for (let count = 0; count < ECHOES; count++) {
    const begun = performance.now()
    await new Promise<void>((resolve) => {
      line.onBytes = () => resolve()
      line.send('x')
    })
    times.push(performance.now() - begun)
  }
  return times
}

/**
 * Measures throughput and echo in pairs. Each side goes first equally often.
 * @param target the least throughput ratio; null: print only
 */
async function measureHop(hop: string, gateway: string, target: number | null): Promise<void> {
  const relay = await startRelay(gateway)
  const direct = { open: () => openGateway(gateway), floods: [] as number[], echoes: [] as number[][] }
  const relayed = { open: relay.open, floods: [] as number[], echoes: [] as number[][] }
  // Round -1 warms up both.
  for (let round = -1; round < ROUNDS; round++) {
    for (const arm of round % 2 === 0 ? [direct, relayed] : [relayed, direct]) {
      const line = await arm.open()
      const speed = await flood(line, FLOOD_BYTES)
      const echoes = await echo(line)
      await line.close()
      if (round < 0) continue
      arm.floods.push(speed)
      arm.echoes.push(echoes)
    }
  }
  relay.stop()
  const [speed, reference] = [median(relayed.floods), median(direct.floods)]
  // Each comparison is that of one pair, because a machine that is slow for a while is slow for both.
  const ratio = median(relayed.floods.map((flood, round) => flood / (direct.floods[round] ?? Number.NaN)))
  const added = median(
    relayed.echoes.map((times, round) => median(times) - median(direct.echoes[round] ?? [])),
  )
  const bench = 'relay'
  report({
    bench,
    metric: `throughput, ${hop}`,
    value: speed,
    unit: 'MB/s',
    reference,
    ratio,
    ...(target === null ? {} : { target, pass: ratio >= target }),
  })
  report({
    bench,
    metric: `added echo p50, ${hop}`,
    value: added,
    unit: 'ms',
    reference: median(direct.echoes.flat()),
    target: 0.1,
    pass: added <= 0.1,
  })
  const [slow, slowReference] = [quantile(relayed.echoes.flat(), 0.99), quantile(direct.echoes.flat(), 0.99)]
  report({
    bench,
    metric: `echo p99, ${hop}`,
    value: slow,
    unit: 'ms',
    reference: slowReference,
    ratio: slow / slowReference,
    target: 3,
    pass: slow <= 3 * slowReference,
  })
}

const hop = start('./relay-gateway.ts')
const { gatewayPort, serialPort } = await answer(
  hop,
  z.object({ gatewayPort: z.number(), serialPort: z.number() }),
)
await measureHop('a gateway in Node', `127.0.0.1:${gatewayPort}`, 0.8)
if (missingPackages(['websockify']).length === 0) {
  const port = await freePort()
  const websockify = run('websockify', [`127.0.0.1:${port}`, `127.0.0.1:${serialPort}`])
  await heard(websockify, port, '')
  // No target, because source, websockify, relay and reader are four processes, more than a small machine has cores.
  await measureHop('websockify', `127.0.0.1:${port}`, null)
  await websockify.stop()
}
hop.disconnect()
