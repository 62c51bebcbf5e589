import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { encodeEvent, encodeHeader } from '../../recordings/cast.ts'
import { coreTime, threadNumber } from '../../thread.ts'
import { poolLimits } from './pool.ts'
import type { RecordingTurn } from './turn.ts'
import { SearchWorker } from './worker.ts'

const STUCK_MS = 10_000
const { signal } = new AbortController()

async function turnFor(text: string, said: string): Promise<RecordingTurn> {
  const path = join(tmpdir(), `${crypto.randomUUID()}.cast`)
  onTestFinished(() => rm(path))
  await writeFile(path, encodeHeader({ title: 't', startedAt: 0 }) + encodeEvent([1, 'o', `${said}\r\n`]))
  return {
    kind: 'recording',
    query: { text, regex: true, matchCase: false },
    source: { kind: 'cast', path },
    ...{ from: null, to: null, before: null, most: 1, ms: 60_000 },
  }
}

/** A worker that listens, and knows no time but the test's */
async function startedWorker() {
  const clock = new ManualClock()
  const worker = new SearchWorker(clock, { ...poolLimits, stuckMs: STUCK_MS }, undefined)
  onTestFinished(worker.end)
  await worker.work(await turnFor('a', 'a'), signal)
  return { clock, worker }
}

const wait = async (clock: ManualClock, times: number) => {
  for (let count = 0; count < times; count++) {
    await turnOfLoop()
    clock.advance(STUCK_MS)
  }
  await turnOfLoop()
}

// Only the clock goes on: the thread had no core for most of the time that passes on it.
it.skipIf(coreTime(threadNumber()) === null)('waits for a thread that gets no core', async () => {
  const { clock, worker } = await startedWorker()
  const turned = worker.work(await turnFor('tick', 'tick '.repeat(100_000)), signal)
  await wait(clock, 5)
  expect(await turned).toMatchObject({ kind: 'done', scanned: { found: [expect.anything()] } })
})

it.skipIf(coreTime(threadNumber()) === null)('does not wait for it for ever', async () => {
  const { clock, worker } = await startedWorker()
  let ended = false
  worker.onEnd(() => {
    ended = true
  })
  const turned = worker.work(await turnFor('^(a+)+$', `${'a'.repeat(60)}!`), signal)
  let waits = 0
  for (; !ended && waits < 20; waits++) await wait(clock, 1)
  expect(waits).toBeGreaterThanOrEqual(6)
  expect(await turned).toEqual({ kind: 'too-hard' })
})
