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
  /** Those that are offered; none: those of the catalog. */
  regions: readonly string[]
}

/** Sign-in with the users of Keystone. */
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

/** Projects that are asked for their catalog before the regions stay unknown. */
const TRIES = 5

/**
 * Only the token of a project comes with a catalog. Its regions are taken for all projects: asking each of dozens would
 * be as many tokens at every sign-in, for the few clouds that give projects catalogs of their own. There, a project that
 * is chosen in a region which it does not have is shown as missing, with the reason.
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
