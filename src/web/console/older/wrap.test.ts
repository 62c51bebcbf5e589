import { describe, expect, it } from 'vitest'
import { wrap, wrapLines } from './wrap.ts'

describe('a long line', () => {
  it('is wrapped at the last column', () => {
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
    expect(wrap('abcd', 4)).toEqual(['abcd'])
    expect(wrap('', 4)).toEqual([''])
  })

  it('keeps a wide character whole, and marks with their character', () => {
    expect(wrap('abc中文', 4)).toEqual(['abc', '中文'])
    expect(wrap('中文中文', 5)).toEqual(['中文', '中文'])
    expect(wrap('abce\u0301f', 4)).toEqual(['abce\u0301', 'f'])
    expect(wrap('🟢🟢🟢', 4)).toEqual(['🟢🟢', '🟢'])
  })

  it('ends also where a column has no room for any character', () => {
    expect(wrap('中文', 1)).toEqual(['中', '文'])
  })
})

it('rows keep their keys however lines are wrapped', () => {
  const line = { type: 'line', offset: 0, end: 11, time: '2026-03-01T12:00:00Z', text: 'abcdefghij' } as const
  const row = { kind: 'line', key: 'line 11 0', line } as const
  const begin = { kind: 'begin', key: 'begin' } as const
  expect(wrapLines([begin, row], 20)).toEqual([begin, row])
  expect(wrapLines([begin, row], 6)).toEqual([
    begin,
    { ...row, text: 'abcdef' },
    { kind: 'more', key: 'line 11 0 +1', text: 'ghij' },
  ])
})
