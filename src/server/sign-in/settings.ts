import { hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { addressRange } from '../addresses.ts'
import {
  ConfigError,
  list,
  optional,
  required,
  text,
  url,
  type Variable,
  variables,
  whole,
} from '../environment.ts'
import { isSafeOrigin } from '../origins.ts'
import { replicaVariables } from '../replicas/settings.ts'
import type { RoleMapping } from './roles.ts'

interface Common {
  roles: RoleMapping
  /** Addresses and CIDR blocks of the proxies in front of this server: only they may say who the client is. */
  trustedProxies: readonly string[]
}

/** The modes in which people sign in here have limits. */
interface Limited extends Common {
  /** How long a sign-in lasts without its user, ms */
  idleMs: number
  /** How long a sign-in lasts at most, ms */
  totalMs: number
  /** Signs our cookies that say something, e.g. the device cookie; 32 bytes or more. */
  secret: Uint8Array
}

export interface ServiceSettings extends Common {
  mode: 'service'
  /** The authenticating proxy's headers, lower case; null: whoever reaches this server on loopback is its user. */
  proxy: { userHeader: string; groupsHeader: string | null } | null
}

export interface IamSettings extends Limited {
  mode: 'iam'
  /** Ids of the users who administer the installation, as the audit log tells them: `iam:<domain id>/<user id>` */
  installationAdmins: readonly string[]
}

export interface OidcSettings extends Limited {
  mode: 'oidc'
  issuer: string
  clientId: string
  /** null: a public client, which PKCE alone protects */
  clientSecret: string | null
  /** Space-separated, `openid` among them; null: the usual ones, and `groups` where the provider has such a scope */
  scopes: string | null
  groupsClaim: string
  /** null: `preferred_username`, then `name`, `email`, `sub` */
  nameClaim: string | null
  /** The page shows this name. */
  providerName: string
}

export type SignInSettings = ServiceSettings | IamSettings | OidcSettings

const modes = ['service', 'iam', 'oidc'] as const
type Mode = (typeof modes)[number]

const header = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/)
  .transform((name) => name.toLowerCase())
const groups = {
  schema: list.pipe(z.array(z.string().max(256)).min(1)),
  says: 'a comma-separated list of groups',
}
const minutes = { schema: whole(1, 10_080), says: 'whole minutes from 1 to 10080' }

export const signInVariables = variables({
  BMS_CONSOLE_SIGN_IN: { schema: z.enum(modes), says: '"service", "iam" or "oidc"' },
  BMS_CONSOLE_TRUSTED_PROXIES: {
    schema: list.pipe(z.array(z.string().refine((value) => addressRange(value) !== null)).min(1)),
    says: 'a comma-separated list of addresses and CIDR blocks, e.g. 10.0.0.5,fd00::/64',
  },
  BMS_CONSOLE_USER_HEADER: { schema: header, says: 'the name of a header, e.g. x-forwarded-user' },
  BMS_CONSOLE_GROUPS_HEADER: { schema: header, says: 'the name of a header, e.g. x-forwarded-groups' },
  BMS_CONSOLE_VIEWER_GROUPS: groups,
  BMS_CONSOLE_OPERATOR_GROUPS: groups,
  BMS_CONSOLE_ADMIN_GROUPS: groups,
  BMS_CONSOLE_INSTALLATION_ADMINS: {
    // By ids alone: whoever administers another domain can give a user any name there.
    schema: list.pipe(z.array(z.string().regex(/^iam:[\w.-]{1,64}\/[\w.-]{1,64}$/)).min(1)),
    says: 'a comma-separated list of user ids as the audit log has them, iam:<domain id>/<user id>',
  },
  BMS_CONSOLE_SIGN_IN_IDLE: minutes,
  BMS_CONSOLE_SIGN_IN_MAX: minutes,
  BMS_CONSOLE_SECRET: { schema: z.string().min(32), says: '32 characters or more', secret: true },
  BMS_CONSOLE_OIDC_ISSUER: { schema: url, says: "the provider's issuer URL, e.g. https://id.example.com" },
  BMS_CONSOLE_OIDC_CLIENT_ID: { schema: text, says: 'the client id that the provider knows this server by' },
  BMS_CONSOLE_OIDC_CLIENT_SECRET: { schema: text, says: 'the secret of that client', secret: true },
  BMS_CONSOLE_OIDC_SCOPES: {
    schema: z.string().refine((value) => value.split(' ').includes('openid')),
    says: 'space-separated scopes, "openid" among them',
  },
  BMS_CONSOLE_OIDC_GROUPS_CLAIM: { schema: text, says: 'the name of a claim, e.g. groups' },
  BMS_CONSOLE_OIDC_NAME_CLAIM: { schema: text, says: 'the name of a claim, e.g. preferred_username' },
  BMS_CONSOLE_OIDC_PROVIDER_NAME: { schema: text, says: "the provider's name, as people know it" },
})

/** Only these modes read these settings. In another mode, one that is set is a mistake and must not pass in silence. */
const readBy: ReadonlyArray<[prefix: string, readers: readonly Mode[]]> = [
  ['BMS_CONSOLE_OIDC_', ['oidc']],
  ['BMS_CONSOLE_USER_HEADER', ['service']],
  ['BMS_CONSOLE_GROUPS_HEADER', ['service']],
  ['BMS_CONSOLE_SIGN_IN_', ['iam', 'oidc']],
  ['BMS_CONSOLE_SECRET', ['iam', 'oidc']],
  ['BMS_CONSOLE_INSTALLATION_ADMINS', ['iam']],
]

const v = signInVariables
const groupVariables = [
  v.BMS_CONSOLE_VIEWER_GROUPS,
  v.BMS_CONSOLE_OPERATOR_GROUPS,
  v.BMS_CONSOLE_ADMIN_GROUPS,
]

/** @param where the server listens */
export function signInSettings(env: NodeJS.ProcessEnv, where: { loopback: boolean }): SignInSettings {
  const mode = optional(env, v.BMS_CONSOLE_SIGN_IN) ?? 'service'
  for (const variable of Object.values<Variable<unknown>>(v)) refuseForeign(env, variable, mode)
  const common: Common = {
    roles: {
      viewer: optional(env, v.BMS_CONSOLE_VIEWER_GROUPS) ?? [],
      operator: optional(env, v.BMS_CONSOLE_OPERATOR_GROUPS) ?? [],
      admin: optional(env, v.BMS_CONSOLE_ADMIN_GROUPS) ?? [],
    },
    trustedProxies: optional(env, v.BMS_CONSOLE_TRUSTED_PROXIES) ?? [],
  }
  if (mode === 'service') return { ...common, mode, proxy: proxySettings(env, common, where.loopback) }

  const limited: Limited = {
    ...common,
    idleMs: (optional(env, v.BMS_CONSOLE_SIGN_IN_IDLE) ?? 60) * 60_000,
    totalMs: (optional(env, v.BMS_CONSOLE_SIGN_IN_MAX) ?? 720) * 60_000,
    secret: cookieSecret(env),
  }
  return mode === 'iam'
    ? { ...limited, mode, installationAdmins: optional(env, v.BMS_CONSOLE_INSTALLATION_ADMINS) ?? [] }
    : { ...limited, mode, ...oidcSettings(env) }
}

/** All replicas take each other's cookies. */
function cookieSecret(env: NodeJS.ProcessEnv): Uint8Array {
  const own = optional(env, v.BMS_CONSOLE_SECRET)
  if (own !== undefined) return new Uint8Array(Buffer.from(own))
  const shared = optional(env, replicaVariables.BMS_CONSOLE_REPLICA_SECRET)
  // A random secret lives as long as this process. A restart forgets what it signed, which is safe.
  if (shared === undefined) return new Uint8Array(Buffer.from(randomBytes(32).toString('hex')))
  return new Uint8Array(hkdfSync('sha256', shared, '', 'bms-console: cookies', 32))
}

function refuseForeign(env: NodeJS.ProcessEnv, { name, secret }: Variable<unknown>, mode: Mode): void {
  const set = [name, ...(secret ? [`${name}_FILE`] : [])].find((candidate) => env[candidate])
  const readers = readBy.find(([prefix]) => name.startsWith(prefix))?.[1] ?? modes
  if (set && !readers.includes(mode))
    throw new ConfigError(
      `${set} is set, but BMS_CONSOLE_SIGN_IN=${mode} does not read it: it belongs to ${readers.join(' and ')}`,
    )
}

function proxySettings(env: NodeJS.ProcessEnv, common: Common, loopback: boolean): ServiceSettings['proxy'] {
  const groupsHeader = optional(env, v.BMS_CONSOLE_GROUPS_HEADER) ?? null
  if (common.trustedProxies.length > 0) {
    const lost = groupsHeader === null && groupVariables.find(({ name }) => env[name])
    if (lost)
      throw new ConfigError(`${lost.name} needs BMS_CONSOLE_GROUPS_HEADER, where the proxy puts the groups`)
    return { userHeader: optional(env, v.BMS_CONSOLE_USER_HEADER) ?? 'x-forwarded-user', groupsHeader }
  }
  if (!loopback)
    throw new ConfigError(
      `BMS_CONSOLE_TRUSTED_PROXIES is missing (BMS_CONSOLE_HOST is not loopback, and with BMS_CONSOLE_SIGN_IN=service anyone who reaches this server would be its user): set it to the addresses of an authenticating proxy, or BMS_CONSOLE_SIGN_IN to iam or oidc`,
    )
  const orphan = [v.BMS_CONSOLE_USER_HEADER, v.BMS_CONSOLE_GROUPS_HEADER, ...groupVariables].find(
    ({ name }) => env[name],
  )
  if (orphan)
    throw new ConfigError(`${orphan.name} needs BMS_CONSOLE_TRUSTED_PROXIES, the addresses it trusts`)
  return null
}

function oidcSettings(env: NodeJS.ProcessEnv): Omit<OidcSettings, keyof Limited | 'mode'> {
  const why = 'BMS_CONSOLE_SIGN_IN=oidc'
  const issuer = required(env, v.BMS_CONSOLE_OIDC_ISSUER, why)
  if (!isSafeOrigin(new URL(issuer).origin))
    throw new ConfigError(
      'BMS_CONSOLE_OIDC_ISSUER must be https: the host that answers decides who signs in here',
    )
  // A provider may know far more people than those who may reach servers.
  if (!groupVariables.some(({ name }) => env[name]))
    throw new ConfigError(
      `${groupVariables.map(({ name }) => name).join(', ')}: one of them is needed (${why}), or no one has a role; * is everyone`,
    )
  return {
    issuer,
    clientId: required(env, v.BMS_CONSOLE_OIDC_CLIENT_ID, why),
    clientSecret: optional(env, v.BMS_CONSOLE_OIDC_CLIENT_SECRET) ?? null,
    scopes: optional(env, v.BMS_CONSOLE_OIDC_SCOPES) ?? null,
    groupsClaim: optional(env, v.BMS_CONSOLE_OIDC_GROUPS_CLAIM) ?? 'groups',
    nameClaim: optional(env, v.BMS_CONSOLE_OIDC_NAME_CLAIM) ?? null,
    providerName: optional(env, v.BMS_CONSOLE_OIDC_PROVIDER_NAME) ?? new URL(issuer).hostname,
  }
}
