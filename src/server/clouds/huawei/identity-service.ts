import type { CloudHttpOptions } from '../http.ts'
import type { IdentityService } from '../identity-service.ts'
import { keystoneIdentityService } from '../keystone/identity-service.ts'
import type { HuaweiRegion } from './endpoints.ts'
import { createHuaweiCloud } from './huawei.ts'
import { whereIs } from './projects.ts'

export interface HuaweiIdentityOptions extends CloudHttpOptions {
  iamEndpoint: string
  /** What the page calls the cloud. */
  name: string
  /** The account that most users belong to. */
  domain: string | null
  /** Projects of other regions are not offered. A region without a name has all projects. */
  regions: readonly HuaweiRegion[]
  /** Lists only the servers of this enterprise project. */
  enterpriseProject?: string | null
}

/** Sign-in with the users of Huawei Cloud's or Open Telekom Cloud's IAM. */
export function huaweiIdentityService(options: HuaweiIdentityOptions): IdentityService {
  const { iamEndpoint, name, domain, regions, enterpriseProject, ...http } = options
  const regionOf = (project: string) => {
    const id = regionId(project)
    return regions.find((region) => region.name === null || region.name === id)
  }
  return keystoneIdentityService({
    ...http,
    authUrl: iamEndpoint,
    name,
    domain,
    domainTerm: 'account',
    // "IAM APIs can be called only by using a global service token": a token of the account, which IAM calls domain.
    scope: (account) => ({ domain: { name: account } }),
    // IAM's reference wants `totp.user.id` in its table and has a name in its sample.
    codeHint:
      'If the code was right, enter your user id, which the cloud’s own console shows among your credentials, in place of the name.',
    places: {
      find: async (projects) =>
        projects.flatMap((project) => {
          const region = regionId(project.name)
          return regionOf(project.name) ? [{ project, region, where: whereIs(region, project.name) }] : []
        }),
      open({ project, region: id }, token) {
        const region = regionOf(project.name)
        if (!region) throw new Error('it was found in a region')
        return createHuaweiCloud({
          ...http,
          endpoint: region.bmsEndpoint,
          novaEndpoint: region.ecsEndpoint,
          evsEndpoint: region.evsEndpoint,
          region: id,
          projectId: project,
          iamEndpoint,
          enterpriseProject: enterpriseProject ?? null,
          auth: { kind: 'token', token: token.value },
        })
      },
    },
  })
}

/** A project's name begins with the id of its region: `eu-de`, `eu-de_team`. (IAM API reference, "Creating a Project") */
const regionId = (project: string) => project.split('_', 1)[0] ?? project
