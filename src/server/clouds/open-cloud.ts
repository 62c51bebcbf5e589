import type { Config } from '../config.ts'
import type { Cloud } from './cloud.ts'
import { createHuaweiCloud } from './huawei/huawei.ts'
import type { IdentityService } from './identity-service.ts'

/** The sandbox is started by the program itself: its part here is the cloud that it then is. */
export type RealCloud = Exclude<Config['cloud'], { kind: 'sandbox' }>

/** The cloud with the proxy's own credentials. */
export function openCloud(cloud: RealCloud): { cloud: Cloud; name: string } {
  switch (cloud.kind) {
    case 'huawei':
      return { cloud: createHuaweiCloud(cloud.options), name: new URL(cloud.options.endpoint).hostname }
  }
}

/** The cloud's own users; null where it has none that could sign in here. */
export function openIdentityService(cloud: RealCloud): IdentityService | null {
  switch (cloud.kind) {
    case 'huawei':
      return null
  }
}
