import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { coreTime, threadNumber } from './thread.ts'

const STATISTICS = '/proc/self/schedstat'

it.runIf(existsSync(STATISTICS))('tells how long a thread had a core', async () => {
  const thread = threadNumber()
  const before = coreTime(thread) ?? Number.NaN
  const began = process.cpuUsage()
  while (process.cpuUsage(began).user < 60_000);
  const after = coreTime(thread) ?? Number.NaN
  expect(after - before).toBeGreaterThan(30)
})

it('does not know the time of a thread that is not there', () => {
  expect(coreTime(0)).toBeNull()
})
