import { expect, it } from 'vitest'
import { type Pins, pinned, shortcuts } from './pins.ts'

const pins = (ids: string, change: Partial<Pins> = {}): Pins => ({
  only: 'favourites',
  known: true,
  ids: [...ids],
  ...change,
})

it('shows what is kept once that is known, and when the part is chosen anew', () => {
  expect(pinned(pins('', { known: false }), pins('ab')).ids).toEqual(['a', 'b'])
  expect(pinned(pins('ab'), pins('c', { only: 'recent' })).ids).toEqual(['c'])
  expect(pinned(pins('ab'), pins('', { only: null })).ids).toEqual([])
})

it('leaves what is no favourite any more where it was, and puts new ones first', () => {
  const before = pins('abc')
  expect(pinned(before, pins('ac'))).toBe(before)
  expect(pinned(before, pins('dac')).ids).toEqual(['d', 'a', 'b', 'c'])
  // A server that was opened again is where it was.
  expect(pinned(before, pins('cab'))).toBe(before)
})

it('leads to favourites first, then to what was opened lately, each once', () => {
  expect(shortcuts(['a', 'b'], ['c', 'a'])).toEqual([
    { id: 'a', favourite: true },
    { id: 'b', favourite: true },
    { id: 'c', favourite: false },
  ])
  expect(
    shortcuts(
      Array.from({ length: 40 }, (_, at) => `srv-${at}`),
      ['x'],
    ),
  ).toHaveLength(16)
})
