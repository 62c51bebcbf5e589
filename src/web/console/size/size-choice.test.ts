import { expect, it } from 'vitest'
import { choiceOf, fitsInto, fixedSizes, menuValueOf, smallerTexts, withinBounds } from './size-choice.ts'

it('is a menu’s value, and the same choice again', () => {
  for (const choice of ['fit', ...fixedSizes] as const) expect(choiceOf(menuValueOf(choice))).toEqual(choice)
  expect(choiceOf('something else')).toBe('fit')
})

it('stays within what a terminal may have', () => {
  expect(withinBounds({ columns: 3_000, rows: 0 })).toEqual({ columns: 512, rows: 1 })
  expect(withinBounds({ columns: 80, rows: 24 })).toEqual({ columns: 80, rows: 24 })
})

it('shrinks text until the terminal fits, and not below what can be read', () => {
  const room = { width: 400, height: 400 }
  expect(smallerTexts(14, { width: 800, height: 300 }, room).slice(0, 2)).toEqual([7, 6.75])
  expect(smallerTexts(14, { width: 8_000, height: 300 }, room)).toEqual(Array(8).fill(5))
  expect(fitsInto({ width: 400, height: 401 }, room)).toBe(false)
  expect(fitsInto(room, room)).toBe(true)
})
