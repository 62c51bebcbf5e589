import { expect, it } from 'vitest'
import { columnsOf, fitting, templateOf, usualColumns } from './columns.ts'

it('takes the known columns of a stored choice, in its order', () => {
  expect(columnsOf(['zone', 'colour', 'status'])).toEqual(['zone', 'status'])
  expect(columnsOf([])).toEqual([])
  expect(columnsOf(null)).toEqual(usualColumns)
})

it('shows as many columns as have room, from the first on', () => {
  expect(fitting(usualColumns, 100)).toEqual(usualColumns)
  expect(fitting(usualColumns, 60)).toEqual(['status', 'os', 'addresses', 'zone'])
  expect(fitting(usualColumns, 20)).toEqual([])
  // A narrow one behind a wide one that has no room is left out, too: the order is the reader's.
  expect(fitting(['id', 'zone'], 30)).toEqual([])
})

it('gives every row the same widths, whatever is in it', () => {
  expect(templateOf(['status', 'zone'])).toBe('2.7rem minmax(0, 15fr) minmax(0, 9fr) minmax(0, 8fr)')
})
