import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type CaptureLoad, checkCapture, startCapture, type Used } from '../src/testing/line-capture.ts'
import { report } from './report.ts'

// Thousands of simulated lines speak, and the store keeps what they say, in a process of its own. At the end every byte
// on disk is compared with what was said.

const bench = 'capture'
const SECONDS = Number(process.env.SECONDS ?? 60)
const KILLS = Number(process.env.KILLS ?? 0)
const MIB = 1024 * 1024
/** Nobody who types may wait longer, whatever else the process does. */
const LOOP_TARGET_MS = 50

const dir = await mkdtemp(join(process.env.BENCH_DIR ?? tmpdir(), 'bench-capture-'))
const talking = { lines: 2_000, rate: 200, piece: 20, bursts: 20, burstRate: 50_000 }
const silent = { lines: 5_000, rate: 2, piece: 120, bursts: 0, burstRate: 0 }
const loadOf = (speech: typeof talking, change: Partial<CaptureLoad> = {}): CaptureLoad => ({
  ...speech,
  dir: join(dir, `${speech.lines}`),
  stores: true,
  tellMs: 0,
  ...change,
})

async function run(load: CaptureLoad, seconds: number): Promise<Used> {
  const capture = await startCapture(load)
  await delay(seconds * 1000)
  return capture.close()
}

async function measure(name: string, speech: typeof talking): Promise<void> {
  const load = loadOf(speech)
  const alone = await run({ ...load, stores: false }, Math.min(15, SECONDS))
  const used = await run(load, SECONDS)
  const share = ({ cpuMs, seconds }: Used) => (cpuMs / seconds / 1000) * 100
  const figure = (metric: string, value: number, unit: string, reference?: number) =>
    report({
      bench,
      metric: `${name}: ${metric}`,
      value,
      unit,
      ...(reference === undefined ? {} : { reference }),
    })
  figure('processor time, against lines that speak to nobody', share(used), '% of a core', share(alone))
  figure('memory, against the same', used.rss / MIB, 'MiB RSS', alone.rss / MIB)
  figure(
    'said by a line',
    used.ends.reduce((sum, end) => sum + end, 0) / load.lines / used.seconds,
    'bytes/s',
  )
  figure('written for a line', used.writtenBytes / load.lines / used.seconds, 'bytes/s')
  figure('syncs', used.syncs / used.seconds, 'a second')
  report({
    bench,
    metric: `${name}: event loop delay p99`,
    value: used.loopDelayP99,
    unit: 'ms',
    reference: alone.loopDelayP99,
    target: LOOP_TARGET_MS,
    pass: used.loopDelayP99 <= LOOP_TARGET_MS,
  })
  await check(`${name}: lines that are not on disk as they were said`, load, used.ends)
}

async function check(metric: string, load: CaptureLoad, ends: readonly number[]): Promise<void> {
  const { wrong, bytes } = await checkCapture(load.dir, ends)
  for (const each of wrong.slice(0, 10)) console.error(each)
  report({ bench, metric, value: wrong.length, unit: 'lines', target: 0, pass: wrong.length === 0 })
  report({ bench, metric: 'compared', value: bytes / MIB, unit: 'MiB' })
}

/** Kills the process again and again. Each time, all that was said until a second before must be there. */
async function kill(): Promise<void> {
  const load = loadOf(talking, { dir: join(dir, 'kills'), tellMs: 100 })
  let worst = 0
  for (let round = 1; round <= KILLS; round += 1) {
    const capture = await startCapture(load)
    // At any moment between two writes
    await delay(3_000 + Math.random() * 2_000)
    const at = await capture.kill()
    const known = capture.told.findLast((told) => told.at <= at - 1_000)
    const { wrong } = await checkCapture(load.dir, known?.ends ?? [])
    for (const each of wrong.slice(0, 3)) console.error(`kill ${round}: ${each}`)
    worst = Math.max(worst, wrong.length)
  }
  report({
    bench,
    metric: `lines that lost more than a second in the worst of ${KILLS} kills`,
    value: worst,
    unit: 'lines',
    target: 0,
    pass: worst === 0,
  })
}

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
try {
  if (KILLS > 0) await kill()
  else {
    await measure('2,000 lines at 200 B/s, 20 of them at 50 KB/s', talking)
    await measure('5,000 mostly silent lines', silent)
  }
} finally {
  await rm(dir, { recursive: true, force: true })
}
