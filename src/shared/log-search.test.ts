import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { LogSearchEvent, SearchCursor } from './log-search.ts'

it('writes a place as a cursor, and reads no other', () => {
  const place = { id: 'id_web-01', before: 1234 }
  const cursor = z.encode(SearchCursor, place)
  expect(z.decode(SearchCursor, cursor)).toEqual(place)
  for (const bad of ['web', 'web.', '.1', 'web.-1', 'a/b.1', 'web.1.2']) {
    expect(SearchCursor.safeParse(bad).success).toBe(false)
  }
})

it('tells what a search found', () => {
  const hit = {
    type: 'hit',
    offset: 5,
    time: '2026-11-24T02:13:00Z',
    boot: null,
    before: 'a ',
    match: 'b',
    after: ' c',
  }
  expect(LogSearchEvent.safeParse(hit).success).toBe(false)
  expect(LogSearchEvent.parse({ ...hit, server: { id: 'x', name: 'web-01' } })).toMatchObject(hit)
})
