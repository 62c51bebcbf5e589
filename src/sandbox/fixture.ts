import type { Fault } from './api/faults.ts'
import type { MachineKind } from './machines/machine.ts'

/** One address as the API writes it. */
export interface WireAddress {
  addr: string
  version: 4 | 6
  'OS-EXT-IPS:type': 'fixed' | 'floating'
  'OS-EXT-IPS-MAC:mac_addr': string
}

/** A server of the sandbox: what its API says of it, and which machine is behind its serial port. */
export interface ServerFixture {
  id: string
  name: string
  /** As the cloud starts. ACTIVE and SHUTOFF then follow the machine; BUILD and ERROR stay. */
  status: 'ACTIVE' | 'SHUTOFF' | 'BUILD' | 'ERROR'
  image: { id: string; name: string }
  /** `metadata.os_type`; null where the cloud left it out. */
  osType: 'Linux' | 'Windows' | null
  /** `metadata["metering.resourcespeccode"]`; null where the cloud left it out. */
  resourceSpecCode: string | null
  flavor: { id: string; vcpus: string; ram: string; disk: string }
  zone: string
  /** By network id. */
  addresses: Record<string, WireAddress[]>
  tags: string[]
  /** ISO 8601 without fractions, e.g. `2026-03-02T08:15:30Z`. */
  created: string
  locked: boolean
  machine: MachineKind
  /** What asking for its console does, where that goes wrong. */
  remoteConsole?: Fault
}

/** A plain running Linux server, to change where a test cares. */
export function serverFixture(changes: Partial<ServerFixture> & { id: string; name: string }): ServerFixture {
  return {
    status: 'ACTIVE',
    image: { id: '5f8a4c1e-7f0d-4d0a-9d0e-3f7c3f1b2a10', name: 'Debian 12' },
    osType: 'Linux',
    resourceSpecCode: 'physical.o2.medium.linux',
    flavor: { id: 'physical.o2.medium', vcpus: '16', ram: '131072', disk: '600' },
    zone: 'sandbox-01a',
    addresses: {},
    tags: ['__type_baremetal'],
    created: '2026-03-02T08:15:30Z',
    locked: false,
    machine: { kind: 'linux', distribution: 'debian', starts: 'at-first-attach' },
    ...changes,
  }
}
