import { describe, expect, it } from 'vitest'
import { RowKeys } from './row-keys.ts'

describe('keys of rows', () => {
  it('stay with a row that stays, wherever it goes', () => {
    const keys = new RowKeys()
    expect(keys.assign(['a', 'b', 'c'])).toEqual([0, 1, 2])
    expect(keys.assign(['c', 'a', 'b'])).toEqual([2, 0, 1])
  })

  it('go from the rows that go to those that come, in their order', () => {
    const keys = new RowKeys()
    keys.assign(['a', 'b', 'c', 'd'])
    expect(keys.assign(['x', 'b', 'y', 'z'])).toEqual([0, 1, 2, 3])
  })

  it('are new where more rows come than go', () => {
    const keys = new RowKeys()
    keys.assign(['a', 'b'])
    expect(keys.assign(['b', 'c', 'd', 'e'])).toEqual([1, 0, 2, 3])
  })

  it('are the same when the same rows are drawn again', () => {
    const keys = new RowKeys()
    keys.assign(['a', 'b'])
    const moved = keys.assign(['b', 'x'])
    expect(keys.assign(['b', 'x'])).toEqual(moved)
  })

  it('are never shared by two rows', () => {
    const keys = new RowKeys()
    for (const ids of ['abcdef', 'f', 'xyfab', '', 'qa', 'abcdefghij', 'jihgfedcba', 'zzq'.slice(1)]) {
      const given = keys.assign([...ids])
      expect(new Set(given).size).toBe(ids.length)
    }
  })
})
