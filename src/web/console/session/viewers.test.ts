import { describe, expect, it } from 'vitest'
import { hasKeyboard, type Viewers, viewerNews } from './viewers.ts'

/** Viewers by number, we are the first of them; `writer` has the keyboard. */
const line = (numbers: number[], writer: number | null): Viewers => ({
  you: 'id1',
  all: numbers.map((number) => ({
    id: `id${number}`,
    number,
    role: number === writer ? 'writer' : 'viewer',
    owner: number === 1,
  })),
})

describe('the keyboard', () => {
  it('is ours where the line is not shared, and where we are the writer', () => {
    expect(hasKeyboard(null)).toBe(true)
    expect(hasKeyboard(line([1, 2], 1))).toBe(true)
    expect(hasKeyboard(line([1, 2], 2))).toBe(false)
    expect(hasKeyboard(line([1, 2], null))).toBe(false)
  })
})

describe('what is told of the viewers', () => {
  it.each([
    ['another takes the keyboard from us', line([1, 2], 1), line([1, 2], 2), { kind: 'taken', viewer: 2 }],
    ['we get it', line([1, 2], 2), line([1, 2], 1), { kind: 'yours' }],
    ['it goes from one to another', line([1, 2, 3], 2), line([1, 2, 3], 3), { kind: 'theirs', viewer: 3 }],
    ['a free keyboard is taken', line([1, 2], null), line([1, 2], 2), { kind: 'theirs', viewer: 2 }],
    ['it is let go', line([1, 2], 2), line([1, 2], null), { kind: 'free' }],
    ['somebody comes', line([1], 1), line([1, 2], 1), { kind: 'joined', viewer: 2 }],
    ['somebody leaves', line([1, 2], 1), line([1], 1), { kind: 'left', viewer: 2 }],
    ['the writer leaves', line([1, 2], 2), line([1], null), { kind: 'left', viewer: 2 }],
    ['the writer is back', line([1], null), line([1, 3], 3), { kind: 'joined', viewer: 3 }],
    ['nothing changes', line([1, 2], 1), line([1, 2], 1), null],
  ])('%s', (_, before, after, news) => {
    expect(viewerNews(before, after, null)).toEqual(news)
  })

  it('a keyboard that we gave away was not taken', () => {
    expect(viewerNews(line([1, 2], 1), line([1, 2], 2), 'id2')).toEqual({ kind: 'theirs', viewer: 2 })
    expect(viewerNews(line([1, 2, 3], 1), line([1, 2, 3], 3), 'id2')).toEqual({ kind: 'taken', viewer: 3 })
  })
})
