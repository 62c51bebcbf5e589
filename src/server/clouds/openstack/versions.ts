import { z } from 'zod'
import { CloudError } from '../cloud.ts'

/** Where Nova's API is, and which version it speaks. */
export interface ComputeApi {
  /** Without a slash at its end */
  base: string
  /** The x of the microversion 2.x to ask for; null if the cloud has no microversions */
  minor: number | null
}

/** The newest microversion that we know. With it the servers come with the properties of their images. */
const KNOWN_MINOR = 98
/** Since 2.18 the path works without the project. */
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
 * Asks the API at the catalog's endpoint for its versions. It follows no links in the answer: behind a proxy they often
 * name a host that only the cloud itself can reach.
 * https://docs.openstack.org/api-guide/compute/versions.html
 * @param endpoint `…/v2.1`, `…/v2.1/{project_id}`, or without a version; each may have a prefix
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
    // Some clouds do not show their versions. The API works all the same, without microversions.
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

/** `OpenStack-API-Version` came with 2.27. Before that, Nova had its own header. */
export function microversionHeader(minor: number | null): Record<string, string> {
  if (minor === null) return {}
  return minor >= 27
    ? { 'openstack-api-version': `compute 2.${minor}` }
    : { 'x-openstack-nova-api-version': `2.${minor}` }
}
