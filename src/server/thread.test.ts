import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { coreTime, threadNumber } from './thread.ts'

const PATIENCE_MS = 5_000
const ENOUGH_MS = 30

it.runIf(existsSync('/proc/self/schedstat'))('tells how long a thread had a core', () => {
  const now = () => coreTime(threadNumber()) ?? Number.NaN
  const [before, began] = [now(), performance.now()]
  while (now() - before < ENOUGH_MS && performance.now() - began < PATIENCE_MS);
  const [had, passed] = [now() - before, performance.now() - began]
  expect(had).toBeGreaterThanOrEqual(ENOUGH_MS)
  // The system counts in pieces of some ms.
  expect(had).toBeLessThan(passed + 20)
})

it('does not know the time of a thread that is not there', () => {
  expect(coreTime(0)).toBeNull()
})
