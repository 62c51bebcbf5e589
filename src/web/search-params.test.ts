import { expect, it } from 'vitest'
import { plainSearch } from './search-params.ts'

const { parseSearch, stringifySearch } = plainSearch

it.each([
  ['?q=10', { q: '10' }],
  ['q=true&region=eu-de', { q: 'true', region: 'eu-de' }],
  ['?q=%22panic%22', { q: '"panic"' }],
  ['?q=a+b%26c', { q: 'a b&c' }],
  ['', {}],
])('reads %s as it is written', (search, values) => expect(parseSearch(search)).toEqual(values))

it.each([
  [{ q: '10', page: 2 }, '?q=10&page=2'],
  [{ q: undefined }, ''],
  [{ servers: 'a,b' }, '?servers=a,b'],
  [{ q: 'a b&c', to: '/servers?q=1' }, '?q=a+b%26c&to=%2Fservers%3Fq%3D1'],
])('writes %o so that it is read again', (values, search) => {
  expect(stringifySearch(values)).toBe(search)
  expect(stringifySearch(parseSearch(search))).toBe(search)
})
