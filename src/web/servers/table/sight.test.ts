import { expect, it } from 'vitest'
import { drawnRows, sightAt } from './sight.ts'

it('draws the rows in the window, and some beyond its edges', () => {
  expect(sightAt(0, 900, 50, 10_000)).toEqual({ first: 0, end: 24 })
  expect(sightAt(50_000, 900, 50, 10_000)).toEqual({ first: 996, end: 1024 })
})

it('draws no rows that are not there', () => {
  expect(sightAt(0, 900, 50, 3)).toEqual({ first: 0, end: 3 })
  expect(sightAt(0, 900, 50, 0)).toEqual({ first: 0, end: 0 })
  expect(sightAt(499_100, 900, 50, 10_000)).toEqual({ first: 9976, end: 10_000 })
})

it('draws rows when the table is below the window, or far above it', () => {
  expect(sightAt(-2_000, 900, 50, 100)).toEqual({ first: 0, end: 0 })
  // The list has become short, and the page has not scrolled back yet.
  expect(sightAt(50_000, 900, 50, 10)).toEqual({ first: 9, end: 10 })
})

it('stays the same while the page scrolls by less than a step', () => {
  expect(sightAt(50_010, 900, 50, 10_000)).toEqual(sightAt(50_090, 900, 50, 10_000))
})

it('keeps the row with the focus, wherever it is', () => {
  expect(drawnRows({ first: 4, end: 7 }, -1)).toEqual([4, 5, 6])
  expect(drawnRows({ first: 4, end: 7 }, 5)).toEqual([4, 5, 6])
  expect(drawnRows({ first: 4, end: 7 }, 1)).toEqual([1, 4, 5, 6])
  expect(drawnRows({ first: 4, end: 7 }, 90)).toEqual([4, 5, 6, 90])
})
