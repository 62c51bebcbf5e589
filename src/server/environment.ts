import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { $ZodType } from 'zod/v4/core'

/** One line that names the variable and its allowed values. The program prints it and ends. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** An environment variable that configures the server. */
export interface Variable<T> {
  name: string
  schema: $ZodType<T>
  /** The allowed values, as the error says them after "it must be" */
  says: string
  /** `NAME_FILE` may name a file that holds it instead. */
  secret: boolean
}

/** An address with a port */
export interface HostPort {
  /** A name, or an IP address without brackets */
  host: string
  port: number
}

interface Described {
  schema: $ZodType
  says: string
  secret?: boolean
}

/** A table of variables, by name. */
export function variables<T extends Record<string, Described>>(
  table: T,
): { [N in keyof T]: Variable<z.output<T[N]['schema']>> } {
  const named = Object.entries(table).map(([name, { schema, says, secret = false }]) => [
    name,
    { name, schema, says, secret },
  ])
  // `fromEntries` forgets which key has which schema: the mapping above kept it.
  return Object.fromEntries(named) as { [N in keyof T]: Variable<z.output<T[N]['schema']>> }
}

export const whole = (low: number, high: number) => z.coerce.number().int().min(low).max(high)
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true')
export const text = z.string().trim().min(1)
export const url = z.url({ protocol: /^https?$/ })
/** A URL; a host alone stands for its https URL. */
export const endpoint = z
  .string()
  .trim()
  .transform((value) => (value.includes('://') ? value : `https://${value}`))
  .pipe(url)
/** `10.0.0.5:8090`, `[::1]:8090` or `name:8090` */
export const hostPort = z.string().transform((value, context): HostPort => {
  const [, ip6, name, port] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(value) ?? []
  const address = { host: ip6 ?? name ?? '', port: Number(port) }
  if (address.host === '' || !(address.port <= 65_535)) context.addIssue('not an address with a port')
  return address
})
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
)

/** `NAME_FILE` may name a file that holds the secret. An editor leaves one newline at its end, which is dropped. */
function raw(env: NodeJS.ProcessEnv, { name, secret }: Variable<unknown>): string | undefined {
  if (!secret) return env[name] || undefined
  const file = env[`${name}_FILE`]
  if (!file) return env[name] || undefined
  if (env[name]) throw new ConfigError(`${name} and ${name}_FILE are both set: keep one of them`)
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new ConfigError(`${name}_FILE names a file that cannot be read (${code})`)
  }
}

/** @throws ConfigError that names the variable if its value is not allowed */
export function optional<T>(env: NodeJS.ProcessEnv, variable: Variable<T>): T | undefined {
  const value = raw(env, variable)
  if (value === undefined) return undefined
  const parsed = z.safeParse(variable.schema, value)
  // The message never repeats the value: it may be a secret in the wrong variable.
  if (!parsed.success) throw new ConfigError(`${variable.name} is not valid: it must be ${variable.says}`)
  return parsed.data
}

/** @param why the reason that it must be set @throws ConfigError that names the variable */
export function required<T>(env: NodeJS.ProcessEnv, variable: Variable<T>, why: string): T {
  const value = optional(env, variable)
  if (value === undefined)
    throw new ConfigError(`${variable.name} is missing (${why}): it must be ${variable.says}`)
  return value
}
