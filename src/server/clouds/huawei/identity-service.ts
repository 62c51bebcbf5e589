import type { CloudHttpOptions } from '../http.ts'
import type { IdentityService } from '../identity-service.ts'
import { keystoneIdentityService } from '../keystone/identity-service.ts'
import { createHuaweiCloud } from './huawei.ts'

export interface HuaweiIdentityOptions extends CloudHttpOptions {
  iamEndpoint: string
  name: string
  domain: string | null
  /** The BMS endpoint of a region; null where there is none, as for the project `MOS` of the object storage. */
  endpointOf(region: string): string | null
}

/** Sign-in with the users of Huawei Cloud's or Open Telekom Cloud's IAM. */
export function huaweiIdentityService(options: HuaweiIdentityOptions): IdentityService {
  const { iamEndpoint, endpointOf, ...shared } = options
  return keystoneIdentityService({
    ...shared,
    authUrl: iamEndpoint,
    // "IAM APIs can be called only by using a global service token": one of the account, which IAM calls domain.
    scope: (domain) => ({ domain: { name: domain } }),
    // The table of its API wants `totp.user.id`, the sample beside it has a name.
    codeHint:
      'If the code was right, enter your user id (it is among your credentials in the cloud’s own console) in place of the name.',
    places: {
      find: async (projects) =>
        projects.flatMap((project) => {
          const region = regionOf(project.name)
          return endpointOf(region) === null ? [] : [{ project, region }]
        }),
      open({ project, region }, token) {
        const endpoint = endpointOf(region ?? '')
        if (endpoint === null) throw new Error('a place without an endpoint')
        return createHuaweiCloud({
          ...shared,
          endpoint,
          projectId: project.id,
          auth: { kind: 'token', token: token.value },
        })
      },
    },
  })
}

/** A project's name begins with the region's id: `eu-de`, `eu-de_team`. (IAM API reference, "Creating a Project") */
const regionOf = (project: string) => project.split('_', 1)[0] ?? project
