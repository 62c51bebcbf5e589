import { homedir } from 'node:os'
import { ConfigError } from '../../environment.ts'
import { readCertificates, type TlsOptions } from '../../outbound/trust.ts'
import type { Interface } from '../keystone/catalog.ts'
import type { SearchPlaces } from './clouds-yaml.ts'
import { type OpenStackCredentials, openStackCredentials } from './credentials.ts'
import { openSource, type Source } from './source.ts'

export interface OpenStackSettings {
  /** The entry's name in `clouds.yaml`, or Keystone's host */
  name: string
  authUrl: string
  interface: Interface
  /** Empty: the first region of the catalog */
  regions: readonly string[]
  tls: TlsOptions
  /** The name of the domain that most users belong to */
  domain: string | null
  /** What the proxy itself signs in with. null where its users sign in. */
  own: OpenStackCredentials | null
  /** For one call; undefined: the client's own limit */
  timeoutMs: number | undefined
}

interface Context {
  /** `not-needed` where users sign in with their own. */
  credentials: 'needed' | 'not-needed'
  /** For one call, seconds */
  timeout: number | undefined
}

/**
 * Reads what every OpenStack client reads, from where openstacksdk would: see `openSource`.
 * @throws ConfigError naming the variable, or the file and the key, never a value
 */
export function openStackSettings(
  env: NodeJS.ProcessEnv,
  { credentials, timeout }: Context,
  places: SearchPlaces = { home: env.HOME ?? homedir(), directory: process.cwd() },
): OpenStackSettings {
  const source = openSource(env, places)
  const authUrl = source.required('OS_AUTH_URL', 'BMS_CONSOLE_CLOUD=openstack')
  source.optional('OS_IDENTITY_API_VERSION')
  return {
    name: source.cloud ?? new URL(authUrl).hostname,
    authUrl,
    interface: source.optional('OS_INTERFACE') ?? 'public',
    regions: source.regions(),
    tls: tls(source, places.home),
    domain: source.optional('OS_USER_DOMAIN_NAME') ?? source.optional('OS_DOMAIN_NAME') ?? null,
    own: credentials === 'needed' ? openStackCredentials(source) : null,
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
  }
}

function tls(source: Source, home: string | undefined): TlsOptions {
  const verify = source.optional('OS_VERIFY') ?? !(source.optional('OS_INSECURE') ?? false)
  const path = source.optional('OS_CACERT')
  if (path === undefined || !verify) return { ca: null, verify }
  const read = readCertificates(path.replace(/^~(?=\/)/, home ?? '~'))
  if ('why' in read) throw new ConfigError(`${source.label('OS_CACERT')} ${read.why}`)
  return { ca: read.pem, verify }
}
