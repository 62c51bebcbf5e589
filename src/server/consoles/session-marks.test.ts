import { describe, expect, it } from 'vitest'
import type { LogMark } from '../../shared/line-log.ts'
import { type LineMark, MAX_MARKS } from '../../shared/relay-protocol.ts'
import { SessionMarks } from './session-marks.ts'

function start(notes: LineMark[] = []) {
  const kept: LogMark[] = []
  const marks = new SessionMarks({ end: 10_000, notes, note: (mark) => void kept.push(mark) })
  return { marks, kept, seen: () => marks.all.map(({ at, text, by }) => [at, text, by]) }
}

describe('the marks of a session', () => {
  it('are in the order of the lines, and the log is told', () => {
    const { marks, kept, seen } = start()
    expect(marks.set(500, ' later ', 'Ann')).toBe(true)
    expect(marks.set(20, '', 'Bob')).toBe(true)
    expect(seen()).toEqual([
      [20, '', 'Bob'],
      [500, 'later', 'Ann'],
    ])
    expect(kept).toMatchObject([
      { kind: 'note', line: 500, text: 'later', by: 'Ann' },
      { kind: 'note', line: 20, text: '', by: 'Bob' },
    ])
  })

  it('are one for each line', () => {
    const { marks, kept, seen } = start()
    marks.set(500, 'first', 'Ann')
    marks.set(500, 'second', 'Bob')
    expect(seen()).toEqual([[500, 'second', 'Bob']])
    expect(kept.map(({ kind }) => kind)).toEqual(['note', 'note-gone', 'note'])
  })

  it('can be taken away, once', () => {
    const { marks, kept } = start([{ id: 'old', at: 7, text: 'kept', by: 'Ann' }])
    expect(marks.remove('old', 'Bob')).toBe(7)
    expect(marks.remove('old', 'Bob')).toBeNull()
    expect(marks.all).toEqual([])
    expect(kept).toEqual([{ kind: 'note-gone', id: 'old', by: 'Bob' }])
  })

  it('have bounds: their number, and what the line has said', () => {
    const { marks } = start()
    for (let at = 0; at < MAX_MARKS; at++) expect(marks.set(at, '', 'Ann')).toBe(true)
    expect(marks.set(5_000, '', 'Ann')).toBe(false)
    expect(marks.set(5, 'changed', 'Ann')).toBe(true)
    expect(start().marks.set(10_001, '', 'Ann')).toBe(false)
  })

  it('hide nothing in their text', () => {
    const { marks, seen } = start()
    marks.set(0, 'a\x1b[2Jb\u202ec', 'Ann')
    expect(seen()).toEqual([[0, 'a\\u001b[2Jb\\u202ec', 'Ann']])
  })
})
