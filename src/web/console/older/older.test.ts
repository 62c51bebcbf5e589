import { describe, expect, it } from 'vitest'
import type { LogPage } from '../../../shared/line-log.ts'
import { endAt, Older } from './older.ts'

/** Lines of ten bytes, and the page’s first byte has this offset in the log. */
function start(offset: number, known = true) {
  let gone = 0
  const rows = {
    *begins() {
      for (let row = 0; row + gone < 50; row++) yield { row, at: (row + gone) * 10 }
    },
    rowAt: (at: number) => (at < gone * 10 ? null : Math.floor(at / 10) - gone),
  }
  const times = {
    offsetAt: (at: number) => (known ? at + offset : null),
    positionAt: (at: number) => (at < offset ? null : at - offset),
  }
  const older = new Older(rows, times)
  return {
    older,
    goes: (count: number) => {
      gone += count
    },
  }
}

describe('the way into the log', () => {
  it('begins with the line after the first, of which a part may be gone', () => {
    const { older } = start(1_000)
    expect(older.join).toEqual({ row: 1, offset: 1_010 })
    expect(older.scrollUp(3)).toBe(true)
    expect(older.state()).toEqual({
      kind: 'older',
      opened: 1,
      until: 1_010,
      above: 3,
      from: null,
      linked: false,
    })
    expect(older.readOn()).toBe(1)
    expect(older.state()).toEqual({ kind: 'live' })
  })

  it('is not there where the page does not know its place', () => {
    const { older } = start(0, false)
    expect(older.scrollUp(3)).toBe(false)
    expect(older.showFrom(5)).toEqual({ kind: 'unknown' })
    expect(older.state()).toEqual({ kind: 'live' })
  })

  it('goes on with what the terminal lost meanwhile, before it leads back', () => {
    const { older, goes } = start(1_000)
    older.scrollUp(3)
    goes(20)
    expect(older.readOn()).toBeNull()
    expect(older.state()).toMatchObject({ kind: 'older', opened: 1, until: 1_210 })
    expect(older.readOn()).toBe(1)
  })

  it('leads to a place in the terminal, or in the log', () => {
    const { older } = start(1_000)
    expect(older.showFrom(1_234)).toEqual({ kind: 'terminal', row: 23 })
    expect(older.state()).toEqual({ kind: 'live' })
    expect(older.showFrom(900)).toEqual({ kind: 'log' })
    expect(older.state()).toMatchObject({ kind: 'older', from: 900, until: 1_010 })
  })
})

describe('the log', () => {
  const line = (offset: number, end: number | null) =>
    ({ type: 'line', offset, end, time: '', text: `${offset}` }) as const
  const page: LogPage = {
    rows: [line(0, 10), line(10, 20), line(20, null)],
    before: null,
    after: 20,
    atEnd: true,
  }

  it('ends where the terminal goes on', () => {
    expect(endAt(page, 10)).toEqual({ rows: [line(0, 10)], before: null, after: 10, atEnd: true })
    expect(endAt({ ...page, atEnd: false }, 30)).toMatchObject({ after: 20, atEnd: false })
  })
})
