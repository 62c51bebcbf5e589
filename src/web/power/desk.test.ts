import { expect, it } from 'vitest'
import type { Failure } from '../../shared/cause.ts'
import type { PowerProgress } from '../../shared/power.ts'
import { ManualClock } from '../../testing/clock.ts'
import { testServer } from '../../testing/server.ts'
import { PowerDesk, type PowerWays } from './desk.ts'
import { countOf } from './many.ts'

class Refused extends Error {
  constructor(readonly failure: Failure) {
    super(failure.cause)
  }
}

const settled = () => new Promise<void>((done) => setImmediate(done))
const [a, b] = [testServer({ id: 'a', name: 'a' }), testServer({ id: 'b', name: 'b' })]

function start(ways: Partial<PowerWays> = {}) {
  const clock = new ManualClock()
  const asked: string[] = []
  const progress = new Map<string, PowerProgress>()
  const desk = new PowerDesk(
    {
      async power(id, action) {
        asked.push(`${action} ${id}`)
        return { job: `job-${id}` }
      },
      async job(id, job) {
        asked.push(job)
        return progress.get(id) ?? { state: 'running' }
      },
      async server(id) {
        asked.push(`look ${id}`)
        return testServer({ id, name: id, power: 'off', status: 'stopped' })
      },
      changed: () => void asked.push('list'),
      failureOf: (error) => (error instanceof Refused ? error.failure : { cause: 'proxy-error' }),
      ...ways,
    },
    clock,
  )
  const pass = async (ms: number) => {
    clock.advance(ms)
    await settled()
  }
  const count = () => {
    const [entry] = desk.get().runs
    return entry ? countOf(entry.run) : null
  }
  return { desk, asked, progress, pass, count, clock }
}

it('asks for each server, follows each to its end, and then sees the servers as they are', async () => {
  const { desk, asked, progress, pass, count, clock } = start()
  desk.ask('power-off', [a, b])
  expect(desk.get().question).toEqual({ action: 'power-off', servers: [a, b] })
  desk.begin('power-off', [a, b])
  await settled()
  expect(desk.get()).toMatchObject({ question: null, shown: 1 })
  expect(asked.splice(0)).toEqual(['power-off a', 'power-off b'])
  await pass(2_000)
  expect(asked.splice(0)).toEqual(['job-a', 'job-b'])
  progress.set('a', { state: 'done' })
  progress.set('b', { state: 'failed', failure: { cause: 'cloud-error', detail: 'no controller' } })
  await pass(2_000)
  await settled()
  expect(asked.splice(0).sort()).toEqual(['job-a', 'job-b', 'list', 'look a', 'look b'])
  expect(count()).toMatchObject({ done: 1, failed: 1 })
  expect(desk.get().runs[0]?.run.tasks.map(({ server }) => server.power)).toEqual(['off', 'off'])
  expect(clock.pending).toBe(0)
  desk.askAgain(1)
  expect(desk.get()).toMatchObject({ question: { action: 'power-off', servers: [{ id: 'b' }] }, runs: [] })
})

it('loses nothing where a timer runs a little early and the clock moves on meanwhile', async () => {
  const looked: string[] = []
  let now = 0
  const timers: { at: number; run: () => void }[] = []
  // Each reading is a little later than the one before, and a timer ends a little before its time, as in a browser.
  const clock = {
    now: () => (now += 0.04),
    after(ms: number, run: () => void) {
      const timer = { at: now + ms - 0.06, run }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
  }
  const desk = new PowerDesk(
    {
      power: async () => ({ job: 'job' }),
      async job(id) {
        looked.push(id)
        return { state: 'running' }
      },
      server: async () => a,
      changed() {},
      failureOf: () => ({ cause: 'proxy-error' }),
    },
    clock,
  )
  desk.begin('reboot', [a])
  for (let turns = 0; turns < 100; turns++) {
    await settled()
    const next = timers.shift()
    if (!next) break
    now = Math.max(now, next.at)
    next.run()
  }
  expect(looked.length).toBeGreaterThan(20)
})

it('goes on when its dialog is closed, and is forgotten when it is over and closed', async () => {
  const { desk, progress, pass, count } = start()
  desk.begin('reboot', [a])
  desk.hide()
  expect(desk.get()).toMatchObject({ shown: null, runs: [{ id: 1 }] })
  progress.set('a', { state: 'done' })
  await settled()
  await pass(2_000)
  expect(count()).toMatchObject({ done: 1 })
  desk.show(1)
  desk.hide()
  expect(desk.get().runs).toEqual([])
})

it('goes on where the cloud allows it again', async () => {
  let throttled = true
  const { desk, pass, count, asked } = start({
    async power(id) {
      if (!throttled) return { job: null }
      throttled = false
      throw new Refused({ cause: 'throttled', retryAfter: 3, detail: id })
    },
  })
  desk.begin('power-off', [a])
  await settled()
  expect(count()).toMatchObject({ waiting: 1 })
  await pass(3_000)
  expect(count()).toMatchObject({ running: 1 })
  await pass(2_000)
  expect([count()?.done, asked]).toEqual([1, ['look a', 'list']])
})

it('tells nothing of one that was followed quietly and went well, and keeps one that failed', async () => {
  const { desk, progress, pass } = start()
  desk.follow('power-off', a, { job: 'job-a' })
  desk.follow('power-off', b, { job: 'job-b' })
  progress.set('a', { state: 'done' })
  progress.set('b', { state: 'failed', failure: { cause: 'cloud-error' } })
  await pass(2_000)
  await settled()
  expect(desk.get().runs.map(({ id, quiet }) => [id, quiet])).toEqual([[2, true]])
})

it('forgets everything for the next person, and looks no more', async () => {
  const { desk, asked, pass, clock } = start()
  desk.begin('reboot', [a])
  await settled()
  desk.ask('reboot', [b])
  desk.clear()
  asked.length = 0
  await pass(60_000)
  expect([desk.get(), asked, clock.pending]).toEqual([{ question: null, runs: [], shown: null }, [], 0])
})
