import type { Firmware } from './machines/machine.ts'

/** One server of the sandbox: what the API says about it, and how its machine behaves. */
export interface ServerFixture {
  id: string
  name: string
  status: 'ACTIVE' | 'SHUTOFF' | 'BUILD' | 'ERROR'
  /** null: the API does not say, as for some private images */
  osType: 'Linux' | 'Windows' | null
  image: string
  hostname: string
  kernel: string
  fixed: string[]
  floating: string | null
  zone: string
  flavor: { name: string; vcpus: number; memoryGiB: number; diskGiB: number }
  tags: string[]
  description?: string
  keyPair?: string
  /** The devices of the attached volumes, the system's first. Absent: it has its own disks only. */
  volumes?: string[]
  /** What nobody may read of it, for tests of the error paths */
  hidden?: readonly ('nics' | 'volumes' | 'volume-details')[]
  /** Huawei Cloud's groups across projects. A server without one belongs to the default group. */
  enterpriseProject?: string
  /** ISO 8601. Absent: the day on which the small fleet was made */
  created?: string
  behaviour: Firmware
  /** How a request for a console fails, for tests of the error paths */
  consoleFault?: ConsoleFault
  /** How its power actions end */
  powerFault?: PowerFault
}

/** How a power action ends, for tests of the error paths. The last two refuse it before it begins. */
export type PowerFault = 'fails' | 'never-ends' | 'no-permission' | 'throttled-once'

type ConsoleFault =
  | 'no-permission'
  | 'not-found'
  | 'not-ready'
  /** While its machine is off */
  | 'not-running'
  | 'throttled'
  | 'signed-out'
  | 'hanging'
  | 'foreign-gateway'
  | 'expired-token'

const o2 = { name: 'physical.o2.medium', vcpus: 16, memoryGiB: 128, diskGiB: 1800 }
const s3 = { name: 'physical.s3.large', vcpus: 40, memoryGiB: 192, diskGiB: 1800 }
const h2 = { name: 'physical.h2.large', vcpus: 64, memoryGiB: 512, diskGiB: 7200 }

const uuid = (index: number) => `5a1d0c${String(index).padStart(2, '0')}-7c1e-4b8e-9f53-2f60d1c3b0a9`

const debian = { osType: 'Linux', image: 'Debian 12 (bookworm)', kernel: '6.1.0-28-amd64' } as const

export function defaultFleet(): ServerFixture[] {
  return [
    {
      id: uuid(1),
      name: 'web-fra-01',
      status: 'ACTIVE',
      ...debian,
      hostname: 'web-fra-01',
      fixed: ['192.168.10.11', '2001:db8:10::11'],
      floating: '203.0.113.11',
      zone: 'eu-de-01',
      flavor: o2,
      tags: ['role=web', 'env=prod'],
      description: 'Front end of the shop, rack 12',
      keyPair: 'ops-2025',
      behaviour: 'boots',
    },
    {
      id: uuid(2),
      name: 'db-fra-01',
      status: 'ACTIVE',
      osType: 'Linux',
      image: 'Ubuntu 24.04 LTS',
      kernel: '6.8.0-49-generic',
      hostname: 'db-fra-01',
      fixed: ['192.168.10.21'],
      floating: null,
      zone: 'eu-de-02',
      flavor: h2,
      tags: ['role=database', 'env=prod'],
      description: 'Primary of the order database',
      keyPair: 'ops-2025',
      volumes: ['/dev/sda', '/dev/sdb', '/dev/sdc'],
      behaviour: 'boots',
    },
    {
      id: uuid(3),
      name: 'batch-ams-07',
      status: 'ACTIVE',
      osType: 'Linux',
      image: 'openEuler 22.03 LTS',
      kernel: '5.10.0-60.18.0.50.oe2203.x86_64',
      hostname: 'batch-ams-07',
      fixed: ['192.168.30.7'],
      floating: null,
      zone: 'eu-nl-01',
      flavor: s3,
      tags: ['role=batch'],
      behaviour: 'panics',
    },
    {
      id: uuid(4),
      name: 'build-fra-02',
      status: 'SHUTOFF',
      ...debian,
      hostname: 'build-fra-02',
      fixed: ['192.168.10.42'],
      floating: null,
      zone: 'eu-de-01',
      flavor: s3,
      tags: ['role=build'],
      behaviour: 'boots',
    },
    {
      id: uuid(5),
      name: 'erp-win-01',
      status: 'ACTIVE',
      osType: 'Windows',
      image: 'Windows Server 2022 Standard',
      hostname: 'ERP-WIN-01',
      kernel: '',
      fixed: ['192.168.10.51'],
      floating: '203.0.113.51',
      zone: 'eu-de-02',
      flavor: s3,
      tags: ['role=erp'],
      behaviour: 'silent',
    },
    {
      id: uuid(6),
      name: 'edge-muc-03',
      status: 'ACTIVE',
      ...debian,
      hostname: 'edge-muc-03',
      fixed: ['192.168.40.3'],
      floating: null,
      zone: 'eu-de-03',
      flavor: o2,
      tags: ['role=edge', 'note=wrong-baud-rate'],
      behaviour: 'garbles',
    },
    {
      id: uuid(7),
      name: 'backup-ams-01',
      status: 'ACTIVE',
      ...debian,
      hostname: 'backup-ams-01',
      fixed: ['192.168.30.61'],
      floating: null,
      zone: 'eu-nl-01',
      flavor: h2,
      tags: ['role=backup'],
      behaviour: 'idles',
    },
    {
      id: uuid(8),
      name: 'gpu-fra-01',
      status: 'BUILD',
      osType: 'Linux',
      image: 'Ubuntu 24.04 LTS',
      kernel: '6.8.0-49-generic',
      hostname: 'gpu-fra-01',
      fixed: [],
      floating: null,
      zone: 'eu-de-01',
      flavor: h2,
      tags: [],
      behaviour: 'silent',
      consoleFault: 'not-ready',
    },
    {
      id: uuid(9),
      name: 'appliance-muc-01',
      status: 'ACTIVE',
      osType: null,
      image: 'private-appliance-v4',
      kernel: '5.15.0',
      hostname: 'appliance-muc-01',
      fixed: ['192.168.40.90'],
      floating: null,
      zone: 'eu-de-03',
      flavor: o2,
      tags: ['vendor=private'],
      behaviour: 'silent',
    },
  ]
}

const LAB = '3f6a1c52-9d0b-4e7f-8a24-6b1d5e0c7f93'

/** The servers of the second project, in the second region */
export function secondFleet(): ServerFixture[] {
  const here = { zone: 'eu-nl-02', floating: null, ...debian }
  return [
    {
      ...here,
      id: uuid(31),
      name: 'lab-ams-01',
      status: 'ACTIVE',
      hostname: 'lab-ams-01',
      fixed: ['10.20.0.11'],
      flavor: s3,
      tags: ['role=lab'],
      enterpriseProject: LAB,
      behaviour: 'boots',
    },
    {
      ...here,
      id: uuid(32),
      name: 'lab-ams-02',
      status: 'ACTIVE',
      hostname: 'lab-ams-02',
      fixed: ['10.20.0.12'],
      flavor: o2,
      tags: ['role=lab'],
      enterpriseProject: LAB,
      behaviour: 'idles',
    },
    {
      ...here,
      id: uuid(33),
      name: 'spare-ams-03',
      status: 'SHUTOFF',
      hostname: 'spare-ams-03',
      fixed: [],
      flavor: o2,
      tags: [],
      behaviour: 'boots',
    },
  ]
}

/** Servers named after the way they fail, so that a test reaches error paths as a person would. */
export function faultyFleet(): ServerFixture[] {
  const faults: ConsoleFault[] = [
    'no-permission',
    'not-found',
    'not-ready',
    'throttled',
    'signed-out',
    'hanging',
    'foreign-gateway',
    'expired-token',
  ]
  return faults.map((consoleFault, index) => ({
    id: uuid(50 + index),
    name: consoleFault,
    status: 'ACTIVE',
    ...debian,
    hostname: consoleFault,
    fixed: ['192.168.99.1'],
    floating: null,
    zone: 'eu-de-01',
    flavor: o2,
    tags: [],
    behaviour: 'boots',
    consoleFault,
  }))
}
