import type { Config } from '../config.ts'
import type { Cloud } from './cloud.ts'
import type { CloudHttpOptions } from './http.ts'
import { nameOfHuawei, openHuawei, openHuaweiUsers } from './huawei/open.ts'
import type { IdentityService } from './identity-service.ts'
import { openOpenStack, openOpenStackUsers } from './openstack/open.ts'

/** The sandbox is started by the program itself: its part here is the cloud that it then is. */
export type RealCloud = Exclude<Config['cloud'], { kind: 'sandbox' }>

/** The cloud with the proxy's own credentials. */
export function openCloud(cloud: RealCloud, http: CloudHttpOptions = {}): Cloud {
  switch (cloud.kind) {
    case 'huawei':
    case 'otc':
      return openHuawei(cloud.settings, http)
    case 'openstack':
      return openOpenStack(cloud.settings, http)
  }
}

/** The cloud's own users, who sign in here with what they have there. */
export function openIdentityService(cloud: RealCloud, http: CloudHttpOptions = {}): IdentityService {
  switch (cloud.kind) {
    case 'huawei':
    case 'otc':
      return openHuaweiUsers(cloud.settings, http)
    case 'openstack':
      return openOpenStackUsers(cloud.settings, http)
  }
}

/** What the page calls it. */
export function nameOfCloud(cloud: RealCloud): string {
  switch (cloud.kind) {
    case 'huawei':
    case 'otc':
      return nameOfHuawei(cloud.settings)
    case 'openstack':
      return cloud.settings.name
  }
}
