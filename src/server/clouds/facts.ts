import { z } from 'zod'
import { type PlainFact, plainFacts, type ServerFacts } from '../../shared/server-facts.ts'
import { visibleText } from '../../shared/visible.ts'
import { anything, cut, line, list, record, some, type Told, truth, word } from './told.ts'

/**
 * What answers about one server say besides the list. Huawei Cloud's BMS API uses Nova's words, so both are read here.
 * `OS-EXT-SRV-ATTR:user_data` is left out on purpose: it is a script that often sets the first password.
 * https://docs.openstack.org/api-ref/compute/#show-server-details
 * https://support.huaweicloud.com/intl/en-us/api-bms/bms_api_0608.html
 */
export const WireFacts = z.object({
  description: word,
  updated: word,
  'OS-SRV-USG:launched_at': word,
  'OS-SRV-USG:terminated_at': word,
  'OS-EXT-STS:vm_state': word,
  locked_reason: word,
  key_name: word,
  'OS-DCF:diskConfig': word,
  config_drive: anything,
  host_status: word,
  hostId: word,
  user_id: word,
  accessIPv4: word,
  accessIPv6: word,
  pinned_availability_zone: word,
  'OS-EXT-SRV-ATTR:hostname': word,
  'OS-EXT-SRV-ATTR:host': word,
  'OS-EXT-SRV-ATTR:hypervisor_hostname': word,
  'OS-EXT-SRV-ATTR:instance_name': word,
  'OS-EXT-SRV-ATTR:root_device_name': word,
  'OS-EXT-SRV-ATTR:kernel_id': word,
  'OS-EXT-SRV-ATTR:ramdisk_id': word,
  'OS-EXT-SRV-ATTR:reservation_id': word,
  'OS-EXT-SRV-ATTR:launch_index': anything,
  security_groups: list(z.object({ name: z.string(), id: z.string().optional().catch(undefined) })),
  server_groups: list(z.string()),
  trusted_image_certificates: list(z.string()),
  'os-extended-volumes:volumes_attached': list(
    z.object({ id: z.string(), device: word, bootIndex: anything, delete_on_termination: anything }),
  ),
  fault: z
    .object({
      message: z.string().catch(''),
      code: z.number().nullish().catch(null),
      details: word,
      created: word,
    })
    .nullish()
    .catch(null),
  'os:scheduler_hints': record,
  sys_tags: list(z.object({ key: z.string(), value: z.string() })),
})
export type WireFacts = z.infer<typeof WireFacts>

/** What the list's own schema has read already */
interface Known {
  'OS-EXT-STS:task_state'?: string | null | undefined
  addresses: Readonly<
    Record<
      string,
      readonly {
        addr: string
        version: number
        'OS-EXT-IPS:type': string
        'OS-EXT-IPS-MAC:mac_addr'?: string | null | undefined
        'OS-EXT-IPS:port_id'?: string | null | undefined
      }[]
    >
  >
  metadata: Readonly<Record<string, unknown>>
  /** Their ids */
  image: string | null
  flavor: string | null
  extraSpecs?: Readonly<Record<string, unknown>>
}

export function factsOf(wire: WireFacts, known: Known): ServerFacts {
  const { fault } = wire
  return {
    plain: plainOf({
      description: wire.description,
      hostname: wire['OS-EXT-SRV-ATTR:hostname'],
      updated: wire.updated,
      launched: utc(wire['OS-SRV-USG:launched_at']),
      terminated: utc(wire['OS-SRV-USG:terminated_at']),
      vmState: wire['OS-EXT-STS:vm_state'],
      taskState: known['OS-EXT-STS:task_state'],
      lockedReason: wire.locked_reason,
      imageId: known.image,
      flavorId: known.flavor,
      keyPair: wire.key_name,
      rootDevice: wire['OS-EXT-SRV-ATTR:root_device_name'],
      diskConfig: wire['OS-DCF:diskConfig'],
      configDrive: wire.config_drive,
      hostStatus: wire.host_status,
      host: wire['OS-EXT-SRV-ATTR:host'],
      hostId: wire.hostId,
      hypervisor: wire['OS-EXT-SRV-ATTR:hypervisor_hostname'],
      instance: wire['OS-EXT-SRV-ATTR:instance_name'],
      pinnedZone: wire.pinned_availability_zone,
      accessIPv4: wire.accessIPv4,
      accessIPv6: wire.accessIPv6,
      kernelImage: wire['OS-EXT-SRV-ATTR:kernel_id'],
      ramdiskImage: wire['OS-EXT-SRV-ATTR:ramdisk_id'],
      reservation: wire['OS-EXT-SRV-ATTR:reservation_id'],
      launchIndex: wire['OS-EXT-SRV-ATTR:launch_index'],
      user: wire.user_id,
    }),
    securityGroups: some(wire.security_groups).map(({ name, id }) => ({
      name: line(name),
      ...(id ? { id: line(id) } : {}),
    })),
    serverGroups: some(wire.server_groups).map(line),
    certificates: some(wire.trusted_image_certificates).map(line),
    disks: some(wire['os-extended-volumes:volumes_attached']).map(diskOf),
    nics: nicsOf(known.addresses),
    ...(fault ? { fault: faultOf(fault) } : {}),
    metadata: pairs(known.metadata),
    extraSpecs: pairs(known.extraSpecs ?? {}),
    schedulerHints: pairs(wire['os:scheduler_hints']),
    systemTags: some(wire.sys_tags).map(({ key, value }) => ({ key: line(key), value: line(value) })),
  }
}

const MAX_DETAILS = 8_192

function plainOf(told: Record<PlainFact, Told>): ServerFacts['plain'] {
  const plain: ServerFacts['plain'] = {}
  for (const fact of plainFacts) {
    const value = told[fact]
    if (value !== null && value !== undefined && value !== '') plain[fact] = line(String(value))
  }
  return plain
}

/** Nova writes these in UTC and does not say so: `2018-09-18T02:46:07.954587`. */
const utc = (time: string | null | undefined) =>
  time && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/.test(time) ? `${time}Z` : time

function diskOf(
  disk: WireFacts['os-extended-volumes:volumes_attached'][number],
): ServerFacts['disks'][number] {
  const deletedWithServer = truth(disk.delete_on_termination)
  return {
    id: line(disk.id),
    ...(disk.device ? { device: line(disk.device) } : {}),
    ...(disk.bootIndex === null || disk.bootIndex === undefined
      ? {}
      : { boot: String(disk.bootIndex) === '0' }),
    ...(deletedWithServer === undefined ? {} : { deletedWithServer }),
  }
}

function faultOf(fault: NonNullable<WireFacts['fault']>): NonNullable<ServerFacts['fault']> {
  return {
    message: line(fault.message),
    ...(typeof fault.code === 'number' ? { code: fault.code } : {}),
    ...(fault.details ? { details: visibleText(cut(fault.details, MAX_DETAILS)) } : {}),
    ...(fault.created ? { at: line(fault.created) } : {}),
  }
}

function nicsOf(networks: Known['addresses']): ServerFacts['nics'] {
  const nics = new Map<string, ServerFacts['nics'][number]>()
  for (const [network, entries] of Object.entries(networks)) {
    for (const entry of entries) {
      const mac = entry['OS-EXT-IPS-MAC:mac_addr']
      const port = entry['OS-EXT-IPS:port_id']
      const key = JSON.stringify([network, port ?? mac])
      const nic = nics.get(key) ?? {
        network: line(network),
        ...(mac ? { mac: line(mac) } : {}),
        ...(port ? { port: line(port) } : {}),
        addresses: [],
      }
      nic.addresses.push({
        address: line(entry.addr),
        version: entry.version === 6 ? 6 : 4,
        kind: entry['OS-EXT-IPS:type'] === 'floating' ? 'floating' : 'fixed',
      })
      nics.set(key, nic)
    }
  }
  return [...some([...nics.values()])]
}

/** Users put what they like into metadata, and some put a password there. */
const SECRET = /pass(word|wd|phrase)?|secret|token|credential|private.?key|user_?data|api.?key/i

function pairs(map: Readonly<Record<string, unknown>>): ServerFacts['metadata'] {
  return some(Object.entries(map)).map(([key, value]) => ({
    key: line(key),
    value: SECRET.test(key) ? null : line(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')),
  }))
}
