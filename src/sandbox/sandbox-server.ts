import type { SandboxProject } from './directory.ts'
import type { ServerFixture } from './fleet.ts'
import type { Machine } from './machines/machine.ts'

/** One server, for both APIs */
export interface SandboxServer {
  fixture: ServerFixture
  project: SandboxProject
  machine: Machine
  created: string
}

/** The server's state. Both APIs use Nova's words. */
export function wireState({ fixture, machine }: SandboxServer) {
  const building = fixture.status === 'BUILD'
  return {
    status: building ? 'BUILD' : machine.poweredOn ? 'ACTIVE' : 'SHUTOFF',
    'OS-EXT-STS:power_state': building ? 0 : machine.poweredOn ? 1 : 4,
    'OS-EXT-STS:vm_state': building ? 'building' : machine.poweredOn ? 'active' : 'stopped',
    'OS-EXT-STS:task_state': null,
  }
}

/** The addresses by network. @param network its id (BMS) or name (Nova) */
export function wireAddresses({ fixture }: SandboxServer, network: string) {
  const address = (addr: string, kind: 'fixed' | 'floating') => ({
    addr,
    version: addr.includes(':') ? 6 : 4,
    'OS-EXT-IPS:type': kind,
    'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:0c:1d:2e',
  })
  const entries = [
    ...fixture.fixed.map((addr) => address(addr, 'fixed')),
    ...(fixture.floating ? [address(fixture.floating, 'floating')] : []),
  ]
  return entries.length > 0 ? { [network]: entries } : {}
}
