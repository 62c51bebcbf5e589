import type { CatalogEntry } from './wire.ts'

export type Interface = 'public' | 'internal' | 'admin'

/**
 * The service types authority lists Nova as `compute`, without an alias. `compute_legacy` is its dead API v2.
 * https://service-types.openstack.org/service-types.json
 */
const COMPUTE = 'compute'
/** Cinder's name and its aliases, those of the newest API first. Its API v1 is long gone. */
const BLOCK_STORAGE = ['block-storage', 'block-store', 'volumev3', 'volumev2']

export interface ServiceEndpoint {
  url: string
  region: string | null
}

/** Nova's endpoints, in the catalog's order. */
export function computeEndpoints(catalog: readonly CatalogEntry[], kind: Interface): ServiceEndpoint[] {
  return endpointsOf(COMPUTE, catalog, kind)
}

function endpointsOf(service: string, catalog: readonly CatalogEntry[], kind: Interface): ServiceEndpoint[] {
  return catalog
    .filter(({ type }) => type === service)
    .flatMap(({ endpoints }) => endpoints)
    .filter((endpoint) => endpoint.interface === kind)
    .map(({ url, region_id, region }) => ({ url, region: region_id ?? region ?? null }))
}

/** @param region null takes the first, as other clients do */
export function computeEndpoint(
  catalog: readonly CatalogEntry[],
  kind: Interface,
  region: string | null,
): ServiceEndpoint | null {
  return inRegion(computeEndpoints(catalog, kind), region)
}

const inRegion = (endpoints: readonly ServiceEndpoint[], region: string | null) =>
  endpoints.find((endpoint) => region === null || endpoint.region === region) ?? null

/**
 * The base of Cinder's API, with the project in it. Catalogs have `…/v3/{project_id}`, `…/v3`, or the service alone.
 * @returns null: there is no Cinder here
 */
export function blockStorageBase(
  catalog: readonly CatalogEntry[],
  kind: Interface,
  region: string | null,
  projectId: string,
): string | null {
  for (const service of BLOCK_STORAGE) {
    const endpoint = inRegion(endpointsOf(service, catalog, kind), region)
    if (!endpoint) continue
    const base = endpoint.url.replace(/\/+$/, '')
    const versioned = /^(.*\/v[23])(\/[^/]+)?$/.exec(base)
    if (!versioned) return `${base}/v3/${encodeURIComponent(projectId)}`
    return versioned[2] === undefined ? `${base}/${encodeURIComponent(projectId)}` : base
  }
  return null
}
