import type { CatalogEntry } from './wire.ts'

export type Interface = 'public' | 'internal' | 'admin'

/**
 * The service types authority knows Nova as `compute`, and by no other name; `compute_legacy` is its dead API v2.
 * https://service-types.openstack.org/service-types.json
 */
const COMPUTE = 'compute'

export interface ComputeEndpoint {
  url: string
  region: string | null
}

/** Where Nova is, in the catalog's order. */
export function computeEndpoints(catalog: readonly CatalogEntry[], kind: Interface): ComputeEndpoint[] {
  return catalog
    .filter(({ type }) => type === COMPUTE)
    .flatMap(({ endpoints }) => endpoints)
    .filter((endpoint) => endpoint.interface === kind)
    .map(({ url, region_id, region }) => ({ url, region: region_id ?? region ?? null }))
}

/** @param region null: whichever comes first, as with every client that is not told one */
export function computeEndpoint(
  catalog: readonly CatalogEntry[],
  kind: Interface,
  region: string | null,
): ComputeEndpoint | null {
  const endpoints = computeEndpoints(catalog, kind)
  return endpoints.find((endpoint) => region === null || endpoint.region === region) ?? null
}
