import { z } from 'zod'
import type { Server } from '../../../shared/server.ts'
import { visibleName } from '../../../shared/visible.ts'
import { factsOf, WireFacts } from '../facts.ts'

/** The cloud's answers, as far as we read them. Only `id` is required: an odd server is shown, not lost. */
export const WireServer = z.object({
  id: z.string(),
  name: z.string().catch(''),
  status: z.string().catch(''),
  'OS-EXT-STS:power_state': z.coerce.number().nullish().catch(null),
  'OS-EXT-STS:task_state': z.string().nullish().catch(null),
  'OS-EXT-AZ:availability_zone': z.string().nullish().catch(null),
  addresses: z
    .record(
      z.string(),
      z.array(
        z.object({
          addr: z.string(),
          version: z.coerce.number().catch(4),
          'OS-EXT-IPS:type': z.string().catch('fixed'),
          'OS-EXT-IPS-MAC:mac_addr': z.string().nullish().catch(null),
          'OS-EXT-IPS:port_id': z.string().nullish().catch(null),
        }),
      ),
    )
    .catch({}),
  flavor: z
    .object({
      id: z.string().catch(''),
      name: z.string().optional().catch(undefined),
      vcpus: z.coerce.number().optional().catch(undefined),
      ram: z.coerce.number().optional().catch(undefined),
      disk: z.coerce.number().optional().catch(undefined),
    })
    .catch({ id: '' }),
  metadata: z.record(z.string(), z.unknown()).catch({}),
  tags: z.array(z.string()).catch([]),
  locked: z.boolean().catch(false),
  enterprise_project_id: z.string().nullish().catch(null),
  created: z.string().nullish().catch(null),
})
export type WireServer = z.infer<typeof WireServer>

/** `WireServer` reads its servers. */
export const WireList = z.object({
  count: z.coerce.number().nullish().catch(null),
  servers: z.array(z.unknown()),
})
export const WireDetail = z.object({
  server: WireServer.extend(WireFacts.shape).extend({
    image: z.object({ id: z.string() }).nullish().catch(null),
  }),
})
export const WireConsole = z.object({ remote_console: z.object({ url: z.string().min(1) }) })
/** Nova's answer to `os-getSerialConsole`. */
export const WireNovaConsole = z.object({ console: z.object({ url: z.string().min(1) }) })
const statuses: Readonly<Record<string, Server['status']>> = {
  ACTIVE: 'active',
  SHUTOFF: 'stopped',
  BUILD: 'building',
  REBUILD: 'building',
  REBOOT: 'rebooting',
  HARD_REBOOT: 'rebooting',
  ERROR: 'error',
  DELETED: 'deleted',
}

const tasks: Readonly<Record<string, NonNullable<Server['task']>>> = {
  rebooting: 'rebooting',
  reboot_started: 'rebooting',
  reboot_started_hard: 'rebooting',
  'powering-on': 'powering-on',
  'powering-off': 'powering-off',
}

/** @param place where the server is: the answer does not say */
export function toServer(wire: WireServer, place: Pick<Server, 'region' | 'project'>): Server {
  const text = (key: string) => {
    const value = wire.metadata[key]
    return typeof value === 'string' && value !== '' ? visibleName(value) : null
  }
  const power = wire['OS-EXT-STS:power_state']
  const task = wire['OS-EXT-STS:task_state']
  return {
    id: wire.id,
    name: visibleName(wire.name || wire.id),
    ...statusOf(wire.status),
    power: powerOf(wire.status, power),
    task: task ? (tasks[task] ?? 'other') : null,
    os: {
      windowsConsole: false,
      family: osFamily(text('os_type'), text('metering.resourcespeccode')),
      image: text('image_name'),
    },
    addresses: Object.values(wire.addresses)
      .flat()
      .map((entry) => ({
        address: entry.addr,
        version: entry.version === 6 ? 6 : 4,
        kind: entry['OS-EXT-IPS:type'] === 'floating' ? 'floating' : 'fixed',
        mac: entry['OS-EXT-IPS-MAC:mac_addr'] ?? null,
      })),
    zone: wire['OS-EXT-AZ:availability_zone'] || null,
    flavor: {
      name: wire.flavor.name ?? wire.flavor.id,
      vcpus: wire.flavor.vcpus ?? null,
      memoryMiB: wire.flavor.ram ?? null,
      diskGiB: wire.flavor.disk ?? null,
    },
    tags: wire.tags.filter((tag) => !isApiTag(tag)).map(visibleName),
    locked: wire.locked,
    region: place.region,
    project: place.project && {
      ...place.project,
      name: place.project.name && visibleName(place.project.name),
    },
    // `0` is the default enterprise project. Every account has it.
    enterpriseProject: wire.enterprise_project_id || null,
    created: wire.created ?? null,
  }
}

/** What only the answer about one server says */
export const toFacts = ({ image, flavor, ...wire }: z.infer<typeof WireDetail>['server']) =>
  factsOf(wire, { ...wire, image: image?.id ?? null, flavor: flavor.id })

const MAX_STATUS = 40

/** A status that is not in the table is shown in the cloud's own word. The cloud's `UNKNOWN` says no more than ours. */
function statusOf(word: string): Pick<Server, 'status' | 'cloudStatus'> {
  const status = statuses[word.toUpperCase()]
  if (status !== undefined) return { status }
  const named = word !== '' && word.toUpperCase() !== 'UNKNOWN'
  return { status: 'unknown', ...(named ? { cloudStatus: visibleName(word.slice(0, MAX_STATUS)) } : {}) }
}

/** While the cloud has not read the power (0, or nothing), `SHUTOFF` says that the server is off. */
function powerOf(status: string, power: number | null | undefined): Server['power'] {
  if (power === 1) return 'on'
  if (power === 4) return 'off'
  return !power && status.toUpperCase() === 'SHUTOFF' ? 'off' : 'unknown'
}

/** The API adds tags of its own: `__type_baremetal` on every server, `_sys_enterprise_project_id=…`. */
const isApiTag = (tag: string) => tag === '__type_baremetal' || tag.startsWith('_sys_')

/** `os_type` may be absent. Then the end of the billing code says it: `physical.o2.medium.linux`. */
function osFamily(osType: string | null, specCode: string | null): Server['os']['family'] {
  const family = (osType ?? specCode?.split('.').at(-1) ?? '').toLowerCase()
  return family === 'linux' || family === 'windows' ? family : 'unknown'
}
