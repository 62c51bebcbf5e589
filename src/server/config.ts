import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { RecordingMode } from '../shared/recording.ts'
import type { HuaweiOptions } from './clouds/huawei/huawei.ts'
import { parseGatewayPattern } from './consoles/gateway-url.ts'

/** One line that names the variable and what it may be; the program prints it and ends. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export interface Config {
  host: string
  port: number
  /** Exact origins under which browsers open the page, e.g. `https://console.example.com`. */
  publicOrigins: string[]
  cloud:
    | { kind: 'sandbox'; machines: 'auto' | 'simulated' | 'linux' }
    | { kind: 'huawei'; options: HuaweiOptions }
  console: {
    transport: 'direct' | 'relay'
    /** `host`, `host:port` or `*.domain[:port]`; a URL for any other host is never handed out. */
    gateways: string[]
    /** How long the cloud's link stays good, seconds. */
    linkTtl: number
    /** Typed before a SysRq command key; null where the machines' kernels have none. */
    sysrqSequence: string | null
    /** What the relay keeps of each session's past, bytes. */
    ringBytes: number
    /** How long the relay keeps a line after the last viewer left, ms. */
    graceMs: number
    maxSessions: number
    maxSessionsPerUser: number
    /** Viewers of one session. */
    maxViewers: number
    /** null: no limit */
    idleMs: number | null
    totalMs: number | null
  }
  /** null: nothing is recorded. */
  recordings: RecordingSettings | null
  /** Consoles that one address may ask for in a minute. */
  issuesPerMinute: number
  logLevel: (typeof logLevels)[number]
}

/** Which consoles are recorded, where to, and how much is kept. */
export interface RecordingSettings {
  mode: Exclude<RecordingMode, 'off'>
  dir: string
  /** Of one recording */
  maxMib: number
  /** Of the whole folder */
  totalMib: number
  days: number
  /** Whether what is typed is kept too: it may hold passwords that are never printed. */
  input: boolean
  mayDelete: boolean
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

const whole = (low: number, high: number) => z.coerce.number().int().min(low).max(high)
const flag = z.enum(['true', 'false']).transform((value) => value === 'true')
const text = z.string().trim().min(1)
const url = z.url({ protocol: /^https?$/ })
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
)

/** Every variable with what it may be: the words of the error and of the README's table. */
const variables = {
  BMS_CONSOLE_HOST: { schema: text, says: 'an address to listen on, e.g. 127.0.0.1' },
  BMS_CONSOLE_PORT: { schema: whole(0, 65535), says: 'a port from 0 (any free) to 65535' },
  BMS_CONSOLE_PUBLIC_ORIGINS: {
    schema: list.pipe(z.array(z.string().refine((value) => originOf(value) === value)).min(1)),
    says: 'a comma-separated list of origins without a path, e.g. https://console.example.com',
  },
  BMS_CONSOLE_CLOUD: { schema: z.enum(['sandbox', 'huawei']), says: '"sandbox" or "huawei"' },
  BMS_CONSOLE_SANDBOX_MACHINES: {
    schema: z.enum(['auto', 'simulated', 'linux']),
    says: '"auto", "simulated" or "linux"',
  },
  BMS_CONSOLE_TRANSPORT: { schema: z.enum(['direct', 'relay']), says: '"direct" or "relay"' },
  BMS_CONSOLE_GATEWAYS: {
    schema: list.pipe(z.array(z.string().refine((value) => parseGatewayPattern(value) !== null)).min(1)),
    says: 'a comma-separated list of gateway hosts, e.g. console.example.com:443,*.bms.example.com',
  },
  BMS_CONSOLE_LINK_TTL: { schema: whole(10, 86_400), says: 'whole seconds from 10 to 86400' },
  BMS_CONSOLE_SYSRQ_SEQUENCE: {
    schema: z.string().min(1).max(64),
    says: "the text of the kernels' CONFIG_MAGIC_SYSRQ_SERIAL_SEQUENCE, 1 to 64 characters",
  },
  BMS_CONSOLE_ISSUES_PER_MINUTE: { schema: whole(1, 10_000), says: 'a whole number from 1 to 10000' },
  BMS_CONSOLE_SCROLLBACK_KIB: {
    schema: whole(256, 65_536),
    says: 'a whole number of KiB from 256 to 65536',
  },
  BMS_CONSOLE_GRACE: { schema: whole(0, 86_400), says: 'whole seconds from 0 to 86400' },
  BMS_CONSOLE_MAX_SESSIONS: { schema: whole(1, 100_000), says: 'a whole number from 1 to 100000' },
  BMS_CONSOLE_MAX_SESSIONS_PER_USER: { schema: whole(1, 100_000), says: 'a whole number from 1 to 100000' },
  BMS_CONSOLE_MAX_VIEWERS: { schema: whole(1, 1_000), says: 'a whole number from 1 to 1000' },
  BMS_CONSOLE_IDLE_LIMIT: {
    schema: whole(0, 10_080),
    says: 'whole minutes from 1 to 10080, or 0 for no limit',
  },
  BMS_CONSOLE_TIME_LIMIT: {
    schema: whole(0, 10_080),
    says: 'whole minutes from 1 to 10080, or 0 for no limit',
  },
  BMS_CONSOLE_CLOUD_TIMEOUT: { schema: whole(1, 120), says: 'whole seconds from 1 to 120' },
  BMS_CONSOLE_RECORDINGS: { schema: RecordingMode, says: '"off", "on-demand" or "always"' },
  BMS_CONSOLE_RECORDINGS_DIR: { schema: text, says: 'a folder that only this server may read' },
  BMS_CONSOLE_RECORDINGS_TOTAL_MIB: {
    schema: whole(1, 100_000_000),
    says: 'a whole number of MiB, 1 or more',
  },
  BMS_CONSOLE_RECORDING_MAX_MIB: { schema: whole(1, 4096), says: 'a whole number of MiB from 1 to 4096' },
  BMS_CONSOLE_RECORDING_DAYS: { schema: whole(1, 36_500), says: 'whole days from 1 to 36500' },
  BMS_CONSOLE_RECORDING_INPUT: { schema: flag, says: '"true" or "false"' },
  BMS_CONSOLE_RECORDING_DELETE: { schema: flag, says: '"true" or "false"' },
  BMS_CONSOLE_LOG_LEVEL: { schema: z.enum(logLevels), says: `one of ${logLevels.join(', ')}` },
  HUAWEI_BMS_ENDPOINT: { schema: url, says: 'the BMS endpoint, e.g. https://bms.eu-de.otc.t-systems.com' },
  HUAWEI_IAM_ENDPOINT: { schema: url, says: 'the IAM endpoint, e.g. https://iam.eu-de.otc.t-systems.com' },
  HUAWEI_PROJECT_ID: { schema: text, says: 'the id of the project that owns the servers' },
  HUAWEI_DOMAIN: { schema: text, says: 'the account (domain) name of the IAM user' },
  HUAWEI_USER: { schema: text, says: 'the name of the IAM user' },
  HUAWEI_PASSWORD: { schema: z.string().min(1), says: 'the password of the IAM user' },
  HUAWEI_TOKEN: { schema: text, says: 'an IAM token of the project' },
  HUAWEICLOUD_SDK_AK: { schema: text, says: 'an access key' },
  HUAWEICLOUD_SDK_SK: { schema: text, says: 'the secret key of HUAWEICLOUD_SDK_AK' },
  HUAWEICLOUD_SDK_SECURITY_TOKEN: { schema: text, says: 'the security token of a temporary access key' },
} as const

type Name = keyof typeof variables
type Value<N extends Name> = z.output<(typeof variables)[N]['schema']>

const secretNames: readonly Name[] = [
  'HUAWEI_PASSWORD',
  'HUAWEI_TOKEN',
  'HUAWEICLOUD_SDK_SK',
  'HUAWEICLOUD_SDK_SECURITY_TOKEN',
]

function originOf(value: string): string | null {
  try {
    return new URL(value).origin
  } catch {
    return null
  }
}

/** A secret may come from a file: `NAME_FILE` names it. One newline at its end is the editor's, not the secret's. */
function raw(env: NodeJS.ProcessEnv, name: Name): string | undefined {
  if (!secretNames.includes(name)) return env[name] || undefined
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

function optional<N extends Name>(env: NodeJS.ProcessEnv, name: N): Value<N> | undefined {
  const value = raw(env, name)
  if (value === undefined) return undefined
  const parsed = variables[name].schema.safeParse(value)
  // The value itself is not repeated: it may be a secret put into the wrong variable.
  if (!parsed.success) throw new ConfigError(`${name} is not valid: it must be ${variables[name].says}`)
  return parsed.data as Value<N>
}

function required<N extends Name>(env: NodeJS.ProcessEnv, name: N, why: string): Value<N> {
  const value = optional(env, name)
  if (value === undefined)
    throw new ConfigError(`${name} is missing (${why}): it must be ${variables[name].says}`)
  return value
}

/**
 * The whole configuration, parsed once at the start.
 * @throws ConfigError naming the first variable that is wrong or missing
 */
export function parseConfig(env: NodeJS.ProcessEnv): Config {
  const known = new Set<string>([...Object.keys(variables), ...secretNames.map((name) => `${name}_FILE`)])
  const stranger = Object.keys(env).find((name) => name.startsWith('BMS_CONSOLE_') && !known.has(name))
  if (stranger) throw new ConfigError(`${stranger} is not a setting of BMS Console: see the README's table`)

  const host = optional(env, 'BMS_CONSOLE_HOST') ?? '127.0.0.1'
  const port = optional(env, 'BMS_CONSOLE_PORT') ?? 8080
  const publicOrigins = optional(env, 'BMS_CONSOLE_PUBLIC_ORIGINS')
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(host)
  if (!loopback && !publicOrigins) {
    throw new ConfigError(
      `BMS_CONSOLE_PUBLIC_ORIGINS is missing (BMS_CONSOLE_HOST is not loopback): it must be ${variables.BMS_CONSOLE_PUBLIC_ORIGINS.says}`,
    )
  }
  const kind = optional(env, 'BMS_CONSOLE_CLOUD') ?? 'sandbox'
  return {
    host,
    port,
    publicOrigins: publicOrigins ?? loopbackOrigins(port),
    cloud:
      kind === 'sandbox'
        ? { kind, machines: optional(env, 'BMS_CONSOLE_SANDBOX_MACHINES') ?? 'auto' }
        : { kind, options: huaweiOptions(env) },
    console: {
      transport: optional(env, 'BMS_CONSOLE_TRANSPORT') ?? 'direct',
      gateways:
        kind === 'sandbox'
          ? (optional(env, 'BMS_CONSOLE_GATEWAYS') ?? [])
          : required(env, 'BMS_CONSOLE_GATEWAYS', 'no gateway is trusted by default'),
      linkTtl: optional(env, 'BMS_CONSOLE_LINK_TTL') ?? 600,
      sysrqSequence: optional(env, 'BMS_CONSOLE_SYSRQ_SEQUENCE') ?? null,
      ringBytes: (optional(env, 'BMS_CONSOLE_SCROLLBACK_KIB') ?? 1024) * 1024,
      graceMs: (optional(env, 'BMS_CONSOLE_GRACE') ?? 60) * 1000,
      maxSessions: optional(env, 'BMS_CONSOLE_MAX_SESSIONS') ?? 2_000,
      maxSessionsPerUser: optional(env, 'BMS_CONSOLE_MAX_SESSIONS_PER_USER') ?? 50,
      maxViewers: optional(env, 'BMS_CONSOLE_MAX_VIEWERS') ?? 50,
      idleMs: minutes(optional(env, 'BMS_CONSOLE_IDLE_LIMIT')),
      totalMs: minutes(optional(env, 'BMS_CONSOLE_TIME_LIMIT')),
    },
    recordings: recordingSettings(env),
    issuesPerMinute: optional(env, 'BMS_CONSOLE_ISSUES_PER_MINUTE') ?? 120,
    logLevel: optional(env, 'BMS_CONSOLE_LOG_LEVEL') ?? 'info',
  }
}

/** @returns ms; null for no limit */
const minutes = (value: number | undefined) => (value ? value * 60_000 : null)

/** The origins under which a loopback listener can be opened. */
export function loopbackOrigins(port: number): string[] {
  return ['localhost', '127.0.0.1', '[::1]'].map((name) => new URL(`http://${name}:${port}`).origin)
}

function recordingSettings(env: NodeJS.ProcessEnv): RecordingSettings | null {
  const mode = optional(env, 'BMS_CONSOLE_RECORDINGS') ?? 'off'
  if (mode === 'off') return null
  if (optional(env, 'BMS_CONSOLE_TRANSPORT') !== 'relay') {
    throw new ConfigError(
      `BMS_CONSOLE_RECORDINGS=${mode} needs BMS_CONSOLE_TRANSPORT=relay: with direct the serial bytes do not pass this server`,
    )
  }
  return {
    mode,
    dir: required(env, 'BMS_CONSOLE_RECORDINGS_DIR', `BMS_CONSOLE_RECORDINGS=${mode}`),
    maxMib: optional(env, 'BMS_CONSOLE_RECORDING_MAX_MIB') ?? 100,
    totalMib: optional(env, 'BMS_CONSOLE_RECORDINGS_TOTAL_MIB') ?? 10_240,
    days: optional(env, 'BMS_CONSOLE_RECORDING_DAYS') ?? 30,
    input: optional(env, 'BMS_CONSOLE_RECORDING_INPUT') ?? false,
    mayDelete: optional(env, 'BMS_CONSOLE_RECORDING_DELETE') ?? false,
  }
}

function huaweiOptions(env: NodeJS.ProcessEnv): HuaweiOptions {
  const why = 'BMS_CONSOLE_CLOUD=huawei'
  const timeout = optional(env, 'BMS_CONSOLE_CLOUD_TIMEOUT')
  return {
    endpoint: required(env, 'HUAWEI_BMS_ENDPOINT', why),
    projectId: required(env, 'HUAWEI_PROJECT_ID', why),
    auth: huaweiAuth(env, why),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
  }
}

/** Access key, given token, or user and password: whichever is set; two of them at once is a mistake. */
function huaweiAuth(env: NodeJS.ProcessEnv, why: string): HuaweiOptions['auth'] {
  const accessKey = optional(env, 'HUAWEICLOUD_SDK_AK')
  const token = optional(env, 'HUAWEI_TOKEN')
  const user = optional(env, 'HUAWEI_USER')
  const given = [accessKey && 'HUAWEICLOUD_SDK_AK', token && 'HUAWEI_TOKEN', user && 'HUAWEI_USER'].filter(
    Boolean,
  )
  if (given.length > 1) throw new ConfigError(`${given.join(' and ')} are both set: keep one way to sign in`)
  if (accessKey) {
    const securityToken = optional(env, 'HUAWEICLOUD_SDK_SECURITY_TOKEN')
    return {
      kind: 'aksk',
      accessKey,
      secretKey: required(env, 'HUAWEICLOUD_SDK_SK', 'HUAWEICLOUD_SDK_AK is set'),
      ...(securityToken ? { securityToken } : {}),
    }
  }
  if (token) return { kind: 'token', token }
  return {
    kind: 'password',
    user: required(env, 'HUAWEI_USER', `${why}, and neither HUAWEICLOUD_SDK_AK nor HUAWEI_TOKEN is set`),
    iamEndpoint: required(env, 'HUAWEI_IAM_ENDPOINT', 'HUAWEI_USER is set'),
    domain: required(env, 'HUAWEI_DOMAIN', 'HUAWEI_USER is set'),
    password: required(env, 'HUAWEI_PASSWORD', 'HUAWEI_USER is set'),
  }
}
