import { expect, it } from 'vitest'
import { seenOf } from './screen-keyboard.ts'

it('is known by what it leaves in sight', () => {
  expect(seenOf({ height: 508, offsetTop: 0, scale: 1 }, 844)).toEqual({ top: 0, height: 508 })
  // iOS moves what is seen instead of the page.
  expect(seenOf({ height: 508, offsetTop: 120, scale: 1 }, 844)).toEqual({ top: 120, height: 508 })
})

it.each([
  ['a bar of the browser', { height: 788, offsetTop: 0, scale: 1 }],
  ['a strip of suggestions', { height: 780, offsetTop: 0, scale: 1 }],
  ['a person who has zoomed in', { height: 300, offsetTop: 40, scale: 2.8 }],
])('is not taken for %s', (_what, viewport) => {
  expect(seenOf(viewport, 844)).toBeNull()
})
