import { describe, expect, it } from 'vitest'
import type { Server } from '../../../shared/server.ts'
import { testServer } from '../../../testing/server.ts'
import type { Facet } from './facets.ts'
import { selectServers, usefulFacets } from './select.ts'
import { ServerIndex } from './server-index.ts'
import { type ListView, wholeList } from './view.ts'

const server = (name: string, change: Partial<Server> = {}) =>
  testServer({ id: `id-${name}`, name, ...change })

const web = server('web-1', {
  zone: 'a',
  tags: ['env=prod', 'role=web'],
  addresses: [{ address: '10.0.0.1', version: 4, kind: 'fixed', mac: 'fa:16:3e:00:00:01' }],
  os: { windowsConsole: false, family: 'linux', image: 'Debian 12' },
})
const db = server('db-1', { zone: 'a', tags: ['env=prod', 'role=db'], power: 'off', status: 'stopped' })
const lab = server('lab-1', {
  zone: 'b',
  tags: ['env=test', 'spare'],
  region: 'eu-nl',
  project: { id: 'p-1', name: 'team of lab' },
  enterpriseProject: '0',
})
const bare = server('bare', { flavor: { name: '', vcpus: null, memoryMiB: null, diskGiB: null } })
const all = [web, db, lab, bare]

const select = (view: Partial<ListView>, servers = all) => selectServers(servers, { ...wholeList, ...view })
const names = (view: Partial<ListView>) => select(view).rows.map(({ name }) => name)
const counts = (view: Partial<ListView>, facet: Facet) =>
  Object.fromEntries(
    select(view)
      .counts(facet)
      .map(({ name, count }) => [name, count]),
  )

describe('a search', () => {
  it.each([
    ['', ['web-1', 'db-1', 'lab-1', 'bare']],
    ['  ', ['web-1', 'db-1', 'lab-1', 'bare']],
    ['WEB-1', ['web-1']],
    ['id-db', ['db-1']],
    ['10.0.0.1', ['web-1']],
    ['fa:16:3e:00:00:01', ['web-1']],
    ['FA-16-3E-00-00-01', ['web-1']],
    ['fa163e000001', ['web-1']],
    ['debian', ['web-1']],
    ['o2.medium lab', ['lab-1']],
    ['env=prod db', ['db-1']],
    ['env=prod lab', []],
    ['team', ['lab-1']],
    ['p-1', ['lab-1']],
    ['eu-nl', ['lab-1']],
    ['"team of lab"', ['lab-1']],
    ['"team lab"', []],
    ['tag:env=prod', ['web-1', 'db-1']],
    ['tag:ENV', ['web-1', 'db-1', 'lab-1']],
    ['tag:web', []],
    ['tag:', ['web-1', 'db-1', 'lab-1', 'bare']],
    ['tag:spare lab', ['lab-1']],
  ])('for %s finds %j', (query, found) => expect(names({ query })).toEqual(found))

  it('does not take the end of one fact and the beginning of the next for a word', () => {
    expect(names({ query: 'web-1id-web' })).toEqual([])
  })
})

describe('a choice', () => {
  it('takes one of the values of a facet, and something of each facet', () => {
    expect(names({ facets: { zone: ['a'] } })).toEqual(['web-1', 'db-1'])
    expect(names({ facets: { zone: ['a', 'b'] } })).toEqual(['web-1', 'db-1', 'lab-1'])
    expect(names({ facets: { zone: ['a'], power: ['off'] } })).toEqual(['db-1'])
    expect(names({ facets: { zone: ['b'], power: ['off'] } })).toEqual([])
    expect(names({ facets: { zone: ['a'] }, query: 'web' })).toEqual(['web-1'])
    expect(names({ facets: { project: ['p-1'], region: ['eu-nl'], enterprise: ['0'] } })).toEqual(['lab-1'])
  })

  it('of tags takes one value of each key, or any of a key alone', () => {
    expect(names({ facets: { tag: ['env=prod', 'env=test'] } })).toEqual(['web-1', 'db-1', 'lab-1'])
    expect(names({ facets: { tag: ['env=prod', 'role=web'] } })).toEqual(['web-1'])
    expect(names({ facets: { tag: ['env'] } })).toEqual(['web-1', 'db-1', 'lab-1'])
    expect(names({ facets: { tag: ['env', 'spare'] } })).toEqual(['lab-1'])
    expect(names({ facets: { tag: ['env', 'env=prod', 'role=db'] } })).toEqual(['db-1'])
  })

  it('that no server has finds none, and stays among what can be chosen', () => {
    expect(names({ facets: { zone: ['gone'] } })).toEqual([])
    expect(counts({ facets: { zone: ['gone'] } }, 'zone')).toEqual({ a: 2, b: 1, gone: 0 })
  })
})

describe('counts', () => {
  it('are those of the servers that match everything else', () => {
    expect(counts({}, 'zone')).toEqual({ a: 2, b: 1 })
    expect(counts({ facets: { zone: ['a'] } }, 'zone')).toEqual({ a: 2, b: 1 })
    expect(counts({ facets: { zone: ['a'] } }, 'power')).toEqual({ on: 1, off: 1 })
    expect(counts({ facets: { zone: ['a'], power: ['on'] } }, 'zone')).toEqual({ a: 1, b: 1 })
    expect(counts({ facets: { zone: ['a'], power: ['on'] } }, 'power')).toEqual({ on: 1, off: 1 })
    expect(counts({ facets: { zone: ['b'], power: ['off'] } }, 'status')).toEqual({ active: 0, stopped: 0 })
    expect(counts({ query: 'lab' }, 'zone')).toEqual({ a: 0, b: 1 })
  })

  it('of a tag mind the choice for other keys', () => {
    expect(counts({}, 'tag')).toEqual({
      env: 3,
      'env=prod': 2,
      role: 2,
      'role=web': 1,
      'role=db': 1,
      'env=test': 1,
      spare: 1,
    })
    expect(counts({ facets: { tag: ['env=test'] } }, 'tag')).toEqual({
      env: 3,
      'env=prod': 2,
      role: 0,
      'role=web': 0,
      'role=db': 0,
      'env=test': 1,
      spare: 1,
    })
  })

  it('name projects as people do, and tell those of one name apart', () => {
    const twins = ['1234567890', 'abcdefghij'].map((id) => server(id, { project: { id, name: 'shop' } }))
    const found = select({}, [...twins, web]).counts('project')
    expect(found.map(({ name }) => name)).toEqual(['shop (12345678)', 'shop (abcdefgh)'])
    expect(counts({}, 'enterprise')).toEqual({ default: 1 })
  })

  it('take a server for what it is now', () => {
    const before = [web, db]
    expect(select({ query: 'renamed' }, before).rows).toEqual([])
    const renamed = { ...db, name: 'renamed', zone: 'c' }
    const { rows, counts } = select({ query: 'renamed' }, [web, renamed])
    expect(rows).toEqual([renamed])
    expect(counts('zone')).toEqual([
      { value: 'a', name: 'a', count: 0 },
      { value: 'c', name: 'c', count: 1 },
    ])
  })
})

it('offers the facets that tell servers apart, or are chosen', () => {
  expect(usefulFacets([web, db], {}, new ServerIndex())).toEqual(['status', 'power', 'system', 'tag'])
  expect(usefulFacets([web, db], { region: ['gone'] })).toContain('region')
  expect(usefulFacets([], {})).toEqual([])
})

it('gives its rows in the order of the view', () => {
  expect(names({ sort: [{ column: 'name', descending: true }], facets: { zone: ['a'] } })).toEqual([
    'web-1',
    'db-1',
  ])
})
