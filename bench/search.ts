import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import pino from 'pino'
import { LogIndex } from '../src/server/line-log/index/log-index.ts'
import { SearchPool } from '../src/server/line-log/search/pool.ts'
import { searchLogs } from '../src/server/line-log/search/search.ts'
import type { LineReader } from '../src/server/line-log/store/store.ts'
import { stretchesOf } from '../src/server/line-log/store/stretches.ts'
import { steadyClock } from '../src/shared/clock.ts'
import { kernelLog } from '../src/testing/kernel-log.ts'
import { median, report } from './report.ts'

// How fast a log of 1 GiB is searched, with its index and without. `SIZE_MIB=256 npm run bench:search` takes less.

const MIB = 1024 * 1024
const SIZE_MIB = Number(process.env.SIZE_MIB ?? 1024)
const SEGMENT_MIB = 64
const ROUNDS = 5

const RARE = 'zebrafish'
const COMMON = 'started'
/** Two lines in each segment match. */
const REGEX = 'nvme\\d+: I/O \\d+ QID \\d+ timeout, ab[a-z]+'
const NO_LITERAL = '\\b[g-z]{3,5}\\d{7,9}[A-F]\\b'

interface Segment {
  path: string
  from: number
  bytes: number
}

console.log(JSON.stringify({ load: loadavg()[0], sizeMiB: SIZE_MIB }))
const dir = await mkdtemp(path.join(process.env.BENCH_DIR ?? tmpdir(), 'bms-console-search-'))
try {
  await run()
} finally {
  await rm(dir, { recursive: true, force: true })
}

async function run(): Promise<void> {
  const segments = await writeLog()
  const reader = readerOf(segments)
  const pool = new SearchPool(steadyClock)
  await find('warm up the workers')

  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  await scans()
  tellDelay('scan')
  const index = await makeIndex(reader)
  delay.reset()
  await indexed(index)
  tellDelay('index')
  pool.close()

  async function scans(): Promise<void> {
    await measure('rare word, no index', RARE, {})
    await measure('rare word with case, no index', RARE, { matchCase: true })
    await measure('common word, first page, no index', COMMON, {}, 500)
    await measure('regex with a literal, no index', REGEX, { regex: true }, 2_000)
    await measure('regex without a literal, no index', NO_LITERAL, { regex: true })
    await stopped()
  }

  async function indexed(file: string): Promise<void> {
    await measure('rare word', RARE, { index: file }, 200)
    await measure('common word, first page', COMMON, { index: file }, 500)
    await measure('regex with a literal', REGEX, { regex: true, index: file }, 2_000)
  }

  function tellDelay(what: string): void {
    for (const [name, ns] of [
      ['p99', delay.percentile(99)],
      ['max', delay.max],
    ] as const) {
      report({
        bench: 'search',
        metric: `event loop meanwhile, ${what}, ${name}`,
        value: ns / 1e6,
        unit: 'ms',
      })
    }
  }

  interface How {
    regex?: boolean
    matchCase?: boolean
    index?: string | null
    /** Stops the search when it has said how far it is. */
    stop?: AbortController
  }

  async function find(text: string, how: How = {}) {
    const begun = performance.now()
    let hits = 0
    let firstProgress = Number.NaN
    await searchLogs([{ reader, from: reader.start, to: reader.end }], {
      pool,
      person: 'bench',
      query: { text, regex: how.regex ?? false, matchCase: how.matchCase ?? false },
      most: 100,
      ms: 600_000,
      clock: steadyClock,
      index: how.index ?? null,
      signal: (how.stop ?? new AbortController()).signal,
      onProgress() {
        if (Number.isNaN(firstProgress)) firstProgress = performance.now() - begun
        how.stop?.abort()
      },
      onHit() {
        hits += 1
      },
    })
    return { ms: performance.now() - begun, hits, firstProgress }
  }

  async function measure(metric: string, text: string, how: How, target?: number): Promise<void> {
    const rounds: Awaited<ReturnType<typeof find>>[] = []
    for (let round = 0; round < ROUNDS; round++) rounds.push(await find(text, how))
    const ms = median(rounds.map((round) => round.ms))
    const goal = target === undefined ? {} : { target, pass: ms <= target }
    report({ bench: 'search', metric, value: ms, unit: 'ms', ...goal })
    const isPage = rounds[0]?.hits === 100
    // A first page does not look at all of the log.
    if (isPage) return
    const tenGiB = (ms * 10 * 1024) / SIZE_MIB
    report({ bench: 'search', metric: `${metric}: 10 GiB, extrapolated`, value: tenGiB, unit: 'ms' })
    if (!how.index) {
      report({
        bench: 'search',
        metric: `${metric}: speed`,
        value: (SIZE_MIB * MIB) / 1000 / ms,
        unit: 'MB/s',
      })
    }
  }

  /** A search that takes long says how far it is, and stops. */
  async function stopped(): Promise<void> {
    const times: number[] = []
    const progress: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const stop = new AbortController()
      const { firstProgress, ms } = await find(NO_LITERAL, { regex: true, stop })
      // The next search has a worker at once.
      const next = await find(COMMON)
      times.push(ms - firstProgress + next.ms)
      progress.push(firstProgress)
    }
    report({
      bench: 'search',
      metric: 'regex without a literal: first progress',
      value: median(progress),
      unit: 'ms',
    })
    report({
      bench: 'search',
      metric: 'from a stop until the next search has its first page',
      value: median(times),
      unit: 'ms',
      target: 500,
      pass: median(times) <= 500,
    })
  }
}

async function makeIndex(reader: LineReader): Promise<string> {
  const folder = path.join(dir, 'index')
  await mkdir(folder)
  const begun = performance.now()
  const index = await LogIndex.open({
    dir: folder,
    store: { lines: () => [reader.line], reader: () => reader },
    log: pino({ level: 'silent' }),
    clock: steadyClock,
  })
  await index.sweep()
  const ms = performance.now() - begun
  await index.close()
  const { size } = await stat(index.path)
  report({ bench: 'search', metric: 'index: made at', value: (SIZE_MIB * MIB) / 1000 / ms, unit: 'MB/s' })
  const share = size / (SIZE_MIB * MIB)
  report({
    bench: 'search',
    metric: 'index: share of the text',
    value: share,
    unit: '',
    target: 0.5,
    pass: share <= 0.5,
  })
  return index.path
}

/** Writes the log in segments. The rare word is in the oldest third only. */
async function writeLog(): Promise<Segment[]> {
  const segments: Segment[] = []
  let from = 0
  for (let number = 0; from < SIZE_MIB * MIB; number++) {
    const log = kernelLog(SEGMENT_MIB * MIB, number + 1)
    const middle = log.indexOf('\n', log.length / 2) + 1
    const timeout = `[ 12.5] nvme nvme${number}: I/O ${number} QID 3 timeout, aborting\r\n`
    const rare = number === Math.floor(SIZE_MIB / SEGMENT_MIB / 4) ? 'a Zebrafish swims by\r\n' : ''
    const bytes = Buffer.from(timeout + log.slice(0, middle) + rare + timeout + log.slice(middle))
    const segment = { path: path.join(dir, `${number}.seg`), from, bytes: bytes.length }
    await writeFile(segment.path, bytes)
    segments.push(segment)
    from += bytes.length
  }
  return segments
}

function readerOf(segments: readonly Segment[]): LineReader {
  const end = segments.reduce((sum, { bytes }) => sum + bytes, 0)
  return {
    line: { server: { id: 'bench', name: 'bench' }, project: null },
    start: 0,
    end,
    read: async () => ({ at: end, bytes: Buffer.alloc(0) }),
    marks: async () => [],
    timeOf: async () => 0,
    times: async () => [],
    offsetOf: async () => 0,
    stretches: () => stretchesOf(segments),
    files: async () => [...segments],
    follow: () => () => {},
  }
}
