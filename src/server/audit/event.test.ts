import { describe, expect, it } from 'vitest'
import { eventIn, eventOf, lineOf } from './event.ts'

const NOW = Date.UTC(2026, 2, 1, 12)

describe('a line of the audit log', () => {
  it('has every field, null where nothing was told, and is marked', () => {
    const line = lineOf(eventOf('power', { outcome: 'done', user: null, from: '192.0.2.7' }, NOW))
    expect(line.endsWith('\n')).toBe(true)
    expect(JSON.parse(line)).toEqual({
      log: 'audit',
      time: '2026-03-01T12:00:00.000Z',
      action: 'power',
      outcome: 'done',
      cause: null,
      user: null,
      from: '192.0.2.7',
      server: null,
      project: null,
      session: null,
      durationMs: null,
      bytesIn: null,
      bytesOut: null,
      detail: null,
      count: 1,
    })
  })

  it('tells of a user the id and the name, whatever else is known', () => {
    const user = { id: 'u1', name: 'ada', role: 'admin', token: 'secret' }
    expect(lineOf(eventOf('sign-in', { outcome: 'done', user, from: 'a' }, NOW))).not.toContain('secret')
  })

  it('stays one short line, however hostile the names are', () => {
    const hostile = `ada\r\n{"log":"audit"}\u0000\u001b[2J\u009b2J\u2028${'x'.repeat(1_000_000)}`
    const facts = {
      outcome: 'done',
      user: { id: hostile, name: hostile },
      from: hostile,
      server: { id: hostile, name: hostile },
      project: { id: hostile, name: hostile },
      session: hostile,
      detail: hostile,
    } as const
    const line = lineOf(eventOf('open-console', facts, NOW))
    expect(line.length).toBeLessThan(4096)
    expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
    expect(eventIn(line)?.user?.name).toMatch(/^ada\r\n.*…$/s)
  })

  it('may be older than the count and the project: then it is one, of no project', () => {
    const facts = { outcome: 'done', user: null, from: 'a' } as const
    const { count: _, project: __, ...older } = eventOf('power', facts, NOW)
    expect(eventIn(JSON.stringify(older))).toMatchObject({ count: 1, project: null })
  })

  it('is not half of one, or of another log', () => {
    const line = lineOf(eventOf('power', { outcome: 'done', user: null, from: 'a' }, NOW))
    expect(eventIn(line)).not.toBeNull()
    for (const other of [line.slice(0, -20), '', '{}', '{"level":30,"msg":"request"}']) {
      expect(eventIn(other)).toBeNull()
    }
  })
})
