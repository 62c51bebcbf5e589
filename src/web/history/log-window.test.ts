import { expect, it } from 'vitest'
import type { LogPage, LogRow } from '../../shared/line-log.ts'
import { type LogWindow, withNewer, withOlder } from './log-window.ts'

const time = '2026-03-01T12:00:00.000Z'
const line = (end: number, text = `line ${end}`): LogRow => ({
  type: 'line',
  offset: end - 10,
  end,
  time,
  text,
})
const open = (offset: number, text: string): LogRow => ({ type: 'line', offset, end: null, time, text })
const mark = (offset: number): LogRow => ({
  type: 'mark',
  offset,
  time,
  mark: { kind: 'power', action: 'reboot', by: 'Ada' },
})
const page = (rows: LogRow[], change: Partial<LogPage> = {}): LogPage => ({
  rows,
  before: null,
  after: 0,
  atEnd: true,
  ...change,
})
const shown = ({ rows }: LogWindow) => rows.map((row) => (row.type === 'mark' ? `<${row.offset}>` : row.text))

it('what could still change is replaced by the next page', () => {
  const before: LogWindow = page([line(10), mark(10), open(10, 'log')], { after: 10, before: 0 })
  const after = withNewer(before, page([mark(10), line(20, 'login:'), open(20, '$')], { after: 20 }))
  expect(shown(after)).toEqual(['line 10', '<10>', 'login:', '$'])
  expect(after).toMatchObject({ before: 0, after: 20, atEnd: true })
})

it('older rows come above', () => {
  const window = page([line(30)], { before: 20, after: 30 })
  const older = withOlder(window, page([line(10), line(20)], { before: 0, after: 20, atEnd: false }))
  expect(shown(older)).toEqual(['line 10', 'line 20', 'line 30'])
  expect(older).toMatchObject({ before: 0, after: 30, atEnd: true })
})

it('rows beyond the most are dropped on the other side, at a cursor', () => {
  const window = page([line(30), mark(30), line(40), open(40, '$')], { before: 20, after: 40 })
  const newer = withNewer(window, page([line(50), line(60)], { after: 60 }), 3)
  expect(shown(newer)).toEqual(['<30>', 'line 40', 'line 50', 'line 60'])
  expect(newer.before).toBe(30)
  const older = withOlder(window, page([line(10), line(20)], { before: null, after: 20, atEnd: false }), 3)
  expect(shown(older)).toEqual(['line 10', 'line 20', 'line 30'])
  expect(older).toMatchObject({ before: null, after: 30, atEnd: false })
})
