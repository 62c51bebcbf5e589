/** Both sell the same Bare Metal Server: they differ in hosts, and in how a console is asked for. */
export type HuaweiKind = 'huawei' | 'otc'

/** A region, and where its APIs are. */
export interface HuaweiRegion {
  /** null: known only by its endpoints */
  name: string | null
  /** null where no call to IAM is needed */
  iamEndpoint: string | null
  bmsEndpoint: string
  /** Nova's API, where consoles come from it */
  ecsEndpoint: string | null
}

/** Of Open Telekom Cloud. https://docs.otc.t-systems.com/regions-and-endpoints/ */
export const otcRegions = ['eu-de', 'eu-nl', 'eu-ch2'] as const

/**
 * The documented host of a service: `bms.cn-north-4.myhuaweicloud.com`, `bms.eu-de.otc.t-systems.com`.
 * https://developer.huaweicloud.com/intl/en-us/endpoint
 */
export function documentedEndpoint(kind: HuaweiKind, service: 'bms' | 'ecs' | 'iam', region: string): string {
  if (kind === 'huawei') {
    // The European site is an account system of its own.
    const domain = region === 'eu-west-101' ? 'myhuaweicloud.eu' : 'myhuaweicloud.com'
    return `https://${service}.${region}.${domain}`
  }
  // The Swiss cloud is apart from the other two.
  if (region === 'eu-ch2') {
    return `https://${service === 'iam' ? 'iam-pub' : service}.${region}.sc.otc.t-systems.com`
  }
  return `https://${service}.${region}.otc.t-systems.com`
}

/** The variable with which the published SDKs put a service of a region elsewhere. */
export const endpointVariable = (service: string, region: string) =>
  `HUAWEICLOUD_SDK_REGION_${service}_${region}`.toUpperCase().replaceAll('-', '_')
