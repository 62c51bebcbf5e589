import { describe, expect, it } from 'vitest'
import { testAudit } from '../../testing/audit.ts'
import { ManualClock } from '../../testing/clock.ts'
import { joinActivity, readActivity } from './activity.ts'
import { viewerAudit } from './viewer-audit.ts'

const server = { id: 'web-1', name: 'web-1' }
const ada = { id: 'u1', name: 'ada' }
const bob = { id: 'u2', name: 'bob' }

function start() {
  const clock = new ManualClock(Date.parse('2026-03-01T12:00:00Z'))
  const audit = testAudit(clock)
  const at = (user: typeof ada, session: string) => {
    const visitor = { identity: { user }, from: '192.0.2.7' } as Parameters<typeof viewerAudit>[1]
    return viewerAudit(audit, visitor, { server, project: null, session })
  }
  /** Comes, and stays for so long. */
  const visit = (user: typeof ada, session: string, ms: number, more: { wrote?: boolean } = {}) => {
    const tell = at(user, session)
    tell({ type: 'joined' })
    clock.advance(ms)
    tell({
      type: 'left',
      durationMs: ms,
      typedBytes: 0,
      sentBytes: 9,
      wrote: false,
      cause: null,
      ...more,
    })
  }
  const read = (open: string | null = null, take = 10, timeIsUp = () => false) =>
    readActivity(audit, 'web-1', (session) => session === open, { take, timeIsUp })
  return { clock, audit, at, visit, read }
}

describe('the visits of a console', () => {
  it('say who, when, how long, with the keyboard or without, newest first', async () => {
    const { visit, read } = start()
    visit(ada, 's1', 60_000, { wrote: true })
    visit(bob, 's1', 5_000)
    expect((await read()).visits).toEqual([
      {
        user: bob,
        began: '2026-03-01T12:01:00.000Z',
        end: { how: 'left', durationMs: 5_000 },
        keyboard: 'reader',
        count: 1,
      },
      {
        user: ada,
        began: '2026-03-01T12:00:00.000Z',
        end: { how: 'left', durationMs: 60_000 },
        keyboard: 'writer',
        count: 1,
      },
    ])
  })

  it('say why somebody else ended it', async () => {
    const { at, read } = start()
    const tell = at(ada, 's1')
    tell({ type: 'joined' })
    const left = { type: 'left', durationMs: 1, typedBytes: 0, sentBytes: 0, wrote: true } as const
    tell({ ...left, cause: 'operator-ended' })
    expect((await read()).visits.map(({ end }) => end)).toEqual([
      { how: 'ended', durationMs: 1, cause: 'operator-ended' },
    ])
  })

  it('that nobody saw the end of are open, or were cut off with BMS Console', async () => {
    const { at, read } = start()
    at(ada, 's1')({ type: 'joined' })
    at(bob, 's2')({ type: 'joined' })
    expect((await read('s2')).visits.map(({ user, end }) => [user?.name, end.how])).toEqual([
      ['bob', 'open'],
      ['ada', 'unseen'],
    ])
  })

  it('of one person in several tabs, and again and again, are as many as there were', async () => {
    const { at, visit, read } = start()
    const first = at(ada, 's1')
    first({ type: 'joined' })
    visit(ada, 's1', 1_000)
    visit(ada, 's1', 2_000)
    expect((await read('s1')).visits.map(({ end }) => end)).toEqual([
      { how: 'left', durationMs: 2_000 },
      { how: 'left', durationMs: 1_000 },
      { how: 'open' },
    ])
  })

  it('include direct links, whose use nobody sees, and what was refused', async () => {
    const { audit, read } = start()
    const facts = { user: ada, from: 'a', server }
    audit.record('open-console', { ...facts, outcome: 'done' })
    audit.record('open-console', { ...facts, outcome: 'refused', cause: 'no-permission', count: 3 })
    expect((await read()).visits.map(({ end, count }) => [end, count])).toEqual([
      [{ how: 'refused', cause: 'no-permission' }, 3],
      [{ how: 'direct' }, 1],
    ])
  })

  it('from before the keyboard was written down say what was typed', async () => {
    const { audit, read } = start()
    const facts = { outcome: 'done', user: ada, from: 'a', server, session: 's', durationMs: 1 } as const
    audit.record('close-console', { ...facts, bytesIn: 4 })
    audit.record('close-console', { ...facts, bytesIn: 0 })
    expect((await read()).visits.map(({ keyboard }) => keyboard)).toEqual([undefined, 'writer'])
  })
})

describe('what is read', () => {
  it('is of this server only, without addresses', async () => {
    const { audit, visit, read } = start()
    visit(ada, 's1', 1)
    audit.record('open-console', {
      outcome: 'done',
      user: bob,
      from: 'b',
      server: { id: 'web-10', name: 'web-1' },
    })
    audit.record('read-log', { outcome: 'done', user: bob, from: 'b', server })
    const all = await read()
    expect(all.visits).toHaveLength(1)
    expect(JSON.stringify(all)).not.toMatch(/192\.0\.2\.7|bob/)
  })

  it('is bounded, and says that there is more', async () => {
    const { audit, visit, read } = start()
    for (let index = 0; index < 5; index += 1) visit(ada, `s${index}`, 1)
    audit.record('power', { outcome: 'done', user: ada, from: 'a', server, detail: 'reboot' })
    const few = await read(null, 3)
    expect(few.visits).toHaveLength(3)
    expect(few).toMatchObject({ moreVisits: true, morePower: false, complete: true, kept: 'memory', lost: 0 })
    expect(await read(null, 5)).toMatchObject({ moreVisits: false })
  })

  it('says what the log lacks, and where the search ran out of time', async () => {
    const { audit, read } = start()
    audit.record('lose-events', { outcome: 'failed', user: null, from: '', count: 7 })
    expect(await read(null, 10, () => true)).toMatchObject({ lost: 7, complete: false })
  })
})

it('who switched the power is said with what came of it', async () => {
  const { audit, read } = start()
  const facts = { user: ada, from: 'a', server }
  audit.record('power', { ...facts, outcome: 'done', detail: 'power-off' })
  audit.record('power', { ...facts, outcome: 'failed', cause: 'cloud-error', detail: 'power-off' })
  audit.record('power', {
    ...facts,
    user: bob,
    outcome: 'refused',
    cause: 'role-forbids',
    detail: 'POST /api/servers/:id/power',
  })
  expect(
    (await read()).power.map(({ user, action, outcome, cause }) => [user?.name, action, outcome, cause]),
  ).toEqual([
    ['bob', null, 'refused', 'role-forbids'],
    ['ada', 'power-off', 'failed', 'cloud-error'],
    ['ada', 'power-off', 'accepted', null],
  ])
})

describe('several logs together', () => {
  it('tell of visits and power in the order in which they were written down', async () => {
    const [here, there] = [start(), start()]
    const pass = (ms: number) => {
      for (const { clock } of [here, there]) clock.advance(ms)
    }
    // A long visit that ended last, and a short one that began later
    const stays = here.at(ada, 's1')
    stays({ type: 'joined' })
    pass(10_000)
    there.at(bob, 's2')({ type: 'joined' })
    there.audit.record('power', { outcome: 'done', user: bob, from: 'b', server, detail: 'reboot' })
    pass(5_000)
    here.audit.record('power', { outcome: 'done', user: ada, from: 'a', server, detail: 'power-off' })
    stays({ type: 'left', durationMs: 15_000, typedBytes: 0, sentBytes: 0, wrote: false, cause: null })
    const parts = [await there.read(), await here.read()]
    const joined = joinActivity(parts, 10)
    expect(joined.visits.map(({ user, end }) => [user?.name, end.how])).toEqual([
      ['ada', 'left'],
      ['bob', 'unseen'],
    ])
    expect(joined.power.map(({ action }) => action)).toEqual(['power-off', 'reboot'])
    expect(joinActivity(parts, 1)).toMatchObject({
      visits: [{ user: ada }],
      moreVisits: true,
      power: [{ action: 'power-off' }],
      morePower: true,
    })
  })

  it('lack what one of them lacks', async () => {
    const part = await start().read()
    const worse = { ...part, complete: false, lost: 3, kept: 'memory' as const, moreVisits: true }
    expect(joinActivity([{ ...part, kept: 'file', lost: 1 }, worse], 10)).toMatchObject({
      complete: false,
      lost: 4,
      kept: 'memory',
      moreVisits: true,
    })
    expect(
      joinActivity(
        [
          { ...part, kept: null },
          { ...part, kept: 'file' },
        ],
        10,
      ).kept,
    ).toBe('file')
  })
})
