import { z } from 'zod'
import { CloudError } from '../cloud.ts'

/** Where Nova's API is, and how new it is. */
export interface ComputeApi {
  /** Without a slash at its end. */
  base: string
  /** Of the microversion 2.x that is asked for; null where the cloud has none. */
  minor: number | null
}

/** The newest that we know: with it the images' properties come with the servers. */
const KNOWN_MINOR = 98
/** Since 2.18 the project may be missing from the path. */
const NO_PROJECT_IN_PATH = 18

const WireVersion = z.object({
  id: z.string(),
  version: z.string().catch(''),
  min_version: z.string().catch(''),
})
const WireVersions = z.union([
  z.object({ version: WireVersion }).transform(({ version }) => [version]),
  z.object({ versions: z.array(WireVersion) }).transform(({ versions }) => versions),
])
type WireVersion = z.infer<typeof WireVersion>

/**
 * Asks the API at the catalog's endpoint for its versions. Links in the answer are not followed: behind a proxy they
 * often name a host that only the cloud itself can reach.
 * https://docs.openstack.org/api-guide/compute/versions.html
 * @param endpoint `…/v2.1`, `…/v2.1/{project_id}`, or without a version; all of them also behind a prefix
 */
export async function discoverCompute(
  endpoint: string,
  projectId: string,
  get: (url: URL) => Promise<unknown>,
): Promise<ComputeApi> {
  const base = endpoint.replace(/\/+$/, '')
  const versioned = /^(.*\/(v2(?:\.\d+)?))(?:\/[^/]+)?$/.exec(base)
  const [, root, id] = versioned ?? []
  if (root === undefined) {
    const versions = WireVersions.safeParse(await get(new URL(`${base}/`))).data ?? []
    const v21 = versions.find((version) => version.id === 'v2.1')
    if (!v21) return { base: `${base}/v2/${encodeURIComponent(projectId)}`, minor: null }
    const minor = minorOf(v21)
    const path = minor !== null && minor >= NO_PROJECT_IN_PATH ? '' : `/${encodeURIComponent(projectId)}`
    return { base: `${base}/v2.1${path}`, minor }
  }
  try {
    const versions = WireVersions.safeParse(await get(new URL(`${root}/`))).data ?? []
    // Nova calls its old API `v2.0` where its path says `v2`.
    const own = versions.find((version) => version.id === id || version.id === `${id}.0`)
    return { base, minor: own ? minorOf(own) : null }
  } catch (error) {
    // Some clouds let nobody see it. The API is there all the same, as it was before there were microversions.
    if (error instanceof CloudError && hidden.has(error.failure.cause)) return { base, minor: null }
    throw error
  }
}

const hidden: ReadonlySet<string> = new Set(['server-not-found', 'no-permission', 'bad-request'])

function minorOf({ version, min_version }: WireVersion): number | null {
  const newest = minor(version)
  return newest === null ? null : Math.max(Math.min(newest, KNOWN_MINOR), minor(min_version) ?? 1)
}

const minor = (version: string): number | null => {
  const found = /^2\.(\d+)$/.exec(version)?.[1]
  return found === undefined ? null : Number(found)
}

/** `OpenStack-API-Version` came with 2.27; until then Nova had a header of its own. */
export function microversionHeader(minor: number | null): Record<string, string> {
  if (minor === null) return {}
  return minor >= 27
    ? { 'openstack-api-version': `compute 2.${minor}` }
    : { 'x-openstack-nova-api-version': `2.${minor}` }
}
