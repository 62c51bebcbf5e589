import { describe, expect, it } from 'vitest'
import type { Server } from '../../../shared/server.ts'
import { testServer } from '../../../testing/server.ts'
import { refreshed } from './steady.ts'

const list = (names: string, power: Server['power'] = 'on') =>
  [...names].map((name) => testServer({ id: name, name, power }))
const ids = (rows: readonly Server[]) => rows.map(({ id }) => id).join('')
const anywhere = () => true

describe('a refresh while nobody points at the rows', () => {
  it('is shown as it is', () => {
    const shown = refreshed(list('abcd'), list('dcx'), null, anywhere)
    expect(ids(shown.rows)).toBe('dcx')
    expect(shown).toMatchObject({ waiting: null, gone: new Set() })
  })
})

describe('a refresh while somebody points at rows', () => {
  const held = { first: 1, end: 3 }

  it('is shown at once if these rows stay beside each other', () => {
    expect(ids(refreshed(list('abcd'), list('abcdxyz'), held, anywhere).rows)).toBe('abcdxyz')
    // Two more above: the page scrolls by two rows, and the eye sees nothing move.
    expect(ids(refreshed(list('abcd'), list('xyabc'), held, (rows) => rows === 2).rows)).toBe('xyabc')
  })

  it('waits if the page cannot scroll by the difference', () => {
    const { rows, waiting } = refreshed(list('abcd'), list('xyabcd'), held, (by) => by === 0)
    expect(ids(rows)).toBe('abcd')
    expect(waiting).toMatchObject({ added: 2, gone: 0 })
  })

  it('waits if another row came between, and says what waits', () => {
    const { rows, waiting } = refreshed(list('abcd'), list('abxcd'), held, anywhere)
    expect(ids(rows)).toBe('abcd')
    expect(waiting).toMatchObject({ added: 1, gone: 0 })
    expect(ids(waiting?.rows ?? [])).toBe('abxcd')
  })

  it('shows new values in the old places', () => {
    const { rows } = refreshed(list('abcd'), list('dcba', 'off'), held, anywhere)
    expect(ids(rows)).toBe('abcd')
    expect(rows.map(({ power }) => power)).toEqual(['off', 'off', 'off', 'off'])
  })

  it('keeps the place of a row that is gone, and marks it', () => {
    const { rows, gone, waiting } = refreshed(list('abcd'), list('acd'), held, anywhere)
    expect(ids(rows)).toBe('abcd')
    expect([...gone]).toEqual(['b'])
    expect(waiting).toMatchObject({ added: 0, gone: 1 })
  })

  it('is shown at once if it takes away or brings rows that nobody sees', () => {
    expect(ids(refreshed(list('abcdef'), list('abcf'), held, anywhere).rows)).toBe('abcf')
  })

  it('does not wait for rows below the last one', () => {
    const window = { first: 0, end: 40 }
    expect(ids(refreshed(list('abc'), list('abcde'), window, anywhere).rows)).toBe('abcde')
  })

  it('shows what comes when there was nothing', () => {
    expect(ids(refreshed([], list('ab'), { first: 0, end: 9 }, anywhere).rows)).toBe('ab')
  })
})
