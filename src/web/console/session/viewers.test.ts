import { describe, expect, it } from 'vitest'
import type { Viewer } from '../../../shared/relay-protocol.ts'
import { arrivalNews, hasKeyboard, nameOf, type Viewers, viewerNews } from './viewers.ts'

const viewer = (number: number, facts: Partial<Viewer> = {}): Viewer => ({
  id: `id${number}`,
  name: `Person ${number}`,
  number,
  tab: 1,
  mayWrite: true,
  role: 'viewer',
  owner: number === 1,
  ...facts,
})

/** Viewers by number. We are the first, and `writer` has the keyboard. */
const line = (numbers: number[], writer: number | null): Viewers => ({
  you: 'id1',
  all: numbers.map((number) => viewer(number, { role: number === writer ? 'writer' : 'viewer' })),
})

const named = (number: number) => ({ name: `Person ${number}`, person: null, tab: null })

describe('the keyboard', () => {
  it('is ours on a line that is not shared, and when we are the writer', () => {
    expect(hasKeyboard(null)).toBe(true)
    expect(hasKeyboard(line([1, 2], 1))).toBe(true)
    expect(hasKeyboard(line([1, 2], 2))).toBe(false)
    expect(hasKeyboard(line([1, 2], null))).toBe(false)
  })
})

describe('what a viewer is called', () => {
  it('is only the name when that is enough', () => {
    const all = [viewer(1, { name: 'Ada' }), viewer(2, { name: 'Bob' })]
    expect(all.map((each) => nameOf(each, all))).toEqual([
      { name: 'Ada', person: null, tab: null },
      { name: 'Bob', person: null, tab: null },
    ])
  })

  it('includes the tab for a person with two, and the number for two of one name', () => {
    const all = [
      viewer(1, { name: 'Ada' }),
      viewer(1, { name: 'Ada', id: 'id1b', tab: 2 }),
      viewer(2, { name: 'Local user' }),
      viewer(3, { name: 'Local user' }),
    ]
    expect(all.map((each) => nameOf(each, all))).toEqual([
      { name: 'Ada', person: null, tab: 1 },
      { name: 'Ada', person: null, tab: 2 },
      { name: 'Local user', person: 2, tab: null },
      { name: 'Local user', person: 3, tab: null },
    ])
  })
})

describe('the news about viewers', () => {
  it('tell at first who has the keyboard, if it is another', () => {
    expect(arrivalNews(line([1, 2], 2))).toEqual({ kind: 'watching', viewer: named(2) })
    expect([arrivalNews(line([1, 2], 1)), arrivalNews(line([1, 2], null))]).toEqual([null, null])
  })

  it.each([
    [
      'another takes the keyboard from us',
      line([1, 2], 1),
      line([1, 2], 2),
      { kind: 'taken', viewer: named(2) },
    ],
    ['we get it', line([1, 2], 2), line([1, 2], 1), { kind: 'yours' }],
    [
      'it goes from one to another',
      line([1, 2, 3], 2),
      line([1, 2, 3], 3),
      { kind: 'theirs', viewer: named(3) },
    ],
    ['a free keyboard is taken', line([1, 2], null), line([1, 2], 2), { kind: 'theirs', viewer: named(2) }],
    ['it is let go', line([1, 2], 2), line([1, 2], null), { kind: 'free' }],
    ['somebody comes', line([1], 1), line([1, 2], 1), { kind: 'joined', viewer: named(2) }],
    ['somebody leaves', line([1, 2], 1), line([1], 1), { kind: 'left', viewer: named(2) }],
    ['the writer leaves', line([1, 2], 2), line([1], null), { kind: 'left', viewer: named(2) }],
    ['the writer is back', line([1], null), line([1, 3], 3), { kind: 'joined', viewer: named(3) }],
    ['nothing changes', line([1, 2], 1), line([1, 2], 1), null],
  ])('%s', (_, before, after, news) => {
    expect(viewerNews(before, after, null)).toEqual(news)
  })

  it('a keyboard that we handed over was not taken', () => {
    const theirs = { kind: 'theirs', viewer: named(2) }
    expect(viewerNews(line([1, 2], 1), line([1, 2], 2), 'id2')).toEqual(theirs)
    const taken = { kind: 'taken', viewer: named(3) }
    expect(viewerNews(line([1, 2, 3], 1), line([1, 2, 3], 3), 'id2')).toEqual(taken)
  })

  it('a tab that left is called as it was while it was there', () => {
    const before: Viewers = { you: 'id1', all: [viewer(1), viewer(1, { id: 'id1b', tab: 2 })] }
    expect(viewerNews(before, { you: 'id1', all: [viewer(1)] }, null)).toEqual({
      kind: 'left',
      viewer: { name: 'Person 1', person: null, tab: 2 },
    })
  })
})
