import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pMap from 'p-map'
import { paths } from '../src/shared/api.ts'
import { RecordingList } from '../src/shared/recording.ts'
import { startApp } from './app.ts'
import { median, report } from './report.ts'

// The list of very many recordings: one reader, then ten at once.

const bench = 'recordings'
const RECORDINGS = 20_000
const SERVERS = 2_000
const DAY_S = 86_400
const ROUNDS = 9
const AT_ONCE = 10

const dir = await mkdtemp(join(tmpdir(), 'bms-console-bench-'))
const newest = Date.now()
await pMap(
  Array.from({ length: RECORDINGS }, (_, at) => at),
  async (at) => {
    const id = randomUUID()
    const startedAt = new Date(newest - ((at * 20 * DAY_S) / RECORDINGS) * 1000).toISOString()
    const facts = {
      id,
      serverId: `server-${at % SERVERS}`,
      serverName: `bms-${at % SERVERS}`,
      project: null,
      sessionId: id,
      startedBy: 'anna',
      startedById: 'anna-1',
      startedAt,
      endedAt: startedAt,
      duration: 0,
      bytes: 0,
      lostBytes: 0,
      state: 'complete',
      reason: 'anna stopped it.',
    }
    // Half of them are files of earlier versions.
    const isFile = at % 2 === 0
    const range = isFile ? null : { store: randomUUID(), from: at, to: at }
    await writeFile(join(dir, `${id}.json`), JSON.stringify({ ...facts, range }))
    await writeFile(join(dir, `${id}.${isFile ? 'cast' : 'notes'}`), '')
  },
  { concurrency: 64 },
)

const began = performance.now()
const { origin, close } = await startApp({
  transport: 'relay',
  gateway: '127.0.0.1:1',
  env: { BMS_CONSOLE_RECORDINGS: 'on-demand', BMS_CONSOLE_RECORDINGS_DIR: dir },
})
report({
  bench,
  metric: `start with ${RECORDINGS} recordings`,
  value: performance.now() - began,
  unit: 'ms',
})

async function list(): Promise<void> {
  const answer = await fetch(origin + paths.recordings({}))
  const { recordings } = RecordingList.parse(await answer.json())
  if (recordings.length === 0) throw new Error('The list is empty.')
}

const timed = async (run: () => Promise<unknown>) => {
  const times: number[] = []
  for (let round = -1; round < ROUNDS; round++) {
    const begun = performance.now()
    await run()
    if (round >= 0) times.push(performance.now() - begun)
  }
  return median(times)
}
const one = await timed(list)
report({ bench, metric: 'list', value: one, unit: 'ms', target: 100, pass: one <= 100 })
const all = await timed(() => Promise.all(Array.from({ length: AT_ONCE }, list)))
report({
  bench,
  metric: `${AT_ONCE} lists at once`,
  value: all,
  unit: 'ms',
  target: 1_000,
  pass: all <= 1_000,
})
await close()
await rm(dir, { recursive: true })
