import type { Config } from '../config.ts'
import type { Cloud } from './cloud.ts'
import { openHuawei } from './huawei/open.ts'
import type { IdentityService } from './identity-service.ts'

/** The sandbox is started by the program itself: its part here is the cloud that it then is. */
export type RealCloud = Exclude<Config['cloud'], { kind: 'sandbox' }>

/** The cloud with the proxy's own credentials, and what the page calls it. */
export function openCloud(cloud: RealCloud): { cloud: Cloud; name: string } {
  switch (cloud.kind) {
    case 'huawei':
    case 'otc':
      return openHuawei(cloud.settings)
  }
}

/** The cloud's own users; null where it has none that could sign in here. */
export function openIdentityService(cloud: RealCloud): IdentityService | null {
  switch (cloud.kind) {
    case 'huawei':
    case 'otc':
      return null
  }
}
