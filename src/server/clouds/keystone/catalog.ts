import type { CatalogEntry } from './wire.ts'

export type Interface = 'public' | 'internal' | 'admin'

/**
 * The service types authority lists Nova as `compute`, without an alias. `compute_legacy` is its dead API v2.
 * https://service-types.openstack.org/service-types.json
 */
const COMPUTE = 'compute'

export interface ComputeEndpoint {
  url: string
  region: string | null
}

/** Nova's endpoints, in the catalog's order. */
export function computeEndpoints(catalog: readonly CatalogEntry[], kind: Interface): ComputeEndpoint[] {
  return catalog
    .filter(({ type }) => type === COMPUTE)
    .flatMap(({ endpoints }) => endpoints)
    .filter((endpoint) => endpoint.interface === kind)
    .map(({ url, region_id, region }) => ({ url, region: region_id ?? region ?? null }))
}

/** @param region null takes the first, as other clients do */
export function computeEndpoint(
  catalog: readonly CatalogEntry[],
  kind: Interface,
  region: string | null,
): ComputeEndpoint | null {
  const endpoints = computeEndpoints(catalog, kind)
  return endpoints.find((endpoint) => region === null || endpoint.region === region) ?? null
}
