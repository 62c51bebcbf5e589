import type { Server } from '../shared/server.ts'

/** For tests: a Linux server that is on; `change` is what the test is about. */
export const testServer = (change: Partial<Server> = {}): Server => ({
  id: 'id',
  name: 'web-1',
  status: 'active',
  power: 'on',
  task: null,
  os: { windowsConsole: false, family: 'linux', image: null },
  addresses: [],
  zone: null,
  flavor: { name: 'physical.o2.medium', vcpus: null, memoryMiB: null, diskGiB: null },
  tags: [],
  locked: false,
  region: null,
  project: null,
  enterpriseProject: null,
  created: null,
  ...change,
})
