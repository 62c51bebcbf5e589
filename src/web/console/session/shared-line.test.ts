import { expect, it } from 'vitest'
import type { Viewer } from '../../../shared/relay-protocol.ts'
import { initialSharedLine, reduceSharedLine, type SharedLineEvent } from './shared-line.ts'

const now = { wall: 0, steady: 0 }
const viewer = (number: number, writer: number | null): Viewer => ({
  id: `id${number}`,
  name: `Person ${number}`,
  number,
  tab: 1,
  mayWrite: true,
  role: number === writer ? 'writer' : 'viewer',
  owner: false,
})
/** We are the first of two. */
const list = (writer: number | null): SharedLineEvent => ({
  type: 'viewers',
  you: 'id1',
  viewers: [viewer(1, writer), viewer(2, writer)],
})

it('tells who has the keyboard when we come, and not again after each cut', () => {
  const newsOf = (events: readonly SharedLineEvent[]) => {
    const told: unknown[] = []
    let model = initialSharedLine
    for (const event of events) {
      const { news } = model.shown
      model = reduceSharedLine(model, event, now)
      if (model.shown.news && model.shown.news !== news) told.push(model.shown.news.kind)
    }
    return told
  }
  const cut: SharedLineEvent = { type: 'closed' }
  expect(newsOf([list(2), cut, list(2)])).toEqual(['watching'])
  // Another took the keyboard while we were cut off.
  expect(newsOf([list(1), cut, list(2)])).toEqual(['watching'])
  expect(newsOf([list(2), list(1), cut, list(1)])).toEqual(['watching', 'yours'])
  expect(newsOf([list(null)])).toEqual([])
})
