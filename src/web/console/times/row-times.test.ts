import { expect, it } from 'vitest'
import { rowTimes, since } from './row-times.ts'

const rows = (top: number, count: number, lines: Record<number, number>) => ({
  shown: { top, rows: count },
  lineAt: (row: number) => lines[row] ?? null,
})
const times = { timeAt: (at: number) => (at < 100 ? at * 1_000 : null) }

it('has the time of each line in view, and how long after the line before it', () => {
  expect(rowTimes(rows(2, 4, { 0: 5, 2: 7, 4: 20, 5: 100 }), times)).toEqual([
    { time: 7_000, sinceMs: 2_000 },
    null,
    { time: 20_000, sinceMs: 13_000 },
    null,
  ])
  expect(rowTimes(rows(0, 1, { 0: 5 }), times)).toEqual([{ time: 5_000, sinceMs: null }])
})

it('has none while a full-screen program has the screen', () => {
  expect(rowTimes({ ...rows(0, 2, { 0: 1 }), shown: null }, times)).toEqual([])
})

it.each([
  [0, '+0.0'],
  [449, '+0.4'],
  [9_949, '+9.9'],
  [9_950, '+10'],
  [59_400, '+59'],
  [59_960, '+1:00'],
  [200_000, '+3:20'],
  [3_723_000, '+1:02:03'],
  [-2_000, '−2.0'],
])('writes %i ms as %s', (ms, text) => {
  expect(since(ms)).toBe(text)
})
