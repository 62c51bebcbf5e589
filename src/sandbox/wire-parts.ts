import { createHash } from 'node:crypto'
import type { Microversion } from './microversion.ts'
import { macOf, type SandboxServer, wireState } from './sandbox-server.ts'

const known = new Map<string, string>()
/** More ids than a large fleet has. Those of a fleet that changes must not add up. */
const MAX_KNOWN = 50_000

/** An id that is always the same for the same thing */
export function uuidOf(thing: string): string {
  const before = known.get(thing)
  if (before) return before
  const hex = createHash('sha256').update(thing).digest('hex')
  const made = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(thing, made)
  return made
}

/** The volumes, for both APIs */
export const volumesOf = ({ fixture }: SandboxServer) =>
  (fixture.volumes ?? []).map((device, index) => ({
    id: uuidOf(`volume ${fixture.id} ${device}`),
    device,
    bootIndex: index === 0 ? '0' : '-1',
    deletedWithServer: index === 0,
  }))

/** The port of its one network card, for both APIs. A server that is being built has none yet. */
export const portId = ({ fixture }: SandboxServer) => uuidOf(`port ${fixture.id}`)

/** What `os-interface` answers in both APIs. @param more what the API adds to each card */
export const wireNics = (server: SandboxServer, more: Readonly<Record<string, string | null>> = {}) => ({
  interfaceAttachments:
    server.fixture.fixed.length === 0
      ? []
      : [
          {
            port_state: server.poweredOn ? 'ACTIVE' : 'DOWN',
            fixed_ips: server.fixture.fixed.map((address) => ({
              subnet_id: uuidOf(`subnet ${server.project.id} ${address.includes(':') ? 6 : 4}`),
              ip_address: address,
            })),
            net_id: uuidOf(`network ${server.project.id}`),
            port_id: portId(server),
            mac_addr: macOf(server.fixture),
            ...more,
          },
        ],
})

/** https://docs.openstack.org/api-ref/compute/#list-volume-attachments-for-an-instance */
export const wireNovaVolumes = (server: SandboxServer, version: Microversion) => ({
  volumeAttachments: volumesOf(server).map(({ id, device, deletedWithServer }) => ({
    device,
    ...(version < 89
      ? { id }
      : { attachment_id: uuidOf(`attachment ${id}`), bdm_uuid: uuidOf(`mapping ${id}`) }),
    serverId: server.fixture.id,
    volumeId: id,
    ...(version >= 70 ? { tag: null } : {}),
    ...(version >= 79 ? { delete_on_termination: deletedWithServer } : {}),
  })),
})

/** https://support.huaweicloud.com/intl/en-us/api-bms/bms_api_0629.html */
export const wireBmsVolumes = (server: SandboxServer) => ({
  volumeAttachments: volumesOf(server).map(({ id, device }) => ({
    device,
    id,
    serverId: server.fixture.id,
    volumeId: id,
  })),
})

/** Clouds say what went wrong as long as the server is in error. Its details are for administrators. */
export const faultOf = (server: SandboxServer) =>
  wireState(server).status === 'ERROR'
    ? {
        fault: {
          message: 'Failed to provision instance: the power state could not be read from the BMC.',
          code: 500,
          created: server.created,
        },
      }
    : {}
