import { expect, it } from 'vitest'
import type { LogPage, LogPlace } from '../../shared/line-log.ts'
import { ManualClock } from '../../testing/clock.ts'
import { LogReading } from './log-reading.ts'

const time = '2026-03-01T12:00:00.000Z'

/** A server whose log has so many lines of 10 bytes. */
function start(lines: number) {
  const clock = new ManualClock()
  const asked: LogPlace[] = []
  const server = { lines, failing: false, limit: Number.POSITIVE_INFINITY }
  const ask = async (place: LogPlace): Promise<LogPage> => {
    asked.push(place)
    if (server.failing) throw new Error('no')
    const limit = Math.min(place.limit ?? 0, server.limit)
    const { from, before } = place
    const first =
      from !== undefined
        ? from / 10
        : Math.max(0, (before === undefined ? server.lines : before / 10) - limit)
    const last = before !== undefined ? before / 10 : Math.min(server.lines, first + limit)
    const rows = Array.from({ length: last - first }, (_, index) => {
      const offset = (first + index) * 10
      return { type: 'line' as const, offset, end: offset + 10, time, text: `line ${first + index}` }
    })
    return { rows, before: first > 0 ? first * 10 : null, after: last * 10, atEnd: last === server.lines }
  }
  const failureOf = () => ({ cause: 'proxy-unreachable' }) as const
  const reading = new LogReading({ ask, failureOf, clock })
  /** The first and the last line that it has */
  const span = () => {
    const state = reading.state()
    if (state.kind !== 'read') return state.kind
    const texts = state.window.rows.map((row) => (row.type === 'line' ? row.text : ''))
    expect(new Set(texts).size).toBe(texts.length)
    return [texts.at(0), texts.at(-1)].join(' to ')
  }
  return { clock, asked, server, reading, span }
}

it('opens at the end, and reads on as lines come while somebody looks', async () => {
  const { clock, asked, server, reading, span } = start(1000)
  reading.follow(true)
  expect(span()).toBe('loading')
  await reading.open({})
  expect(span()).toBe('line 700 to line 999')
  server.lines = 1003
  clock.advance(1000)
  await expect.poll(span).toBe('line 700 to line 1002')
  reading.follow(false)
  const before = asked.length
  clock.advance(10_000)
  expect(asked).toHaveLength(before)
  server.lines = 1004
  reading.follow(true)
  await expect.poll(span).toBe('line 700 to line 1003')
})

it('opens at a place, and reads what is before and after it', async () => {
  const { reading, span } = start(5000)
  await reading.open({ from: 10_000 })
  expect(reading.state()).toMatchObject({ target: { offset: 10_000 } })
  await reading.older()
  expect(span()).toBe('line 500 to line 1299')
  await reading.newer()
  expect(span()).toBe('line 500 to line 1799')
  await reading.older()
  await reading.older()
  expect(span()).toBe('line 0 to line 1799')
})

it('goes on at the end when a line is too fast to be read', async () => {
  const { clock, server, reading, span } = start(1000)
  reading.follow(true)
  await reading.open({})
  server.lines = 100_000
  clock.advance(1000)
  await expect.poll(span).toBe('line 99700 to line 99999')
})

it('keeps what it has when more cannot be read, says why, and tries again', async () => {
  const { clock, server, reading, span } = start(1000)
  reading.follow(true)
  await reading.open({})
  server.failing = true
  clock.advance(1000)
  await expect.poll(() => reading.state()).toMatchObject({ newer: { cause: 'proxy-unreachable' } })
  await reading.older()
  expect(reading.state()).toMatchObject({ older: { cause: 'proxy-unreachable' } })
  expect(span()).toBe('line 700 to line 999')
  server.failing = false
  server.lines = 1001
  clock.advance(5000)
  await expect.poll(span).toBe('line 700 to line 1000')
  expect(reading.state()).toMatchObject({ newer: 'idle' })
})

it('says why it could not open', async () => {
  const { server, reading } = start(1000)
  server.failing = true
  await reading.open({})
  expect(reading.state()).toEqual({ kind: 'failed', failure: { cause: 'proxy-unreachable' } })
})

it('forgets an answer that comes after another place was opened', async () => {
  const { reading, span } = start(5000)
  const first = reading.open({ from: 0 })
  const second = reading.open({ from: 20_000 })
  await Promise.all([first, second])
  expect(span()).toBe('line 2000 to line 2299')
})
