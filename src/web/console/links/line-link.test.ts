import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { LineTimes } from '../times/line-times.ts'
import { findLine, type LinesHere, linkTo } from './line-link.ts'

/** Lines of ten bytes, of which the terminal has these rows. The page's first byte has offset 1000. */
function page({ inLog = true, gone = 0, parsed = 500, session = 'one' as string | null } = {}): LinesHere {
  const times = new LineTimes(new ManualClock(0))
  if (session !== null) times.joined(1_000, false, inLog)
  times.took(500)
  return {
    rows: {
      beginOf: (row) => (row + gone) * 10,
      rowAt: (at) => (at < gone * 10 ? null : Math.floor(at / 10) - gone),
      here: parsed,
      oldest: { row: 0, at: gone * 10 },
    },
    times,
    older: { join: { row: 1, offset: 1_000 + (gone + 1) * 10 } },
    session,
  }
}

describe('a link to a line', () => {
  it('names the place in the log, which outlives the session', () => {
    expect(linkTo(7, page())).toEqual({ at: 1_070, session: null })
    expect(linkTo(7, page({ gone: 20 }))).toEqual({ at: 1_270, session: null })
  })

  it('names the session where no log is kept', () => {
    expect(linkTo(7, page({ inLog: false }))).toEqual({ at: 1_070, session: 'one' })
  })

  it('is not there without a relay, or where nobody knows the row', () => {
    expect(linkTo(7, page({ session: null }))).toBeNull()
    const here = page()
    expect(linkTo(7, { ...here, rows: { ...here.rows, beginOf: () => null } })).toBeNull()
  })
})

describe('the line of a link', () => {
  it('is found by another page that came later, once it is drawn', () => {
    const link = { at: 1_070, session: null }
    expect(findLine(link, page({ session: null }))).toEqual({ kind: 'waits' })
    expect(findLine(link, page({ parsed: 60 }))).toEqual({ kind: 'waits' })
    expect(findLine(link, page({ parsed: 70 }))).toEqual({ kind: 'row', row: 7 })
    expect(findLine(link, page({ session: 'two' }))).toEqual({ kind: 'row', row: 7 })
  })

  it('is in the log where the page does not have it any more, or never had', () => {
    expect(findLine({ at: 1_070, session: null }, page({ gone: 20 }))).toEqual({ kind: 'older' })
    expect(findLine({ at: 70, session: null }, page())).toEqual({ kind: 'older' })
  })

  it('may not have come yet', () => {
    expect(findLine({ at: 2_000, session: null }, page())).toEqual({ kind: 'waits' })
  })

  it('is gone with its session, where no log is kept', () => {
    const link = { at: 1_070, session: 'one' }
    expect(findLine(link, page({ inLog: false }))).toEqual({ kind: 'row', row: 7 })
    expect(findLine(link, page({ inLog: false, gone: 20 }))).toEqual({ kind: 'gone' })
    expect(findLine({ ...link, at: 70 }, page({ inLog: false }))).toEqual({ kind: 'gone' })
    expect(findLine(link, page({ inLog: false, session: 'two' }))).toEqual({ kind: 'gone' })
    // It was made where a log was kept.
    expect(findLine({ at: 1_070, session: null }, page({ inLog: false }))).toEqual({ kind: 'gone' })
  })
})
