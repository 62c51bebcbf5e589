import { type SandboxServer, wireAddresses, wireState } from './sandbox-server.ts'
import { faultOf, portId, uuidOf, volumesOf } from './wire-parts.ts'

const VPC = 'b2f1c0de-2f6a-4b0f-8d1b-6f0a55a1c001'
const OWNER = '3fc5ab2b0c544979abcaafd86edd80e6'

/** As `cloud-init` gets it. The real API shows it to whoever may read the server, so the sandbox does, too. */
const userData = Buffer.from('#!/bin/bash\necho root:sandbox-first-password | chpasswd').toString('base64')

/**
 * A server as the documented answers have it, in the list and on its own.
 * https://support.huaweicloud.com/intl/en-us/api-bms/bms_api_0608.html
 */
export function wireServer(server: SandboxServer) {
  const { fixture, created, project } = server
  const port = portId(server)
  const image = uuidOf(`image ${fixture.image}`)
  const group = fixture.enterpriseProject ?? '0'
  const flavor = fixture.flavor.name
  return {
    id: fixture.id,
    name: fixture.name,
    addresses: wireAddresses(server, VPC, { 'OS-EXT-IPS:port_id': port }),
    flavor: {
      disk: String(fixture.flavor.diskGiB),
      vcpus: String(fixture.flavor.vcpus),
      ram: String(fixture.flavor.memoryGiB * 1024),
      id: flavor,
      name: flavor,
    },
    accessIPv4: '',
    accessIPv6: '',
    ...wireState(server),
    progress: 0,
    hostId: uuidOf(`host ${fixture.id}`).replaceAll('-', ''),
    updated: created,
    created,
    metadata: {
      'metering.image_id': image,
      'metering.imagetype': 'gold',
      'metering.resourcetype': '__type_baremetal',
      baremetalPortIDList: `[${port}]`,
      ...(fixture.osType
        ? {
            os_type: fixture.osType,
            'metering.resourcespeccode': `${flavor}.${fixture.osType.toLowerCase()}`,
          }
        : {}),
      image_name: fixture.image,
      op_svc_userid: OWNER,
      os_bit: '64',
      vpc_id: VPC,
      __bms_support_evs: 'true',
      chargingMode: '0',
    },
    tags: ['__type_baremetal', ...fixture.tags],
    description: fixture.description ?? '',
    locked: false,
    image: { id: image },
    config_drive: '',
    tenant_id: project.id,
    user_id: OWNER,
    key_name: fixture.keyPair ?? null,
    ...faultOf(server),
    security_groups: [{ name: 'default', id: uuidOf(`security group ${project.id}`) }],
    'os-extended-volumes:volumes_attached': volumesOf(server).map(({ deletedWithServer, ...volume }) => ({
      ...volume,
      delete_on_termination: String(deletedWithServer),
    })),
    'OS-EXT-SRV-ATTR:host': `bms.${fixture.zone}`,
    'OS-EXT-SRV-ATTR:instance_name': `instance-${fixture.id.slice(0, 8)}`,
    'OS-EXT-SRV-ATTR:hypervisor_hostname': `nova-${fixture.zone}@1`,
    'OS-DCF:diskConfig': 'MANUAL',
    'OS-EXT-AZ:availability_zone': fixture.zone,
    'os:scheduler_hints': {},
    'OS-EXT-SRV-ATTR:root_device_name': '/dev/sda',
    'OS-EXT-SRV-ATTR:ramdisk_id': '',
    enterprise_project_id: group,
    'OS-EXT-SRV-ATTR:user_data': userData,
    'OS-SRV-USG:launched_at': created.replace(/(\.\d+)?Z$/, '.000000'),
    'OS-EXT-SRV-ATTR:kernel_id': '',
    'OS-EXT-SRV-ATTR:launch_index': 0,
    host_status: 'UP',
    'OS-EXT-SRV-ATTR:reservation_id': `r-${fixture.id.slice(0, 8)}`,
    'OS-EXT-SRV-ATTR:hostname': fixture.hostname.toLowerCase(),
    sys_tags: [{ key: '_sys_enterprise_project_id', value: group }],
  }
}
