import { expect, it } from 'vitest'
import { drawnRows, firstWhole, sightAt } from './sight.ts'

/** The first of the drawn rows, and the one behind the last */
function drawn(above: number, count: number): [first: number, end: number] {
  const rows = drawnRows(sightAt(above, 900, 50), count, -1)
  const first = rows[0] ?? 0
  expect(rows).toEqual(rows.map((_, index) => first + index))
  return [first, first + rows.length]
}

it('draws the rows in the window, and some beyond its edges', () => {
  expect(drawn(0, 10_000)).toEqual([0, 24])
  expect(drawn(50_000, 10_000)).toEqual([996, 1024])
})

it('draws no rows that are not there', () => {
  expect(drawn(0, 3)).toEqual([0, 3])
  expect(drawn(0, 0)).toEqual([0, 0])
  expect(drawn(499_100, 10_000)).toEqual([9976, 10_000])
})

it('draws rows when the table is below the window, or far above it', () => {
  expect(drawn(-2_000, 100)).toEqual([0, 0])
  // The list has become short, and the page has not scrolled back yet.
  expect(drawn(50_000, 10)).toEqual([9, 10])
})

it('sees the same while the page scrolls by less than a step, and when the list grows', () => {
  expect(sightAt(50_010, 900, 50)).toEqual(sightAt(50_090, 900, 50))
  const sight = sightAt(0, 900, 50)
  expect(drawnRows(sight, 3, -1)).toHaveLength(3)
  expect(drawnRows(sight, 10_000, -1)).toHaveLength(24)
})

it('keeps the row with the focus, wherever it is', () => {
  const rows = (kept: number) => drawnRows({ top: 8, bottom: 12 }, 14, kept)
  const inside = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
  expect(rows(-1)).toEqual(inside)
  expect(rows(9)).toEqual(inside)
  expect(rows(1)).toEqual([1, ...inside])
  expect(drawnRows({ top: 8, bottom: 12 }, 100, 90).slice(-2)).toEqual([15, 90])
})

it('knows the first row that is whole in the window', () => {
  expect(firstWhole(sightAt(0, 900, 50))).toBe(0)
  expect(firstWhole(sightAt(-300, 900, 50))).toBe(0)
  expect(firstWhole(sightAt(50_010, 900, 50))).toBe(1004)
})
