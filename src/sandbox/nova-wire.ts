import { createHash } from 'node:crypto'
import type { ServerFixture } from './fleet.ts'
import type { Microversion } from './microversion.ts'
import { type SandboxServer, wireAddresses, wireState } from './sandbox-server.ts'
import { faultOf, uuidOf, volumesOf } from './wire-parts.ts'

const hex = (text: string) => createHash('sha256').update(text).digest('hex')

/** Nova's id of a flavor. It says nothing about the flavor. */
export const flavorId = ({ name }: ServerFixture['flavor']) => hex(`flavor ${name}`).slice(0, 8)

const imageId = (name: string) => uuidOf(`image ${name}`)

/**
 * A server as a user without administration rights sees it. Nova has samples for each microversion:
 * https://opendev.org/openstack/nova/src/branch/master/doc/api_samples/servers
 * @param base the API's URL, `…/v2.1`
 * @param one whether the server was asked for by its id, not in a list
 */
export function wireServer(server: SandboxServer, version: Microversion, base: string, one: boolean) {
  const { fixture, project, created } = server
  const since = <T extends object>(first: Microversion, fields: T) => (version >= first ? fields : {})
  const bookmark = base.replace(/\/v2\.1$/, '')
  return {
    accessIPv4: '',
    accessIPv6: '',
    addresses: wireAddresses(server, 'provider'),
    created,
    flavor:
      version >= 47
        ? {
            vcpus: fixture.flavor.vcpus,
            ram: fixture.flavor.memoryGiB * 1024,
            disk: fixture.flavor.diskGiB,
            ephemeral: 0,
            swap: 0,
            original_name: fixture.flavor.name,
            extra_specs: { 'resources:CUSTOM_BAREMETAL': '1', 'resources:VCPU': '0' },
          }
        : {
            id: flavorId(fixture.flavor),
            links: [{ rel: 'bookmark', href: `${bookmark}/flavors/${flavorId(fixture.flavor)}` }],
          },
    hostId: hex(`${project.id} ${fixture.id}`).slice(0, 56),
    id: fixture.id,
    image: {
      id: imageId(fixture.image),
      links: [{ rel: 'bookmark', href: `${bookmark}/images/${imageId(fixture.image)}` }],
    },
    key_name: fixture.keyPair ?? null,
    links: [
      { rel: 'self', href: `${base}/servers/${fixture.id}` },
      { rel: 'bookmark', href: `${bookmark}/servers/${fixture.id}` },
    ],
    metadata: {},
    name: fixture.name,
    config_drive: '',
    'OS-DCF:diskConfig': 'MANUAL',
    'OS-EXT-AZ:availability_zone': fixture.zone,
    ...wireState(server),
    'os-extended-volumes:volumes_attached': volumesOf(server).map(({ id, deletedWithServer }) => ({
      id,
      ...since(3, { delete_on_termination: deletedWithServer }),
    })),
    'OS-SRV-USG:launched_at': created.replace('Z', '.000000'),
    'OS-SRV-USG:terminated_at': null,
    progress: 0,
    ...faultOf(server),
    security_groups: [{ name: 'default' }],
    tenant_id: project.id,
    updated: created,
    user_id: hex('owner').slice(0, 32),
    ...since(9, { locked: false }),
    ...since(19, { description: fixture.description ?? null }),
    ...since(26, { tags: fixture.tags }),
    ...since(63, { trusted_image_certificates: null }),
    ...(one ? since(71, { server_groups: [] }) : {}),
    ...since(73, { locked_reason: null }),
    ...since(90, { 'OS-EXT-SRV-ATTR:hostname': fixture.hostname.toLowerCase() }),
    ...since(96, { pinned_availability_zone: fixture.zone }),
  }
}

/** https://opendev.org/openstack/nova/src/branch/master/doc/api_samples/flavors/flavor-get-resp.json */
export function wireFlavor(flavor: ServerFixture['flavor'], version: Microversion, base: string) {
  const id = flavorId(flavor)
  return {
    'OS-FLV-DISABLED:disabled': false,
    disk: flavor.diskGiB,
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'os-flavor-access:is_public': true,
    id,
    links: [
      { rel: 'self', href: `${base}/flavors/${id}` },
      { rel: 'bookmark', href: `${base.replace(/\/v2\.1$/, '')}/flavors/${id}` },
    ],
    name: flavor.name,
    ram: flavor.memoryGiB * 1024,
    swap: version >= 75 ? 0 : '',
    vcpus: flavor.vcpus,
    rxtx_factor: 1,
    ...(version >= 55 ? { description: null } : {}),
    ...(version >= 61 ? { extra_specs: { 'resources:CUSTOM_BAREMETAL': '1' } } : {}),
  }
}

/** @param max null if the cloud has no microversions */
export function wireVersion(max: Microversion | null, href: string) {
  return {
    id: 'v2.1',
    links: [
      { rel: 'self', href },
      { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' },
    ],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1' }],
    status: 'CURRENT',
    version: max === null ? '' : `2.${max}`,
    min_version: max === null ? '' : '2.1',
    updated: '2013-07-23T11:33:21Z',
  }
}
