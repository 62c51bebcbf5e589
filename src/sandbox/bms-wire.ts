import { type SandboxServer, wireAddresses, wireState } from './sandbox-server.ts'

/** A server as the BMS API gives it: https://support.huaweicloud.com/intl/en-us/api-bms/ */
export function wireServer(server: SandboxServer) {
  const { fixture, created } = server
  return {
    id: fixture.id,
    name: fixture.name,
    ...wireState(server),
    'OS-EXT-AZ:availability_zone': fixture.zone,
    addresses: wireAddresses(server, 'b2f1c0de-2f6a-4b0f-8d1b-6f0a55a1c001'),
    flavor: {
      id: fixture.flavor.name,
      name: fixture.flavor.name,
      vcpus: String(fixture.flavor.vcpus),
      ram: String(fixture.flavor.memoryGiB * 1024),
      disk: String(fixture.flavor.diskGiB),
    },
    metadata: {
      ...(fixture.osType
        ? {
            os_type: fixture.osType,
            'metering.resourcespeccode': `${fixture.flavor.name}.${fixture.osType.toLowerCase()}`,
          }
        : {}),
      image_name: fixture.image,
      os_bit: '64',
      chargingMode: '0',
    },
    tags: ['__type_baremetal', ...fixture.tags],
    enterprise_project_id: fixture.enterpriseProject ?? '0',
    locked: false,
    created,
    updated: created,
  }
}
