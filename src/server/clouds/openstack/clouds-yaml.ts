import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { ConfigError } from '../../environment.ts'

/** A YAML mapping whose values are not yet parsed. */
export const Mapping = z.record(z.string(), z.unknown())
export type Mapping = z.infer<typeof Mapping>

export interface SearchPlaces {
  home: string | undefined
  directory: string
}

export interface NamedCloud {
  name: string
  /** With its part of `secure.yaml` merged in. */
  entry: Mapping
  /** The file with the entry, for messages. */
  file: string
}

/**
 * Reads one cloud of `clouds.yaml`: the named one, or the only one.
 * https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 * @returns null if there is no such file and no cloud was named
 * @throws ConfigError naming the file, never a value in it
 */
export function readNamedCloud(
  env: NodeJS.ProcessEnv,
  name: string | undefined,
  places: SearchPlaces,
): NamedCloud | null {
  const open = find(env, 'OS_CLIENT_CONFIG_FILE', 'clouds', places)
  const secure = find(env, 'OS_CLIENT_SECURE_FILE', 'secure', places)
  if (!open && !secure) {
    if (name === undefined) return null
    throw new ConfigError('OS_CLOUD is set, but there is no clouds.yaml: name it with OS_CLIENT_CONFIG_FILE')
  }
  const file = open ?? secure ?? ''
  const clouds = merge(open ? cloudsOf(open) : {}, secure ? cloudsOf(secure) : {})
  const names = Object.keys(clouds)
  const only = names.length === 1 ? names[0] : undefined
  const chosen = name ?? only
  if (chosen === undefined) throw new ConfigError(`OS_CLOUD is missing: ${file} has ${names.length} clouds`)
  const entry = Object.hasOwn(clouds, chosen) ? Mapping.safeParse(clouds[chosen]).data : undefined
  if (!entry) throw new ConfigError(`OS_CLOUD names a cloud that is not in ${file}`)
  return { name: chosen, entry, file }
}

/** The first file that exists: where the variable says, here, in the user's folder, in the machine's. */
function find(
  env: NodeJS.ProcessEnv,
  variable: string,
  stem: string,
  { home, directory }: SearchPlaces,
): string | undefined {
  const named = env[variable]
  if (named) {
    if (existsSync(named)) return named
    throw new ConfigError(`${variable} names a file that does not exist`)
  }
  const folders = [directory, ...(home ? [join(home, '.config', 'openstack')] : []), '/etc/openstack']
  return folders
    .flatMap((folder) => ['yaml', 'yml', 'json'].map((ending) => join(folder, `${stem}.${ending}`)))
    .find((path) => existsSync(path))
}

function cloudsOf(file: string): Mapping {
  const clouds = z.object({ clouds: Mapping }).safeParse(readYaml(file)).data?.clouds
  if (!clouds) throw new ConfigError(`${file} has no mapping "clouds"`)
  return clouds
}

function readYaml(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new ConfigError(`${file} cannot be read (${code})`)
  }
  try {
    // This reads JSON, too: JSON is YAML.
    return parse(text)
  } catch (error) {
    // The parser's message quotes the line, and the line may hold a password.
    const line = Lines.safeParse(error).data?.linePos?.[0]?.line
    throw new ConfigError(`${file} is not YAML${line === undefined ? '' : ` (line ${line})`}`)
  }
}

const Lines = z.object({ linePos: z.array(z.object({ line: z.number() })).optional() })

/** Merges key by key, also inside mappings. `over` wins. */
export function merge(under: Mapping, over: Mapping): Mapping {
  const merged: Mapping = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const [a, b] = [Mapping.safeParse(under[key]).data, Mapping.safeParse(value).data]
    merged[key] = a && b ? merge(a, b) : value
  }
  return merged
}
