import { expect, it } from 'vitest'
import { commandOf } from './keys.ts'

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
const pressed = (
  key: string,
  change: Partial<typeof plain> = {},
  atRow = true,
  before: string | null = null,
) => commandOf({ key, ...plain, ...change }, atRow, before)

it('moves by letters everywhere, and by arrows where a row has the focus', () => {
  expect(pressed('j')).toEqual({ kind: 'move', by: 1 })
  expect(pressed('k', {}, false)).toEqual({ kind: 'move', by: -1 })
  expect(pressed('ArrowDown')).toEqual({ kind: 'move', by: 1 })
  expect(pressed('ArrowDown', {}, false)).toBeNull()
  expect(pressed('PageUp')).toEqual({ kind: 'page', by: -1 })
})

it('goes to the ends', () => {
  expect(pressed('g')).toBeNull()
  expect(pressed('g', {}, false, 'g')).toEqual({ kind: 'edge', edge: 'first' })
  expect(pressed('G', { shiftKey: true })).toEqual({ kind: 'edge', edge: 'last' })
  expect(pressed('End')).toEqual({ kind: 'edge', edge: 'last' })
})

it('selects one row, a range and all, and makes a favourite', () => {
  expect(pressed('x')).toEqual({ kind: 'select' })
  expect(pressed('f')).toEqual({ kind: 'favourite' })
  expect(pressed(' ')).toEqual({ kind: 'select' })
  expect(pressed('X', { shiftKey: true })).toEqual({ kind: 'select-range' })
  expect(pressed(' ', { shiftKey: true })).toEqual({ kind: 'select-range' })
  expect(pressed('a', { ctrlKey: true })).toEqual({ kind: 'select-all' })
  expect(pressed('a', { metaKey: true }, false)).toBeNull()
})

it('leaves the browser its keys', () => {
  expect(pressed('x', { ctrlKey: true })).toBeNull()
  expect(pressed('j', { altKey: true })).toBeNull()
  expect(pressed('Enter')).toBeNull()
  expect(pressed('Tab')).toBeNull()
})
