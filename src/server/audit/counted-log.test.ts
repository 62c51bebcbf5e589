import { describe, expect, it } from 'vitest'
import { testAudit } from '../../testing/audit.ts'
import { ManualClock } from '../../testing/clock.ts'
import type { AuditFacts } from './audit.ts'
import { CountedLog } from './counted-log.ts'
import { readPage } from './read-page.ts'

function start() {
  const clock = new ManualClock()
  const inner = testAudit(clock)
  const log = new CountedLog(inner, clock)
  const told = () => inner.events.map(({ action, count }) => [action, count])
  return { log, clock, told, events: inner.events }
}

const ada: AuditFacts = { outcome: 'done', user: { id: 'u', name: 'ada' }, from: '192.0.2.7', session: 's' }

describe('repeats', () => {
  it('are one event: the first is recorded at once, the others together', () => {
    const { log, clock, told, events } = start()
    for (let index = 0; index < 7_700; index += 1) log.record('take-keyboard', ada)
    expect(told()).toEqual([['take-keyboard', 1]])
    clock.advance(10_000)
    expect(told()).toEqual([
      ['take-keyboard', 1],
      ['take-keyboard', 7_699],
    ])
    expect(events[1]).toMatchObject({ user: { id: 'u' }, from: '192.0.2.7', session: 's' })
  })

  it('that go on are told again and again, and the last one says when it was', () => {
    const { log, clock, events } = start()
    for (let second = 0; second < 25; second += 1) {
      log.record('take-keyboard', ada)
      clock.advance(1_000)
    }
    clock.advance(60_000)
    expect(events.map(({ count }) => count).reduce((sum, count) => sum + count)).toBe(25)
    expect(events).toHaveLength(4)
    expect(events.at(-1)?.time).toBe(new Date(Date.UTC(2026, 0, 1, 0, 0, 24)).toISOString())
    expect(clock.pending).toBe(0)
  })

  it('are only those that tell the same', () => {
    const { log, told } = start()
    log.record('take-keyboard', ada)
    log.record('take-keyboard', { ...ada, user: { id: 'v', name: 'ada' } })
    log.record('take-keyboard', { ...ada, session: 't' })
    log.record('take-keyboard', { ...ada, from: '192.0.2.8' })
    log.record('take-keyboard', { ...ada, outcome: 'refused', cause: 'role-forbids' })
    log.record('other', { ...ada, outcome: 'refused', cause: 'role-forbids' })
    expect(told().every(([, count]) => count === 1)).toBe(true)
    expect(told()).toHaveLength(6)
  })

  it('of what is privileged stay as they are, but not of what was refused', () => {
    const { log, clock, told } = start()
    for (let index = 0; index < 3; index += 1) {
      log.record('power', { ...ada, detail: 'reboot' })
      log.record('power', { ...ada, detail: 'reboot', outcome: 'refused', cause: 'role-forbids' })
      log.record('sign-in', { outcome: 'failed', user: null, from: 'a' })
    }
    clock.advance(10_000)
    expect(told()).toEqual([
      ['power', 1],
      ['power', 1],
      ['sign-in', 1],
      ['power', 1],
      ['power', 1],
      ['power', 2],
      ['sign-in', 2],
    ])
  })

  it('are in a search that comes before they are told, and none is lost at the end', async () => {
    const { log, told } = start()
    for (let index = 0; index < 3; index += 1) log.record('take-keyboard', ada)
    const page = await readPage(log.search({}, null), { take: 10, sees: () => true, timeIsUp: () => false })
    expect(page.events.map(({ count }) => count)).toEqual([2, 1])
    log.record('take-keyboard', ada)
    await log.close()
    expect(told()).toEqual([
      ['take-keyboard', 1],
      ['take-keyboard', 2],
      ['take-keyboard', 1],
    ])
  })

  it('of reading the log are not told at each look, which would make more of them', async () => {
    const { log, clock, told } = start()
    for (let look = 0; look < 60; look += 1) {
      await readPage(log.search({}, null), { take: 10, sees: () => true, timeIsUp: () => false })
      log.record('read-audit', { ...ada, detail: 'page' })
      clock.advance(15_000)
    }
    expect(told()).toEqual([
      ['read-audit', 1],
      ['read-audit', 59],
    ])
  })

  it('of ever new kinds take no more memory than a bound', () => {
    const { log, clock } = start()
    for (let index = 0; index < 12_000; index += 1)
      log.record('sign-in', { outcome: 'refused', user: null, from: 'a', detail: String(index) })
    expect(clock.pending).toBe(10_000)
  })
})
