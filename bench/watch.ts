import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod/mini'
import { checkCapture } from '../src/testing/line-capture.ts'
import { answer, start, startRelay } from './relay-lines.ts'
import { quantile, report } from './report.ts'

// Thousands of lines are watched through the relay, and somebody types on another line meanwhile. At the end every byte
// on disk is compared with what was said. The reference is the same without a folder.

const bench = 'watch'
const SECONDS = Number(process.env.SECONDS ?? 60)
const LINES = 2_000
const BURSTS = 20
/** Nobody speaks on this one, and a viewer types there. */
const TYPED = LINES + 50
const ECHO_MS = 20
const ECHO_TARGET_MS = 50
/** So long a line may take to come, when all are opened at once. */
const OPEN_MS = 240_000
const MIB = 1024 * 1024

const State = z.object({ connected: z.number(), ends: z.array(z.number()) })

async function measure(dir: string | null) {
  const gateway = start('./speaking-gateway.ts', {}, [], [`${LINES},${BURSTS}`])
  const { gatewayPort } = await answer(gateway, z.object({ gatewayPort: z.number() }))
  const tell = (message: 'state' | 'speak' | 'hush') => {
    gateway.send(message)
    return answer(gateway, State)
  }
  const relay = await startRelay(`127.0.0.1:${gatewayPort}`, {
    BMS_CONSOLE_WATCH: 'all',
    BMS_CONSOLE_WATCH_LINKS_PER_HOUR: '100000',
    ...(dir ? { BMS_CONSOLE_LINE_LOG_DIR: dir } : {}),
  })
  const begun = performance.now()
  while ((await tell('state')).connected < LINES) {
    if (performance.now() - begun > OPEN_MS) throw new Error('Some lines were not opened.')
    await delay(1_000)
  }
  const opened = (performance.now() - begun) / 1000
  const line = await relay.join(TYPED)
  const [cpu, rss] = [await relay.cpu(), await relay.rss()]
  await tell('speak')
  const echoes: number[] = []
  const until = performance.now() + SECONDS * 1000
  while (performance.now() < until) {
    const sent = performance.now()
    await new Promise<void>((resolve) => {
      line.onBytes = () => resolve()
      line.send('x')
    })
    echoes.push(performance.now() - sent)
    await delay(ECHO_MS)
  }
  const { ends } = await tell('hush')
  const used = { cpu: ((await relay.cpu()) - cpu) / SECONDS / 10, rss: (await relay.rss()) / MIB }
  await line.close()
  await relay.close()
  gateway.disconnect()
  return { ends, echoes, opened, ...used, rssBefore: rss / MIB }
}

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
const alone = await measure(null)
const dir = await mkdtemp(join(process.env.BENCH_DIR ?? tmpdir(), 'bench-watch-'))
try {
  const kept = await measure(dir)
  const name = `${LINES} watched lines at 200 B/s, ${BURSTS} of them at 50 KB/s`
  report({ bench, metric: `${LINES} lines open`, value: kept.opened, unit: 's' })
  report({
    bench,
    metric: `${name}: processor time`,
    value: kept.cpu,
    unit: '% of a core',
    reference: alone.cpu,
  })
  report({ bench, metric: `${name}: memory`, value: kept.rss, unit: 'MiB RSS', reference: alone.rss })
  const [p99, reference] = [quantile(kept.echoes, 0.99), quantile(alone.echoes, 0.99)]
  report({
    bench,
    metric: `echo p99 of another line meanwhile, ${kept.echoes.length} echoes`,
    value: p99,
    unit: 'ms',
    reference,
    target: ECHO_TARGET_MS,
    pass: p99 <= ECHO_TARGET_MS,
  })
  const { wrong, bytes } = await checkCapture(dir, kept.ends)
  for (const each of wrong.slice(0, 10)) console.error(each)
  report({
    bench,
    metric: 'lines that are not on disk as they were said',
    value: wrong.length,
    unit: 'lines',
    target: 0,
    pass: wrong.length === 0,
  })
  report({ bench, metric: 'compared', value: bytes / MIB, unit: 'MiB' })
} finally {
  await rm(dir, { recursive: true, force: true })
}
process.exit()
