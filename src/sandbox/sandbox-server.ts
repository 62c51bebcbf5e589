import type { SandboxProject } from './directory.ts'
import type { ServerFixture } from './fleet.ts'
import type { Machine } from './machines/machine.ts'

/** What the cloud is doing to a server, in Nova's words. The server's state is the one that it had before. */
export type Task = 'rebooting' | 'powering-on' | 'powering-off'

/** One server, for both APIs */
export class SandboxServer {
  readonly fixture: ServerFixture
  readonly project: SandboxProject
  readonly created: string
  task: Task | null = null
  #machine: Machine | null = null
  /** Before the machine is there */
  #poweredOn: boolean
  readonly #make: (poweredOn: boolean) => Machine

  /** @param make called when the machine is first needed, since few of ten thousand are ever opened */
  constructor(fixture: ServerFixture, project: SandboxProject, make: (poweredOn: boolean) => Machine) {
    this.fixture = fixture
    this.project = project
    this.created = fixture.created ?? '2026-03-02T09:14:07Z'
    this.#poweredOn = fixture.status === 'ACTIVE'
    this.#make = make
  }

  get machine(): Machine {
    this.#machine ??= this.#make(this.#poweredOn)
    return this.#machine
  }

  get poweredOn(): boolean {
    return this.#machine?.poweredOn ?? this.#poweredOn
  }

  /** Whether its machine was opened or switched */
  get used(): boolean {
    return this.#machine !== null
  }

  /** Says how an unused machine is found later. */
  setPower(on: boolean): void {
    this.#poweredOn = on
  }

  async dispose(): Promise<void> {
    await this.#machine?.dispose()
  }
}

/** All servers of the cloud, by id and by project. */
export class SandboxServers {
  readonly #byId = new Map<string, SandboxServer>()
  readonly #byProject = new Map<string, Set<SandboxServer>>()

  add(server: SandboxServer): void {
    this.#byId.set(server.fixture.id, server)
    const here = this.#byProject.get(server.project.id)
    if (here) here.add(server)
    else this.#byProject.set(server.project.id, new Set([server]))
  }

  remove(server: SandboxServer): void {
    this.#byId.delete(server.fixture.id)
    this.#byProject.get(server.project.id)?.delete(server)
  }

  has({ fixture }: SandboxServer): boolean {
    return this.#byId.has(fixture.id)
  }

  /** The project's servers, in the order in which they came */
  of(projectId: string | undefined): SandboxServer[] {
    return [...(this.#byProject.get(projectId ?? '') ?? [])]
  }

  find(projectId: string | undefined, id: string): SandboxServer | undefined {
    const server = this.#byId.get(id)
    return server?.project.id === projectId ? server : undefined
  }

  all(): Iterable<SandboxServer> {
    return this.#byId.values()
  }
}

/** The server's state. Both APIs use Nova's words. */
export function wireState({ fixture, poweredOn, task }: SandboxServer) {
  const state = (status: string, power: number, vm: string) => ({
    status,
    'OS-EXT-STS:power_state': power,
    'OS-EXT-STS:vm_state': vm,
    'OS-EXT-STS:task_state': task,
  })
  if (fixture.status === 'BUILD') return state('BUILD', 0, 'building')
  // A server in error may be powered on all the same.
  if (fixture.status === 'ERROR' && !poweredOn) return state('ERROR', 4, 'error')
  if (task === 'rebooting') return state('REBOOT', 1, 'active')
  return poweredOn ? state('ACTIVE', 1, 'active') : state('SHUTOFF', 4, 'stopped')
}

/** The addresses by network. @param network its id (BMS) or name (Nova) @param more what the API adds to each */
export function wireAddresses(
  { fixture }: SandboxServer,
  network: string,
  more: Readonly<Record<string, string>> = {},
) {
  const address = (addr: string, kind: 'fixed' | 'floating') => ({
    addr,
    version: addr.includes(':') ? 6 : 4,
    'OS-EXT-IPS:type': kind,
    'OS-EXT-IPS-MAC:mac_addr': macOf(fixture),
    ...more,
  })
  const entries = [
    ...fixture.fixed.map((addr) => address(addr, 'fixed')),
    ...(fixture.floating ? [address(fixture.floating, 'floating')] : []),
  ]
  return entries.length > 0 ? { [network]: entries } : {}
}

/** Neutron's addresses begin with `fa:16:3e`. The rest is from the server's id, so that each server has its own. */
export function macOf({ id }: ServerFixture): string {
  return ['fa:16:3e', id.slice(0, 2), id.slice(4, 6), id.slice(6, 8)].join(':')
}
