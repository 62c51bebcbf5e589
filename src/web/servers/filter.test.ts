import { expect, it } from 'vitest'
import { testServer } from '../../testing/server.ts'
import { filterServers } from './filter.ts'

const server = (name: string, address: string, region: string | null = null) =>
  testServer({
    id: `id-${name}`,
    name,
    os: { windowsConsole: false, family: 'linux', image: 'Debian 12' },
    addresses: [{ address, version: 4, kind: 'fixed', mac: null }],
    zone: 'eu-de-01',
    tags: ['role=web'],
    region,
    project: region === null ? null : { id: `p-${region}`, name: `team of ${region}` },
    enterpriseProject: region === null ? null : '0',
  })

it('finds servers by every word, in any of their facts', () => {
  const all = [server('web-1', '10.0.0.1'), server('db-1', '10.0.0.2')]
  const names = (query: string) => filterServers(all, query).map(({ name }) => name)
  expect(names('')).toEqual(['web-1', 'db-1'])
  expect(names('WEB-1')).toEqual(['web-1'])
  expect(names('10.0.0.2')).toEqual(['db-1'])
  expect(names('debian db')).toEqual(['db-1'])
  expect(names('debian nothing')).toEqual([])
})

it('finds servers by region and project, in words or by choice', () => {
  const all = [server('web-1', '10.0.0.1', 'eu-de'), server('web-2', '10.0.0.1', 'eu-nl'), server('lone', '')]
  const names = (...asked: [string, Parameters<typeof filterServers>[2]?]) =>
    filterServers(all, ...asked).map(({ name }) => name)
  expect(names('eu-nl web')).toEqual(['web-2'])
  expect(names('team')).toEqual(['web-1', 'web-2'])
  expect(names('p-eu-de')).toEqual(['web-1'])
  expect(names('', { region: 'eu-de' })).toEqual(['web-1'])
  expect(names('', { project: 'p-eu-nl', region: undefined })).toEqual(['web-2'])
  expect(names('', { enterprise: '0' })).toEqual(['web-1', 'web-2'])
  expect(names('', { region: 'eu-de', project: 'p-eu-nl' })).toEqual([])
  expect(names('web-2', { region: 'eu-de' })).toEqual([])
})
