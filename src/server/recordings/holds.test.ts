import { describe, expect, it } from 'vitest'
import { Holds } from './holds.ts'

describe('what recordings hold', () => {
  it('is in order, and apart', () => {
    const holds = new Holds()
    holds.set('a', 'later', { from: 20, to: 30 })
    holds.set('a', 'open', { from: 5, to: 12 })
    holds.set('a', 'part', { from: 0, to: 10 })
    holds.set('a', 'next', { from: 12, to: 20 })
    holds.set('a', 'empty', { from: 40, to: 40 })
    holds.set('b', 'other', { from: 1, to: 2 })
    expect(holds.of('a')).toEqual([
      { from: 0, to: 12 },
      { from: 12, to: 20 },
      { from: 20, to: 30 },
    ])
    holds.delete('a', 'part')
    expect(holds.of('a')[0]).toEqual({ from: 5, to: 12 })
    for (const id of ['later', 'open', 'next', 'empty']) holds.delete('a', id)
    expect([holds.of('a'), holds.of('b'), holds.of('c')]).toEqual([[], [{ from: 1, to: 2 }], []])
  })
})
