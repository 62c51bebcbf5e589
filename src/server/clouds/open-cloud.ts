import type { Config } from '../config.ts'
import type { Cloud } from './cloud.ts'
import type { CloudHttpOptions } from './http.ts'
import { nameOfHuawei, openHuawei, openHuaweiUsers } from './huawei/open.ts'
import type { IdentityService } from './identity-service.ts'
import { openOpenStack, openOpenStackUsers } from './openstack/open.ts'

/** A cloud that this program does not start itself, as it does the sandbox. */
export type RealCloud = Exclude<Config['cloud'], { kind: 'sandbox' }>

/** Opens the cloud with the proxy's own credentials. */
export function openCloud(cloud: RealCloud, http: CloudHttpOptions = {}): Cloud {
  switch (cloud.kind) {
    case 'huawei':
    case 'otc':
      return openHuawei(cloud.settings, http)
    case 'openstack':
      return openOpenStack(cloud.settings, http)
  }
}

/** Sign-in with the accounts that users have in the cloud. */
export function openIdentityService(cloud: RealCloud, http: CloudHttpOptions = {}): IdentityService {
  switch (cloud.kind) {
    case 'huawei':
    case 'otc':
      return openHuaweiUsers(cloud.settings, http)
    case 'openstack':
      return openOpenStackUsers(cloud.settings, http)
  }
}

/** What the page calls the cloud. */
export function nameOfCloud(cloud: RealCloud): string {
  switch (cloud.kind) {
    case 'huawei':
    case 'otc':
      return nameOfHuawei(cloud.settings)
    case 'openstack':
      return cloud.settings.name
  }
}
