import { expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { AcceptedJobs } from './accepted-jobs.ts'

it('are known to each replica of a store, and seen to end by one', async () => {
  const clock = new ManualClock()
  const store = new MemoryStore(clock)
  const [here, there] = [new AcceptedJobs(store, clock), new AcceptedJobs(store, clock)]
  await here.add('web-1', 'job-1', 'reboot')
  clock.advance(5_000)
  expect(await there.take('web-2', 'job-1')).toBeNull()
  expect(await there.take('web-1', 'job-1')).toEqual({ action: 'reboot', ms: 5_000 })
  expect(await here.take('web-1', 'job-1')).toBeNull()
})

it('fill no memory when nobody asks how they end', async () => {
  const clock = new ManualClock()
  const store = new MemoryStore(clock)
  const jobs = new AcceptedJobs(store, clock)
  for (let job = 0; job < 2_500; job++) await jobs.add('web-1', `job-${job}`, 'power-on')
  expect(store.size).toBe(2_000)
  expect(await jobs.take('web-1', 'job-499')).toBeNull()
  expect(await jobs.take('web-1', 'job-500')).not.toBeNull()
})
