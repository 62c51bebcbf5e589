import fc from 'fast-check'
import { expect, it } from 'vitest'
import { plainSearch } from '../../search-params.ts'
import { facets, toggled } from './facets.ts'
import { sortColumns } from './sort.ts'
import { isNarrowed, ListSearch, type ListView, searchOf, viewOf, wholeList } from './view.ts'

const read = (search: Record<string, string>) => viewOf(ListSearch.parse(search))

it('reads the addresses that there have always been', () => {
  expect(read({})).toEqual(wholeList)
  expect(
    read({ q: 'web 1', sort: '-zone', only: 'recent', region: 'eu-de', project: 'p-1', enterprise: '0' }),
  ).toEqual({
    only: 'recent',
    query: 'web 1',
    facets: { region: ['eu-de'], project: ['p-1'], enterprise: ['0'] },
    sort: [{ column: 'zone', descending: true }],
    columns: null,
  })
})

it('reads several values, each once, and passes over what says nothing', () => {
  const { facets, columns } = read({
    zone: 'a,b,,a',
    tag: 'env=prod,role',
    columns: 'zone,name',
    status: ',',
  })
  expect(facets).toEqual({ zone: ['a', 'b'], tag: ['env=prod', 'role'] })
  expect(columns).toEqual(['zone', 'name'])
})

it('reads what it wrote, whatever is in it', () => {
  const value = fc.string({ minLength: 1, unit: fc.constantFrom('a', ',', '\\', '=', ' ', '\n', '木') })
  const values = fc.uniqueArray(value, { minLength: 1, maxLength: 4 })
  const view: fc.Arbitrary<ListView> = fc.record({
    only: fc.constantFrom('favourites', 'recent', null),
    query: fc.string(),
    facets: fc.dictionary(fc.constantFrom(...facets), values),
    sort: fc.uniqueArray(fc.record({ column: fc.constantFrom(...sortColumns), descending: fc.boolean() }), {
      selector: ({ column }) => column,
    }),
    columns: fc.option(values),
  })
  fc.assert(
    fc.property(view, (given) => {
      const search = plainSearch.parseSearch(plainSearch.stringifySearch(searchOf(given)))
      expect(read(search)).toEqual(given)
    }),
  )
})

it('passes over what only a newer page knows', () => {
  expect(read({ only: 'mine', q: 'a' })).toEqual({ ...wholeList, query: 'a' })
})

it('says whether a view leaves servers out', () => {
  expect(isNarrowed(wholeList)).toBe(false)
  expect(isNarrowed({ ...wholeList, query: ' ', sort: [{ column: 'name', descending: true }] })).toBe(false)
  expect(isNarrowed({ ...wholeList, only: 'favourites' })).toBe(true)
  expect(isNarrowed({ ...wholeList, query: 'a' })).toBe(true)
  expect(isNarrowed({ ...wholeList, facets: { zone: ['a'] } })).toBe(true)
})

it('takes a value into the choice and out of it', () => {
  const once = toggled({}, 'zone', 'a')
  expect(once).toEqual({ zone: ['a'] })
  expect(toggled(once, 'zone', 'b')).toEqual({ zone: ['a', 'b'] })
  expect(toggled(once, 'zone', 'a')).toEqual({})
})
