import { expect, it } from 'vitest'
import type { Server } from '../../shared/server.ts'
import { filterServers } from './filter.ts'

const server = (name: string, address: string): Server => ({
  id: `id-${name}`,
  name,
  status: 'active',
  power: 'on',
  task: null,
  os: { windowsConsole: false, family: 'linux', image: 'Debian 12' },
  addresses: [{ address, version: 4, kind: 'fixed', mac: null }],
  zone: 'eu-de-01',
  flavor: { name: 'physical.o2.medium', vcpus: null, memoryMiB: null, diskGiB: null },
  tags: ['role=web'],
  locked: false,
  region: null,
  project: null,
  enterpriseProject: null,
  created: null,
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
