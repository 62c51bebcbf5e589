import { describe, expect, it } from 'vitest'
import { WatchPlan } from './plan.ts'

const MINUTE = 60_000
const server = (id: string) => ({ id, name: id, project: null })

function start(linksPerHour: number, ids: string[]) {
  const plan = new WatchPlan({ linksPerHour, random: () => 0 })
  for (const id of ids) plan.add(server(id), 0)
  return plan
}

/** Lets a line be lost so often, right after each link. @returns the waits, minutes */
function waits(plan: WatchPlan, id: string, count: number): number[] {
  let now = 0
  return Array.from({ length: count }, () => {
    plan.ask(id, now)
    plan.opened(id, now)
    const wait = plan.lost(id, { cause: 'gateway-closed' }, now + 5_000)
    now += 5_000 + wait
    return wait / MINUTE
  })
}

describe('a watched line', () => {
  it('that is lost at once, again and again, is left alone for minutes', () => {
    expect(waits(start(1000, ['a']), 'a', 7)).toEqual([1, 2, 4, 8, 16, 16, 16])
  })

  it('comes back soon after a connection that was good: a cloud cuts idle lines', () => {
    const plan = start(1000, ['a'])
    waits(plan, 'a', 5)
    plan.ask('a', 0)
    plan.opened('a', 0)
    expect(plan.lost('a', { cause: 'gateway-closed' }, 10 * MINUTE)).toBe(10_000)
    expect(plan.due(10 * MINUTE + 9_999)).toEqual([])
    expect(plan.due(10 * MINUTE + 10_000)).toEqual([server('a')])
  })

  it('waits as long as the cloud asks for, and leaves the port to who ended its session', () => {
    const plan = start(1000, ['a'])
    expect(plan.lost('a', { cause: 'throttled', retryAfter: 3600 }, 0)).toBe(60 * MINUTE)
    plan.opened('a', 0)
    expect(plan.lost('a', { cause: 'operator-ended' }, 60 * MINUTE)).toBe(5 * MINUTE)
  })

  it('does not wait while people bring it back', () => {
    const plan = start(1000, ['a'])
    plan.lost('a', { cause: 'gateway-closed' }, 0)
    plan.attended('a')
    expect([plan.due(60 * MINUTE), plan.nextAt(0)]).toEqual([[], null])
  })
})

describe('many watched lines', () => {
  const ids = Array.from({ length: 30 }, (_, index) => `line-${index}`)

  /** Every link is lost after ten minutes. @returns how many each line got in so many hours */
  function run(linksPerHour: number, hours: number) {
    const plan = start(linksPerHour, ids)
    const links = new Map(ids.map((id) => [id, 0]))
    const asked: number[] = []
    const ends: { id: string; at: number }[] = []
    for (let now = 0; now < hours * 60 * MINUTE; now += 1_000) {
      for (const { id } of ends.filter(({ at }) => at === now))
        plan.lost(id, { cause: 'gateway-closed' }, now)
      for (const { id } of plan.due(now)) {
        if (!plan.mayAsk(now)) break
        plan.ask(id, now)
        plan.opened(id, now)
        asked.push(now)
        links.set(id, (links.get(id) ?? 0) + 1)
        ends.push({ id, at: now + 10 * MINUTE })
      }
    }
    return { asked, counts: [...links.values()] }
  }

  it('share a budget that is too small: each gets as much as any other, and never is there more in an hour', () => {
    const { asked, counts } = run(40, 12)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    for (const from of asked)
      expect(asked.filter((at) => at >= from && at < from + 60 * MINUTE).length).toBeLessThanOrEqual(40)
    expect(asked.length).toBeGreaterThanOrEqual(40 * 11)
  })

  it('are all open all the time where the budget is large', () => {
    const { counts } = run(1000, 2)
    // 120 minutes by pieces of 10 minutes and 10 seconds
    expect(new Set(counts)).toEqual(new Set([12]))
  })

  it('have a next time, unless all are held', () => {
    const plan = start(2, ['a', 'b', 'c'])
    expect(plan.nextAt(5)).toBe(5)
    for (const id of ['a', 'b']) plan.ask(id, 5)
    expect(plan.due(6)).toEqual([])
    expect(plan.nextAt(6)).toBe(5 + 60 * MINUTE)
    plan.remove('c')
    expect(plan.nextAt(6)).toBeNull()
  })
})

describe('an outage', () => {
  const ids = Array.from({ length: 50 }, (_, index) => `line-${index}`)
  const away = { cause: 'gateway-unreachable' } as const

  /** Asks whoever may each second, and lets all of them fail. @returns how many asked */
  function fails(plan: WatchPlan, from: number, until: number): number {
    let asked = 0
    for (let now = from; now < until; now += 1_000)
      for (const { id } of plan.due(now)) {
        asked += 1
        plan.ask(id, now)
        plan.held(id)
        plan.lost(id, away, now)
      }
    return asked
  }

  it('is found out by one line for all, and they come back soon after it', () => {
    const plan = start(100_000, ids)
    // Each tried once before it was known. From then on it is one in ten seconds, for an hour.
    const asked = fails(plan, 0, 60 * MINUTE)
    expect(asked).toBeGreaterThan(50 + 100)
    expect(asked).toBeLessThanOrEqual(50 + 360)
    const now = plan.nextAt(60 * MINUTE) ?? 0
    const [first] = plan.due(now)
    if (!first) throw new Error('Nobody asks.')
    plan.ask(first.id, now)
    expect(plan.opened(first.id, now)).toBe(true)
    expect(plan.due(now + 10_000)).toHaveLength(49)
  })

  it('of one project does not hold up another', () => {
    const plan = start(100_000, ids)
    for (const id of ['other-1', 'other-2'])
      plan.add({ id, name: id, project: { id: 'other', name: null } }, 5_000)
    fails(plan, 0, 1_000)
    expect(plan.due(5_000).map(({ id }) => id)).toEqual(['other-1', 'other-2'])
  })

  it('is none where lines fail for reasons of their own', () => {
    const plan = start(100_000, ids)
    for (const { id } of plan.due(0)) {
      plan.ask(id, 0)
      plan.lost(id, { cause: 'server-not-ready' }, 0)
    }
    expect(plan.due(MINUTE)).toHaveLength(50)
  })

  it('has a next time, so that nobody asks in vain meanwhile', () => {
    const plan = start(100_000, ids)
    fails(plan, 0, 1_000)
    const next = plan.nextAt(70_000) ?? 0
    expect(plan.due(next)).toHaveLength(1)
    plan.ask(plan.due(next)[0]?.id ?? '', next)
    expect(plan.due(next)).toEqual([])
    expect(plan.nextAt(next)).toBe(next + 10_000)
  })
})
