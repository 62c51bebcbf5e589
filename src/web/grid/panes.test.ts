import { describe, expect, it } from 'vitest'
import { addressOf, frontWithout, gpuShare, gridOf, PanesInAddress, panesOf } from './panes.ts'

const read = (search: Record<string, string>) => panesOf(PanesInAddress.parse(search))

describe('the address', () => {
  it.each([
    [{ servers: 'a,b,c' }, { servers: ['a', 'b', 'c'], layout: 'grid', at: 'a', adds: false }],
    [
      { servers: 'a,b,c', layout: 'tabs', at: 'b', add: '1' },
      { servers: ['a', 'b', 'c'], layout: 'tabs', at: 'b', adds: true },
    ],
    [{}, { servers: [], layout: 'grid', at: null, adds: false }],
  ] as const)('%j is read, and written as it was', (search, panes) => {
    expect(read(search)).toEqual(panes)
    expect(addressOf(panes)).toEqual(search)
  })

  it('that was typed by hand has what can be made of it', () => {
    expect(read({ servers: 'a,b', layout: 'windows', at: 'z' })).toEqual({
      servers: ['a', 'b'],
      layout: 'grid',
      at: 'a',
      adds: false,
    })
  })
})

describe('the pane in front after a close', () => {
  it.each([
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'b'],
  ])('of %s is %s', (closed, front) => {
    expect(frontWithout(['a', 'b', 'c'], closed)).toBe(front)
  })

  it('of the last is none', () => {
    expect(frontWithout(['a'], 'a')).toBeNull()
  })
})

describe('the grid', () => {
  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [3, 2, 2],
    [4, 2, 2],
    [5, 3, 2],
    [6, 3, 2],
    [7, 3, 3],
    [9, 3, 3],
  ])('of %i panes has %i columns and %i rows', (count, columns, rows) => {
    expect(gridOf(count)).toMatchObject({ columns, rows })
  })

  it('is filled, each place by one pane, and no edge crosses a pane', () => {
    for (let count = 1; count <= 9; count++) {
      const { columns, rows, cells, columnEdges, rowEdges } = gridOf(count)
      const places = cells.flatMap(({ column, row, columnSpan }) =>
        Array.from({ length: columnSpan }, (_, more) => `${column + more} ${row}`),
      )
      expect(new Set(places).size).toBe(places.length)
      expect(places).toHaveLength(columns * rows)
      expect(rowEdges).toHaveLength(rows - 1)
      for (const { column, rowSpan } of columnEdges) {
        const crossed = cells.filter(
          (cell) => cell.row < rowSpan && cell.column < column && column < cell.column + cell.columnSpan,
        )
        expect(crossed).toEqual([])
      }
    }
  })
})

describe('what a GPU draws', () => {
  const nine = Array.from({ length: 9 }, (_, index) => `${index}`)

  it('is what is in view', () => {
    expect([...gpuShare(['b'], 'b')]).toEqual(['b'])
  })

  it('is eight of nine, the one with the focus among them', () => {
    expect(gpuShare(nine, '8').size).toBe(8)
    expect(gpuShare(nine, '8').has('8')).toBe(true)
    expect(gpuShare(nine, '0').has('8')).toBe(false)
  })
})
