import { expect, it } from 'vitest'
import type { LogRow } from '../../shared/line-log.ts'
import { displayRows } from './display-rows.ts'

const noon = Date.parse('2026-03-01T12:00:00Z')
const at = (hours: number) => new Date(noon + hours * 3_600_000).toISOString()
const line = (end: number | null, hours: number, offset = (end ?? 1000) - 10): LogRow => ({
  type: 'line',
  offset,
  end,
  time: at(hours),
  text: `line ${end}`,
})
const kinds = (rows: LogRow[], boots: Parameters<typeof displayRows>[1] = []) =>
  displayRows(rows, boots).map((row) =>
    row.kind === 'line' ? row.line.text : row.kind === 'boot' ? `boot ${row.boot.offset}` : row.kind,
  )

it('puts a day before its first row', () => {
  expect(kinds([line(10, 0), line(20, 1), line(30, 24), line(40, 25), line(50, 96)])).toEqual([
    'day',
    'line 10',
    'line 20',
    'day',
    'line 30',
    'line 40',
    'day',
    'line 50',
  ])
})

it('puts a boot before the line that it begins with, and none that is above', () => {
  const boots = [40, 20, 0].map((offset) => ({ offset, time: at(0), ended: null }))
  expect(kinds([line(30, 0), line(40, 0), line(50, 0), line(null, 0)], boots)).toEqual([
    'day',
    'boot 20',
    'line 30',
    'line 40',
    'boot 40',
    'line 50',
    'line null',
  ])
})

it('gives each row a key of its own, which stays when rows come above', () => {
  const rows = [line(20, 0), line(20, 0), line(30, 0), line(null, 0), line(null, 0)]
  const keys = displayRows(rows, []).map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  const more = displayRows([line(10, 0), ...rows], []).map(({ key }) => key)
  expect(more.slice(-5)).toEqual(keys.slice(-5))
})

it('shows other marks, and leaves out the log’s own boots', () => {
  const mark = (kind: 'boot' | 'gap'): LogRow => ({
    type: 'mark',
    offset: 10,
    time: at(0),
    mark: kind === 'gap' ? { kind, lostBytes: 5 } : { kind },
  })
  expect(kinds([line(10, 0), mark('boot'), mark('gap')])).toEqual(['day', 'line 10', 'mark'])
})
