import { expect, it } from 'vitest'
import { testServer } from '../../testing/server.ts'
import { formatSort, nextSort, parseSort, type SortColumn, sortColumns, sortServers } from './sort.ts'

const server = (name: string, zone: string | null) => testServer({ id: `id-${name}`, name, zone })
const servers = [server('web-10', 'b'), server('web-2', null), server('Db-1', 'a')]
const ordered = (column: SortColumn, descending = false) =>
  sortServers(servers, { column, descending }).map(({ name }) => name)

it('counts as a person does and does not mind the case', () => {
  expect(ordered('name')).toEqual(['Db-1', 'web-2', 'web-10'])
  expect(ordered('name', true)).toEqual(['web-10', 'web-2', 'Db-1'])
})

it('puts servers without a value last, both ways', () => {
  expect(ordered('zone')).toEqual(['Db-1', 'web-10', 'web-2'])
  expect(ordered('zone', true)).toEqual(['web-10', 'Db-1', 'web-2'])
})

it('leaves the given list as it was', () => {
  const before = [...servers]
  sortServers(servers, { column: 'name', descending: false })
  expect(servers).toEqual(before)
})

it('reads from the address bar what it wrote, and nothing else', () => {
  for (const column of sortColumns)
    for (const descending of [false, true])
      expect(parseSort(formatSort({ column, descending }))).toEqual({ column, descending })
  for (const text of [undefined, '', '-', 'constructor', '--name']) expect(parseSort(text)).toBeNull()
})

it('goes up, down, and back to the order of the cloud', () => {
  const up = nextSort(null, 'zone')
  const down = nextSort(up, 'zone')
  expect([up, down, nextSort(down, 'zone')]).toEqual([
    { column: 'zone', descending: false },
    { column: 'zone', descending: true },
    null,
  ])
  expect(nextSort(up, 'name')).toEqual({ column: 'name', descending: false })
})
