import { CloudError } from '../cloud.ts'
import type { CloudHttpOptions } from '../http.ts'
import type { IdentityService } from '../identity-service.ts'
import type { Places } from '../keystone/account.ts'
import { computeEndpoints, type Interface } from '../keystone/catalog.ts'
import { keystoneIdentityService } from '../keystone/identity-service.ts'
import type { KeystoneProject, KeystoneToken } from '../keystone/keystone.ts'
import { fixedToken } from '../keystone/tokens.ts'
import { createOpenStackCloud } from './openstack.ts'

export interface OpenStackIdentityOptions extends CloudHttpOptions {
  authUrl: string
  name: string
  domain: string | null
  interface: Interface
  /** The regions that are offered. If there are none, the catalog's are. */
  regions: readonly string[]
}

/** Sign-in for the users of Keystone. */
export function openStackIdentityService(options: OpenStackIdentityOptions): IdentityService {
  const { interface: kind, regions, ...shared } = options
  const places: Places = {
    async find(projects, scoped) {
      const offered = regions.length > 0 ? regions : await catalogRegions(projects, scoped, kind)
      return projects.flatMap((project) =>
        (offered.length > 0 ? offered : [null]).map((region) => ({
          project,
          region,
          where: region === null ? project.name : `${region} / ${project.name}`,
        })),
      )
    },
    open: ({ region }, token) =>
      createOpenStackCloud({ ...shared, tokens: fixedToken(token), interface: kind, region }),
  }
  return keystoneIdentityService({ ...shared, domainTerm: 'domain', scope: () => 'unscoped', places })
}

/** How many projects are tried for a catalog before the regions stay unknown. */
const TRIES = 5

/**
 * Reads the regions from the catalog of one project and takes them for all. Only a project's token has a catalog, and
 * asking for dozens of tokens at every sign-in would serve just the few clouds whose catalogs differ between projects.
 * There, a project that was chosen in a region it does not have is shown as missing, with the reason.
 */
async function catalogRegions(
  projects: readonly KeystoneProject[],
  scoped: (project: string) => Promise<KeystoneToken>,
  kind: Interface,
): Promise<string[]> {
  for (const { id } of projects.slice(0, TRIES)) {
    try {
      const { catalog } = await scoped(id)
      return [...new Set(computeEndpoints(catalog, kind).flatMap(({ region }) => region ?? []))]
    } catch (error) {
      if (!(error instanceof CloudError) || error.failure.cause === 'signed-out') throw error
    }
  }
  return []
}
