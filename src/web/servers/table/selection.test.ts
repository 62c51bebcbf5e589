import { expect, it } from 'vitest'
import { allToggled, nothingSelected, rangeTo, shareSelected, toggled } from './selection.ts'

const order = ['a', 'b', 'c', 'd', 'e']
const rows = order.map((id) => ({ id }))
const chosen = (...ids: string[]) => ids.reduce((selection, id) => toggled(selection, id), nothingSelected)

it('chooses a server and leaves it out again', () => {
  expect([...chosen('b', 'd').ids]).toEqual(['b', 'd'])
  expect([...chosen('b', 'd', 'b').ids]).toEqual(['d'])
})

it('chooses a range in either direction, as the rows are shown', () => {
  expect([...rangeTo(chosen('b'), order, 'd').ids]).toEqual(['b', 'c', 'd'])
  expect([...rangeTo(chosen('d'), order, 'b').ids]).toEqual(['d', 'b', 'c'])
})

it('goes on with the next range where the last one ended, and keeps what was chosen before', () => {
  const first = rangeTo(chosen('e', 'a'), order, 'b')
  expect([...rangeTo(first, order, 'c').ids].sort()).toEqual(['a', 'b', 'c', 'e'])
})

it('leaves a range out that begins at a row that was left out', () => {
  const all = allToggled(nothingSelected, order)
  expect([...rangeTo(toggled(all, 'b'), order, 'd').ids]).toEqual(['a', 'e'])
})

it('chooses one row when there is no row to begin at, or it is gone', () => {
  expect([...rangeTo(nothingSelected, order, 'c').ids]).toEqual(['c'])
  expect([...rangeTo(chosen('gone'), order, 'c').ids]).toEqual(['gone', 'c'])
})

it('chooses all shown rows, then none, and leaves alone what is not shown', () => {
  const all = allToggled(chosen('z', 'b'), order)
  expect([...all.ids].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'z'])
  expect([...allToggled(all, order).ids]).toEqual(['z'])
})

it('says which of the shown rows are chosen', () => {
  expect(shareSelected(nothingSelected, rows)).toBe('none')
  expect(shareSelected(chosen('z'), rows)).toBe('none')
  expect(shareSelected(chosen('a'), rows)).toBe('some')
  expect(shareSelected(chosen(...order), rows)).toBe('all')
})
