import fc from 'fast-check'
import { expect, it } from 'vitest'
import { testServer } from '../../../testing/server.ts'
import { formatSort, nextSort, parseSort, ServerSorter, type SortColumn, sortColumns } from './sort.ts'
import { ranksOf } from './sort-keys.ts'

const server = (name: string, zone: string | null) => testServer({ id: `id-${name}`, name, zone })
const servers = [server('web-10', 'b'), server('web-2', null), server('Db-1', 'a'), server('app-1', 'b')]
const sorter = new ServerSorter()
const ordered = (text: string, given = servers) => sorter.sort(given, parseSort(text)).map(({ name }) => name)

it('counts as a person does and does not mind the case', () => {
  expect(ordered('name')).toEqual(['app-1', 'Db-1', 'web-2', 'web-10'])
  expect(ordered('-name')).toEqual(['web-10', 'web-2', 'Db-1', 'app-1'])
})

it('puts servers without a value last, both ways', () => {
  expect(ordered('zone')).toEqual(['Db-1', 'app-1', 'web-10', 'web-2'])
  expect(ordered('-zone')).toEqual(['web-10', 'app-1', 'Db-1', 'web-2'])
})

it('sorts by several columns', () => {
  expect(ordered('zone,-name')).toEqual(['Db-1', 'web-10', 'app-1', 'web-2'])
  expect(ordered('-zone,name')).toEqual(['app-1', 'web-10', 'Db-1', 'web-2'])
  expect(ordered('-zone,-name')).toEqual(['web-10', 'app-1', 'Db-1', 'web-2'])
})

it('keeps the cloud’s order where all is equal, and without an order', () => {
  const twins = ['b', 'a', 'c'].map((id) => testServer({ id, name: 'twin' }))
  for (const text of ['name', '-name', 'zone,-status'])
    expect(sorter.sort(twins, parseSort(text)).map(({ id }) => id)).toEqual(['b', 'a', 'c'])
  expect(sorter.sort(twins, [])).toBe(twins)
})

it('leaves the given list as it was, and gives the same one again', () => {
  const before = [...servers]
  const sorted = sorter.sort(servers, parseSort('name'))
  expect(servers).toEqual(before)
  expect(sorter.sort(servers, parseSort('name'))).toBe(sorted)
})

it('is the same with the ranks made before', () => {
  const early = new ServerSorter()
  for (const column of ['zone', 'name'] as const) early.rank(servers, column)
  for (const text of ['zone', '-zone,name', '-name'])
    expect(early.sort(servers, parseSort(text))).toEqual(new ServerSorter().sort(servers, parseSort(text)))
})

it('finds the place of what has come since', () => {
  expect(ordered('name', [...servers, server('cat', null)])).toEqual([
    'app-1',
    'cat',
    'Db-1',
    'web-2',
    'web-10',
  ])
})

it('orders texts as the language of the page does', () => {
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
  const ascii = fc.string({ unit: fc.constantFrom(...'aAbBzZ0019-_ ./:=~') })
  for (const text of [ascii, fc.string(), fc.string({ unit: 'grapheme' })])
    fc.assert(
      fc.property(text, text, (a, b) => {
        const ranks = ranksOf([a, b])
        const order = Math.sign((ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
        expect(order).toBe(Math.sign(collator.compare(a, b)))
      }),
      { numRuns: 500 },
    )
  expect([...ranksOf(['web-10', 'über', 'web-2', 'Unter', 'web-02']).entries()]).toEqual([
    ['über', 0],
    ['Unter', 1],
    ['web-2', 2],
    ['web-02', 2],
    ['web-10', 3],
  ])
})

it('reads from the address what it wrote, and nothing else', () => {
  for (const column of sortColumns)
    for (const descending of [false, true])
      expect(parseSort(formatSort([{ column, descending }]))).toEqual([{ column, descending }])
  expect(formatSort(parseSort('zone,-name'))).toBe('zone,-name')
  for (const text of ['', '-', 'constructor', '--name', ',']) expect(parseSort(text)).toEqual([])
  expect(parseSort('zone,nothing,-zone,name')).toEqual(parseSort('zone,name'))
})

it('goes up, down, and back, alone or beside other columns', () => {
  const press = (text: string, column: SortColumn, add = false) =>
    formatSort(nextSort(parseSort(text), column, add))
  expect(press('', 'zone')).toBe('zone')
  expect(press('zone', 'zone')).toBe('-zone')
  expect(press('-zone', 'zone')).toBe('')
  expect(press('zone,status', 'name')).toBe('name')
  expect(press('zone', 'name', true)).toBe('zone,name')
  expect(press('zone,name', 'zone', true)).toBe('-zone,name')
  expect(press('-zone,name', 'zone', true)).toBe('name')
})
