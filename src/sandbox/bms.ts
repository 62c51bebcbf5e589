import type { ServerFixture } from './fixture.ts'
import { Machine } from './machines/machine.ts'
import type { Scheduler } from './machines/scheduler.ts'

/** How long a power job takes, milliseconds of the machines' time. */
const POWER_JOB_MS = 1_500

export type PowerAction =
  | { action: 'start' }
  | { action: 'stop' }
  | { action: 'reboot'; type: 'SOFT' | 'HARD' }

type Task = 'rebooting' | 'reboot_started' | 'reboot_started_hard' | 'powering-on' | 'powering-off'

/** One bare-metal server: the fixture, its machine, and what the cloud is doing to it. */
export class BareMetalServer {
  readonly machine: Machine
  #task: Task | null = null
  #updated: string

  constructor(
    readonly fixture: ServerFixture,
    private readonly scheduler: Scheduler,
    private readonly now: () => number,
  ) {
    this.machine = new Machine(fixture.machine, {
      scheduler,
      now,
      name: fixture.name,
      image: fixture.image.name,
      powered: fixture.status === 'ACTIVE',
    })
    this.#updated = fixture.created
  }

  get busy(): boolean {
    return this.#task !== null
  }

  get status(): string {
    const { status } = this.fixture
    if (status === 'BUILD' || status === 'ERROR') return status
    if (this.#task === 'reboot_started_hard') return 'HARD_REBOOT'
    if (this.#task === 'rebooting' || this.#task === 'reboot_started') return 'REBOOT'
    return this.machine.powered ? 'ACTIVE' : 'SHUTOFF'
  }

  /** Begins, and calls back when the cloud is done with it; the machine then still boots or shuts down. */
  power(order: PowerAction, done: () => void): void {
    const { scheduler, machine } = this
    switch (order.action) {
      case 'start':
        this.#task = 'powering-on'
        break
      case 'stop':
        this.#task = 'powering-off'
        break
      case 'reboot':
        this.#task = order.type === 'HARD' ? 'reboot_started_hard' : 'reboot_started'
        if (order.type === 'SOFT') machine.pressPowerButton('reboot')
    }
    scheduler.after(POWER_JOB_MS, () => {
      switch (order.action) {
        case 'start':
          machine.powerOn()
          break
        case 'stop':
          machine.powerOff()
          break
        case 'reboot':
          if (order.type === 'HARD') machine.reset()
      }
      this.#task = null
      this.#updated = isoSeconds(this.now())
      done()
    })
  }

  /** As the API writes it; field names and types are those of "Querying Details About a BMS". */
  toWire(projectId: string): object {
    const { fixture, machine } = this
    const { status } = this
    return {
      id: fixture.id,
      name: fixture.name,
      status,
      tenant_id: projectId,
      user_id: '05ac5a2e3b80d4e71f5dc00a9c7e2b11',
      hostId: hostIdOf(fixture.id),
      'OS-EXT-STS:power_state': fixture.status === 'BUILD' ? 0 : machine.powered ? 1 : 4,
      'OS-EXT-STS:vm_state': vmStates[status] ?? 'active',
      'OS-EXT-STS:task_state': fixture.status === 'BUILD' ? 'spawning' : this.#task,
      'OS-EXT-AZ:availability_zone': fixture.zone,
      'OS-EXT-SRV-ATTR:hostname': fixture.name,
      'OS-EXT-SRV-ATTR:instance_name': `instance-${fixture.id.slice(0, 8)}`,
      'OS-DCF:diskConfig': 'MANUAL',
      addresses: fixture.addresses,
      flavor: { ...fixture.flavor, name: fixture.flavor.id },
      image: { id: fixture.image.id },
      metadata: {
        image_name: fixture.image.name,
        os_bit: '64',
        chargingMode: '0',
        op_svc_userid: '05ac5a2e3b80d4e71f5dc00a9c7e2b11',
        'metering.imagetype': 'gold',
        'metering.resourcetype': 'hws.resource.type.pm',
        ...(fixture.osType === null ? {} : { os_type: fixture.osType }),
        ...(fixture.resourceSpecCode === null
          ? {}
          : { 'metering.resourcespeccode': fixture.resourceSpecCode }),
      },
      tags: fixture.tags,
      security_groups: [{ id: 'd5a6c4b2-1f3e-4f8b-8d1a-6f9c2b7e0a55', name: 'default' }],
      enterprise_project_id: '0',
      locked: fixture.locked,
      host_status: fixture.status === 'BUILD' ? 'UNKNOWN' : 'UP',
      key_name: null,
      description: '',
      accessIPv4: '',
      accessIPv6: '',
      config_drive: '',
      progress: status === 'BUILD' ? 40 : 0,
      'os-extended-volumes:volumes_attached': [],
      created: fixture.created,
      updated: this.#updated,
    }
  }
}

const vmStates: Readonly<Record<string, string>> = {
  ACTIVE: 'active',
  BUILD: 'building',
  ERROR: 'error',
  HARD_REBOOT: 'active',
  REBOOT: 'active',
  SHUTOFF: 'stopped',
}

const hostIdOf = (id: string) => id.replaceAll('-', '').repeat(2).slice(0, 56)

const isoSeconds = (time: number) => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
