import { z } from 'zod'
import { ConfigError, list, optional, text, url, type Variable, variables } from '../../environment.ts'
import type { Interface } from '../keystone/catalog.ts'
import { Mapping, merge, type NamedCloud, readNamedCloud, type SearchPlaces } from './clouds-yaml.ts'

const secret = z.string().min(1)
const region = list.pipe(z.array(z.string()).min(1))

/** The names that every OpenStack client reads. In `clouds.yaml` they have no `OS_` and are in small letters. */
export const openStackVariables = variables({
  OS_AUTH_URL: { schema: url, says: "Keystone's address, e.g. https://keystone.example.com:5000/v3" },
  OS_AUTH_TYPE: { schema: text, says: 'password, token or v3applicationcredential' },
  OS_IDENTITY_API_VERSION: { schema: z.string().regex(/^v?3(\.\d+)?$/), says: '3' },
  OS_USERNAME: { schema: text, says: 'the name of a user' },
  OS_USER_ID: { schema: text, says: 'the id of a user' },
  OS_PASSWORD: { schema: secret, says: "the user's password", secret: true },
  OS_USER_DOMAIN_NAME: { schema: text, says: 'the name of the domain of the user' },
  OS_USER_DOMAIN_ID: { schema: text, says: 'the id of the domain of the user' },
  OS_PROJECT_NAME: { schema: text, says: 'the name of the project that owns the servers' },
  OS_PROJECT_ID: { schema: text, says: 'the id of the project that owns the servers' },
  OS_PROJECT_DOMAIN_NAME: { schema: text, says: 'the name of the domain of the project' },
  OS_PROJECT_DOMAIN_ID: { schema: text, says: 'the id of the domain of the project' },
  OS_DOMAIN_NAME: { schema: text, says: 'the name of the domain of user and project' },
  OS_DOMAIN_ID: { schema: text, says: 'the id of the domain of user and project' },
  OS_DEFAULT_DOMAIN: { schema: text, says: 'the id of the domain where none is named' },
  OS_APPLICATION_CREDENTIAL_ID: { schema: text, says: 'the id of an application credential' },
  OS_APPLICATION_CREDENTIAL_NAME: { schema: text, says: "the name of the user's application credential" },
  OS_APPLICATION_CREDENTIAL_SECRET: {
    schema: secret,
    says: 'the secret of the application credential',
    secret: true,
  },
  OS_TOKEN: { schema: text, says: 'a token', secret: true },
  OS_REGION_NAME: { schema: region, says: 'a region, or several with commas between them' },
  OS_INTERFACE: {
    schema: z
      .enum(['public', 'internal', 'admin', 'publicURL', 'internalURL', 'adminURL'])
      .transform((value): Interface => {
        if (value === 'public' || value === 'publicURL') return 'public'
        return value === 'internal' || value === 'internalURL' ? 'internal' : 'admin'
      }),
    says: 'public, internal or admin',
  },
  OS_CACERT: { schema: text, says: 'the file of the certificates to trust, PEM' },
  OS_INSECURE: {
    schema: z.stringbool(),
    says: 'true or false',
  },
  OS_VERIFY: { schema: z.stringbool(), says: 'true or false' },
})
type Name = keyof typeof openStackVariables

/** Older names of the same settings. If both are set, the newer name counts. */
const aliases: ReadonlyMap<string, string[]> = new Map([
  ['OS_PROJECT_NAME', ['OS_TENANT_NAME']],
  ['OS_PROJECT_ID', ['OS_TENANT_ID']],
  ['OS_INTERFACE', ['OS_ENDPOINT_TYPE']],
  ['OS_AUTH_TYPE', ['OS_AUTH_PLUGIN']],
  ['OS_TOKEN', ['OS_AUTH_TOKEN']],
])

type Value<N extends Name> = (typeof openStackVariables)[N] extends Variable<infer T> ? T : never

/** Where settings come from: the environment, or an entry of `clouds.yaml`. */
export interface Source {
  /** The entry's name */
  cloud: string | null
  /** The source in words, for messages */
  from: string
  /** What a setting is called there */
  label(name: Name): string
  /** @throws ConfigError naming the setting, if its value is not valid */
  optional<N extends Name>(name: N): Value<N> | undefined
  /** @param why it is required @throws ConfigError naming the setting */
  required<N extends Name>(name: N, why: string): Value<N>
  regions(): string[]
}

/**
 * Finds the settings, with the precedence of openstacksdk:
 * - With `OS_CLOUD`, that entry of `clouds.yaml` counts. `OS_REGION_NAME` is the only other variable that is read.
 * - Without it, the variables describe a cloud.
 * - If no variable is set, the only entry of `clouds.yaml` counts.
 */
export function openSource(env: NodeJS.ProcessEnv, places: SearchPlaces): Source {
  const name = env.OS_CLOUD || undefined
  if (name === undefined && hasOwnCloud(env)) return environmentSource(env)
  const cloud = readNamedCloud(env, name, places)
  return cloud ? fileSource(env, cloud) : environmentSource(env)
}

/** `OS_REGION_NAME` alone describes no cloud: it only chooses a region. */
const hasOwnCloud = (env: NodeJS.ProcessEnv) =>
  Object.values<Variable<unknown>>(openStackVariables)
    .filter(({ name }) => name !== 'OS_REGION_NAME')
    .some(({ name, secret }) => namesOf(name).some((key) => env[key] || (secret && env[`${key}_FILE`])))

const namesOf = (name: string): string[] => [name, ...(aliases.get(name) ?? [])]

function environmentSource(env: NodeJS.ProcessEnv): Source {
  const read = (name: Name) => {
    const variable: Variable<unknown> = openStackVariables[name]
    for (const key of namesOf(name)) {
      const value = optional(env, { ...variable, name: key })
      if (value !== undefined) return value
    }
    return undefined
  }
  const source = sourceOf(read, (name) => name)
  return {
    ...source,
    cloud: null,
    from: 'the variables OS_*',
    regions: () => source.optional('OS_REGION_NAME') ?? [],
  }
}

function fileSource(env: NodeJS.ProcessEnv, { name: cloud, entry: whole, file }: NamedCloud): Source {
  const label = (key: string) => `clouds.${cloud}.${key} in ${file}`
  const { entry, regions } = inRegions(whole, optional(env, openStackVariables.OS_REGION_NAME), label)
  const auth = Mapping.safeParse(entry.auth).data ?? {}
  const labelOf = (name: Name) => label(`${authKeys.has(name) ? 'auth.' : ''}${keyOf(name)}`)
  const read = (name: Name) => {
    const variable: Variable<unknown> = openStackVariables[name]
    for (const key of namesOf(name).map(keyOf)) {
      // A value outside `auth` wins, as in openstacksdk.
      const outside = isSet(entry[key])
      const value = outside ? entry[key] : auth[key]
      if (!isSet(value)) continue
      const where = label(outside ? key : `auth.${key}`)
      const scalar = Scalar.safeParse(value)
      if (!scalar.success) throw new ConfigError(`${where} is not valid: it must be ${variable.says}`)
      return optional({ [where]: scalar.data }, { ...variable, name: where, secret: false })
    }
    return undefined
  }
  const source = sourceOf(read, labelOf)
  if (source.optional('OS_AUTH_URL') === undefined && (entry.profile ?? entry.cloud) !== undefined)
    throw new ConfigError(`${label('profile')} is not read: set ${labelOf('OS_AUTH_URL')} instead`)
  return {
    ...source,
    cloud,
    from: `the cloud ${cloud} in ${file}`,
    regions: () => regions,
  }
}

/** YAML reads a password or an id of digits as a number. */
const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const keyOf = (name: string) => name.slice('OS_'.length).toLowerCase()

const authKeys: ReadonlySet<Name> = new Set(
  (Object.keys(openStackVariables) as Name[]).filter(
    (name) =>
      !/^OS_(AUTH_TYPE|IDENTITY_API_VERSION|REGION_NAME|INTERFACE|CACERT|INSECURE|VERIFY)$/.test(name),
  ),
)

/** A blank value counts as none, as among the variables: templates leave such lines. */
const isSet = (value: unknown) => value !== undefined && value !== null && value !== ''

const Region = z.union([
  z.string().transform((name) => ({ name: name.trim(), values: {} as Mapping })),
  z.object({ name: z.string().trim(), values: Mapping.nullish().transform((values) => values ?? {}) }),
])
const Regions = z.union([
  z.array(Region),
  z.string().transform((value) => value.split(',').map((name) => Region.parse(name))),
])

/** These may differ from region to region in openstacksdk. Here one client has them for all its regions. */
const shared = ['auth', 'interface', 'cacert', 'verify']

/**
 * Reads which regions the entry has. If one is used, its own values count before the entry's, as in openstacksdk.
 * @param chosen what `OS_REGION_NAME` says
 */
function inRegions(
  entry: Mapping,
  chosen: readonly string[] | undefined,
  label: (key: string) => string,
): { entry: Mapping; regions: string[] } {
  const key = isSet(entry.regions) ? 'regions' : 'region_name'
  const parsed = isSet(entry[key]) ? Regions.safeParse(entry[key]).data : []
  if (!parsed) throw new ConfigError(`${label(key)} is not valid: it must be a region, or a list of them`)
  const known = parsed.filter(({ name }) => name !== '')
  if (known.length > 0 && chosen?.some((region) => !known.some(({ name }) => name === region)))
    throw new ConfigError(`OS_REGION_NAME names a region that ${label('regions')} does not have`)
  const used = known.filter(({ name }) => chosen?.includes(name) ?? true)
  const regions = chosen ? [...chosen] : known.map(({ name }) => name)
  const [only] = used
  if (only && used.length === 1) return { entry: merge(entry, only.values), regions }
  for (const { values } of used) {
    const own = shared.find((name) => name in values)
    if (own)
      throw new ConfigError(
        `${label('regions[].values')} sets ${own} for one of several regions: choose one with OS_REGION_NAME, or give each its own cloud`,
      )
  }
  return { entry, regions }
}

function sourceOf(
  read: (name: Name) => unknown,
  label: (name: Name) => string,
): Pick<Source, 'label' | 'optional' | 'required'> {
  // `read` parsed the value with the variable's own schema, so the name implies the type.
  const get = <N extends Name>(name: N) => read(name) as Value<N> | undefined
  return {
    label,
    optional: get,
    required(name, why) {
      const value = get(name)
      if (value !== undefined) return value
      throw new ConfigError(`${label(name)} is missing (${why}): it must be ${openStackVariables[name].says}`)
    },
  }
}
