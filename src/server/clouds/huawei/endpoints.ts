/** Both sell the same Bare Metal Server. They differ in their hosts, and in how one asks for a console. */
export type HuaweiKind = 'huawei' | 'otc'

export type HuaweiService = 'bms' | 'ecs' | 'evs' | 'iam'

/** A region, and where its APIs are. */
export interface HuaweiRegion {
  /** null where only its endpoints are known */
  name: string | null
  /** null where no call to IAM is needed */
  iamEndpoint: string | null
  bmsEndpoint: string
  /** Nova's API, where consoles come from it; else null */
  ecsEndpoint: string | null
  /** EVS, which tells the size and type of volumes; null where nobody says where it is */
  evsEndpoint: string | null
}

/** The regions of Open Telekom Cloud. https://docs.otc.t-systems.com/regions-and-endpoints/ */
export const otcRegions = ['eu-de', 'eu-nl', 'eu-ch2'] as const

/**
 * The documented host of a service: `bms.cn-north-4.myhuaweicloud.com`, `bms.eu-de.otc.t-systems.com`.
 * https://developer.huaweicloud.com/intl/en-us/endpoint
 */
export function documentedEndpoint(kind: HuaweiKind, service: HuaweiService, region: string): string {
  if (kind === 'huawei') {
    // The European site has its own account system.
    const domain = region === 'eu-west-101' ? 'myhuaweicloud.eu' : 'myhuaweicloud.com'
    return `https://${service}.${region}.${domain}`
  }
  // The Swiss region is a cloud of its own.
  if (region === 'eu-ch2') {
    return `https://${service === 'iam' ? 'iam-pub' : service}.${region}.sc.otc.t-systems.com`
  }
  return `https://${service}.${region}.otc.t-systems.com`
}

/** The published SDKs read this variable for a service that is not at its documented host. */
export const endpointVariable = (service: string, region: string) =>
  `HUAWEICLOUD_SDK_REGION_${service}_${region}`.toUpperCase().replaceAll('-', '_')
