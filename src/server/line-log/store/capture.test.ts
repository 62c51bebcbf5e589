import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { checkCapture, startCapture } from '../../../testing/line-capture.ts'

let dir = ''

afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

it('keeps what hundreds of lines say, and loses less than a second when it is killed', async () => {
  dir = await mkdtemp(join(tmpdir(), 'line-log-capture-'))
  const load = {
    dir,
    lines: 300,
    rate: 200,
    piece: 20,
    bursts: 5,
    burstRate: 50_000,
    stores: true,
    tellMs: 50,
  }
  const killed = await startCapture(load)
  await delay(2_500)
  const at = await killed.kill()
  // A message may come late, so that it counts what was said after its time.
  const known = killed.told.findLast((told) => told.at <= at - 1_000)
  expect(known?.ends.some((end) => end > 100)).toBe(true)
  const after = await checkCapture(dir, known?.ends ?? [])
  expect(after.wrong).toEqual([])

  const closed = await startCapture(load)
  await delay(1_500)
  const { ends } = await closed.close()
  const whole = await checkCapture(dir, ends)
  expect(whole.wrong).toEqual([])
  expect(whole.bytes).toBe(ends.reduce((sum, end) => sum + end, 0))
})
