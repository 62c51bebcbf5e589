import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Failure } from '../../shared/cause.ts'
import type { PowerAction, Server } from '../../shared/server.ts'
import { testServer } from '../../testing/server.ts'
import {
  acceptedRun,
  beginRun,
  countOf,
  dueAt,
  dueNow,
  failedOf,
  GIVE_UP_MS,
  isOver,
  isSettled,
  LATE_MS,
  type Run,
  type RunEvent,
  reduceRun,
  type Seen,
  troubleFirst,
} from './many.ts'

const servers = (count: number) =>
  Array.from({ length: count }, (_, index) => testServer({ id: `s${index}` }))

/** Applies events at a moment. */
const apply = (run: Run, now: number, ...events: RunEvent[]) =>
  events.reduce((before, event) => reduceRun(before, event, now), run)
const accepted = (id: string, job: string | null = `job of ${id}`): RunEvent[] => [
  { type: 'asked', id },
  { type: 'accepted', id, job },
]
const saw = (id: string, seen: Seen): RunEvent[] => [
  { type: 'looking', id },
  { type: 'seen', id, seen },
]
const progress = (state: 'running' | 'done'): Seen => ({ kind: 'job', progress: { state } })
const refused = (id: string, failure: Failure): RunEvent[] => [
  { type: 'asked', id },
  { type: 'refused', id, failure },
]
const stepOf = (run: Run, id = 's0') => run.tasks.find(({ server }) => server.id === id)?.step
const asksOf = (run: Run, now: number) =>
  dueNow(run, now).flatMap((due) => (due.type === 'ask' ? [due.id] : []))

describe('asking', () => {
  it('is bounded: the next one is asked for when one was answered', () => {
    const run = beginRun('reboot', servers(10))
    expect(asksOf(run, 0)).toEqual(['s0', 's1', 's2', 's3'])
    const under = apply(run, 0, ...['s0', 's1', 's2', 's3'].map((id): RunEvent => ({ type: 'asked', id })))
    expect(asksOf(under, 0)).toEqual([])
    expect(asksOf(apply(under, 0, { type: 'accepted', id: 's1', job: null }), 0)).toEqual(['s4'])
  })

  it('leaves a user something of their requests: after a few it is paced', () => {
    let run = beginRun('nmi', servers(100))
    let now = 0
    let asked = 0
    while (now < 1_000) {
      const ids = asksOf(run, now)
      for (const id of ids) run = apply(run, now, ...accepted(id, null))
      asked += ids.length
      // An answer is a reason to look at what is due, so time passes only while nothing is.
      if (ids.length === 0) now = dueAt(run, now) ?? 1_000
    }
    expect(asked).toBeLessThanOrEqual(20 + 9)
    expect(asked).toBeGreaterThan(20)
  })

  it('waits for a cloud that has had enough, for all servers, and repeats only what was not done', () => {
    const run = apply(
      beginRun('reboot', servers(2)),
      1_000,
      ...refused('s0', { cause: 'throttled', retryAfter: 7 }),
    )
    expect(stepOf(run)).toMatchObject({ kind: 'waiting' })
    expect(dueNow(run, 7_999)).toEqual([])
    expect(dueAt(run, 1_000)).toBe(8_000)
    expect(asksOf(run, 8_000)).toEqual(['s0', 's1'])
  })

  it('does not wait for ever', () => {
    let run = beginRun('reboot', servers(1))
    for (let tries = 0; tries < 13; tries++)
      run = apply(run, 0, ...refused('s0', { cause: 'too-many-requests' }))
    expect(stepOf(run)).toEqual({ kind: 'failed', failure: { cause: 'too-many-requests' }, accepted: false })
  })

  it.each(['no-permission', 'cloud-timeout', 'server-busy'] as const)(
    'is never repeated after %s',
    (cause) => {
      const run = apply(beginRun('reboot', servers(1)), 0, ...refused('s0', { cause }))
      expect(stepOf(run)).toEqual({ kind: 'failed', failure: { cause }, accepted: false })
      expect([dueNow(run, 1e9), isOver(run), failedOf(run).length]).toEqual([[], true, 1])
    },
  )

  it('ends an NMI: the cloud knows nothing more of it', () => {
    expect(stepOf(apply(beginRun('nmi', servers(1)), 0, ...accepted('s0', null)))).toEqual({ kind: 'done' })
  })
})

describe('following', () => {
  const one = apply(beginRun('power-off', servers(1)), 0, ...accepted('s0'))

  it('looks at the job until it ends', () => {
    expect(dueNow(one, 1_999)).toEqual([])
    expect(dueNow(one, 2_000)).toEqual([{ type: 'look', id: 's0', job: 'job of s0' }])
    const looking = apply(one, 2_000, { type: 'looking', id: 's0' })
    expect([dueNow(looking, 9_000), dueAt(looking, 2_000)]).toEqual([[], null])
    const running = apply(one, 2_000, ...saw('s0', progress('running')))
    expect([dueAt(running, 2_000), isSettled(running)]).toEqual([4_000, false])
    expect(stepOf(apply(running, 4_000, ...saw('s0', progress('done'))))).toEqual({ kind: 'done' })
  })

  it('tells why a job failed that the cloud had accepted', () => {
    const failure: Failure = { cause: 'cloud-error', detail: 'no controller' }
    const failed = apply(one, 2_000, ...saw('s0', { kind: 'job', progress: { state: 'failed', failure } }))
    expect(stepOf(failed)).toEqual({ kind: 'failed', failure, accepted: true })
  })

  it('looks at the server where there is no job, and where its job may not be read', () => {
    const off: Server = { ...testServer({ id: 's0' }), status: 'stopped', power: 'off' }
    const plain = apply(beginRun('power-off', servers(1)), 0, ...accepted('s0', null))
    const hidden = apply(one, 2_000, ...saw('s0', { kind: 'failure', failure: { cause: 'no-permission' } }))
    for (const run of [plain, hidden]) {
      expect(dueNow(run, 9_000)).toEqual([{ type: 'look', id: 's0', job: null }])
      const seen = apply(run, 9_000, ...saw('s0', { kind: 'server', server: off }))
      expect([stepOf(seen), seen.tasks[0]?.server.power]).toEqual([{ kind: 'done' }, 'off'])
    }
  })

  it('survives a cloud that is away, and says so when it may look no more', () => {
    const away = apply(one, 2_000, ...saw('s0', { kind: 'failure', failure: { cause: 'cloud-timeout' } }))
    expect(stepOf(away)).toMatchObject({ kind: 'running' })
    const failure: Failure = { cause: 'sign-in-needed' }
    const twice = apply(
      one,
      2_000,
      ...saw('s0', { kind: 'failure', failure }),
      ...saw('s0', { kind: 'failure', failure }),
    )
    expect(stepOf(twice)).toEqual({ kind: 'unseen', failure })
  })

  it('says after a while that it takes too long, goes on looking, and hears of the end all the same', () => {
    const late = apply(one, LATE_MS, ...saw('s0', progress('running')))
    expect([countOf(late).late, isSettled(late), isOver(late)]).toEqual([1, true, false])
    expect(dueAt(late, LATE_MS)).toBe(LATE_MS + 10_000)
    expect(stepOf(apply(late, LATE_MS + 10_000, ...saw('s0', progress('done'))))).toEqual({ kind: 'done' })
    const given = apply(late, GIVE_UP_MS, ...saw('s0', progress('running')))
    expect([stepOf(given), isOver(given)]).toEqual([{ kind: 'unseen', failure: null }, true])
  })

  it('of many looks less often at each, a few at a time', () => {
    const many = servers(50).reduce(
      (run, { id }) => apply(run, 0, ...accepted(id)),
      beginRun('reboot', servers(50)),
    )
    expect(dueNow(many, 100_000).length).toBe(3)
    const again = apply(many, 20_000, ...saw('s0', progress('running')))
    expect(stepOf(again)).toMatchObject({ lookAt: 30_000 })
  })

  it('shows first what a person must look at, and the rest in its order', () => {
    const failing = apply(
      servers(3).reduce((run, { id }) => apply(run, 0, ...accepted(id)), beginRun('reboot', servers(3))),
      2_000,
      ...saw('s1', { kind: 'job', progress: { state: 'failed', failure: { cause: 'cloud-error' } } }),
    )
    expect(troubleFirst(failing).map(({ server }) => server.id)).toEqual(['s1', 's0', 's2'])
    expect(
      troubleFirst(apply(failing, LATE_MS, ...saw('s2', progress('running')))).map(({ server }) => server.id),
    ).toEqual(['s1', 's2', 's0'])
  })

  it('of one that was accepted before is the same', () => {
    const run = acceptedRun('reboot', testServer({ id: 's0' }), null, 100)
    expect([dueAt(run, 100), dueNow(run, 2_100)]).toEqual([2_100, [{ type: 'look', id: 's0', job: null }]])
  })
})

it('whatever comes back, every server ends, nobody is asked twice after an answer, and the bounds hold', () => {
  const causes = ['no-permission', 'throttled', 'cloud-timeout', 'too-many-requests'] as const
  const answers = fc.array(fc.nat(5), { minLength: 20, maxLength: 60 })
  fc.assert(
    fc.property(
      fc.constantFrom<PowerAction>('reboot', 'power-off', 'nmi'),
      fc.integer({ min: 1, max: 12 }),
      answers,
      (action, count, choices) => {
        let run = beginRun(action, servers(count))
        let now = 0
        let turn = 0
        const taken = new Set<string>()
        const choose = () => choices[turn++ % choices.length] ?? 0
        for (let steps = 0; steps < 5_000 && !isOver(run); steps++) {
          const due = dueNow(run, now)
          for (const each of due)
            run = reduceRun(run, { type: each.type === 'ask' ? 'asked' : 'looking', id: each.id }, now)
          const at = dueAt(run, now)
          expect(due.filter(({ type }) => type === 'ask').length).toBeLessThanOrEqual(4)
          for (const each of due) {
            const choice = choose()
            if (each.type === 'ask') {
              expect(taken.has(each.id)).toBe(false)
              const cause = causes[choice]
              run = reduceRun(
                run,
                cause
                  ? { type: 'refused', id: each.id, failure: { cause } }
                  : { type: 'accepted', id: each.id, job: 'j' },
                now,
              )
              if (stepOf(run, each.id)?.kind !== 'waiting') taken.add(each.id)
            } else {
              const seen: Seen = choice === 0 ? progress('done') : progress('running')
              run = reduceRun(run, { type: 'seen', id: each.id, seen }, now)
            }
          }
          if (due.length === 0) now = Math.max(now + 1, at ?? now + 1_000)
        }
        expect(isOver(run)).toBe(true)
        const { done, failed, unseen } = countOf(run)
        expect(done + failed + unseen).toBe(count)
      },
    ),
    { numRuns: 200 },
  )
})
