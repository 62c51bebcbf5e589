import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { type AuditSettings, auditSettings, auditVariables } from './audit/settings.ts'
import { BasePath } from './base-path.ts'
import { type HuaweiSettings, huaweiVariables } from './clouds/huawei/settings.ts'
import type { OpenStackSettings } from './clouds/openstack/settings.ts'
import { openStackVariables } from './clouds/openstack/source.ts'
import { type CloudSettings, cloudSettings, cloudVariables, ownBesideUsers } from './clouds/settings.ts'
import { isIpv6, parseGatewayPattern } from './consoles/gateway-url.ts'
import { type EmbeddingSettings, embeddingSettings, embeddingVariables } from './embed/settings.ts'
import {
  ConfigError,
  type HostPort,
  list,
  optional,
  required,
  text,
  type Variable,
  variables,
  whole,
} from './environment.ts'
import type { MaskSource } from './line-log/masks/pattern.ts'
import { maskSettings, maskVariables } from './line-log/masks/settings.ts'
import { type LineLogSettings, lineLogSettings, lineLogVariables } from './line-log/settings.ts'
import { type ShipSettings, shipSettings, shipVariables } from './line-log/shipping/settings.ts'
import { metricsSettings, metricsVariables } from './metrics/settings.ts'
import { isSafeOrigin } from './origins.ts'
import { type OutboundSettings, outboundSettings, outboundVariables } from './outbound/settings.ts'
import { type RecordingSettings, recordingSettings, recordingVariables } from './recordings/settings.ts'
import { type ReplicaSettings, replicaSettings, replicaVariables } from './replicas/settings.ts'
import { type SignInSettings, signInSettings, signInVariables } from './sign-in/settings.ts'
import { type TlsSettings, tlsSettings, tlsVariables } from './tls/settings.ts'
import { type WatchSettings, watchSettings, watchVariables } from './watch/settings.ts'

/** As parsed: nothing is assigned into it. */
export type Config = Immutable<Settings>

type Immutable<T> = T extends Primitive | Uint8Array | URL | KeyObject
  ? T
  : T extends HuaweiSettings | OpenStackSettings
    ? Readonly<T>
    : { readonly [K in keyof T]: Immutable<T[K]> }
type Primitive = string | number | boolean | null | undefined

interface Settings {
  host: string
  /** 0: any free one */
  port: number
  /**
   * Exact origins under which browsers open the page, e.g. `https://console.example.com`; null: those of loopback, at
   * the port that is listened on.
   */
  publicOrigins: string[] | null
  /** null: this server speaks plain HTTP. */
  tls: TlsSettings | null
  /** null: this server is the only one. */
  replicas: ReplicaSettings | null
  /** All is served below this path, such as `/console`. Empty: at the root */
  basePath: string
  cloud: CloudSettings
  console: {
    transport: 'auto' | 'direct' | 'relay'
    /** With `auto`: settings whose promises only the relay keeps, so that no browser is given a link */
    relayNeeds: string[]
    /** `host`, `host:port` or `*.domain[:port]`; a URL for any other host is never handed out. */
    gateways: string[]
    /** How long the cloud's link stays good, seconds. */
    linkTtl: number
    /** Typed before a SysRq command key; null where the machines' kernels have none. */
    sysrqSequence: string | null
    /** The relay keeps so much of each session's output, bytes. */
    ringBytes: number
    /** How long the relay keeps a line after the last viewer left, ms. */
    graceMs: number
    maxSessions: number
    maxSessionsPerUser: number
    /** Viewers of one session. */
    maxViewers: number
    /** Those of one person, or of one address where nobody signs in. */
    maxViewersPerUser: number
    /** null: no limit */
    idleMs: number | null
    totalMs: number | null
  }
  outbound: OutboundSettings
  signIn: SignInSettings
  /** null: what lines say is kept in memory only, and for as long as a session. */
  lineLog: LineLogSettings | null
  /** null: nothing is recorded. */
  recordings: RecordingSettings | null
  /** null: no line is held open with nobody there. */
  watch: WatchSettings | null
  /** What is masked in what lines say, before it is kept or shipped. */
  masks: MaskSource[]
  /** Where what lines say goes, too. null: nowhere */
  ship: ShipSettings | null
  audit: AuditSettings
  /** null: no page may embed a console. */
  embed: EmbeddingSettings | null
  /** Requests to the API */
  requests: {
    userPerMinute: number
    addressPerMinute: number
    /** How late the event loop may be on average before new requests are refused */
    maxDelayMs: number
  }
  /** Where Prometheus reads. null: nowhere */
  metrics: HostPort | null
  /** Consoles that one address may ask for in a minute. */
  issuesPerMinute: number
  log: {
    level: (typeof logLevels)[number]
    /** `human`: words for a person at a terminal */
    form: 'json' | 'human'
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

/** Every variable with what it may be: the words of the error, and a row in docs/configuration.md. */
const coreVariables = variables({
  BMS_CONSOLE_HOST: { schema: text, says: 'an address to listen on, e.g. 127.0.0.1' },
  BMS_CONSOLE_PORT: { schema: whole(0, 65535), says: 'a port from 0 (any free) to 65535' },
  BMS_CONSOLE_PUBLIC_ORIGINS: {
    schema: list.pipe(z.array(z.string().refine((value) => originOf(value) === value)).min(1)),
    says: 'a comma-separated list of origins without a path, e.g. https://console.example.com',
  },
  BMS_CONSOLE_BASE_PATH: {
    schema: BasePath,
    says: 'a path that begins with a slash, of letters, digits and -._~, e.g. /console (not /healthz or /readyz)',
  },
  BMS_CONSOLE_TRANSPORT: {
    schema: z.enum(['auto', 'direct', 'relay']),
    says: '"auto", "direct" or "relay"',
  },
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
  BMS_CONSOLE_USER_REQUESTS_PER_MINUTE: {
    schema: whole(60, 1_000_000),
    says: 'a whole number from 60 to 1000000',
  },
  BMS_CONSOLE_ADDRESS_REQUESTS_PER_MINUTE: {
    schema: whole(60, 1_000_000),
    says: 'a whole number from 60 to 1000000',
  },
  BMS_CONSOLE_OVERLOAD_DELAY: { schema: whole(50, 60_000), says: 'whole milliseconds from 50 to 60000' },
  BMS_CONSOLE_SCROLLBACK_KIB: {
    schema: whole(256, 65_536),
    says: 'a whole number of KiB from 256 to 65536',
  },
  BMS_CONSOLE_GRACE: { schema: whole(0, 86_400), says: 'whole seconds from 0 to 86400' },
  BMS_CONSOLE_MAX_SESSIONS: { schema: whole(1, 100_000), says: 'a whole number from 1 to 100000' },
  BMS_CONSOLE_MAX_SESSIONS_PER_USER: { schema: whole(1, 100_000), says: 'a whole number from 1 to 100000' },
  BMS_CONSOLE_MAX_VIEWERS: { schema: whole(1, 1_000), says: 'a whole number from 1 to 1000' },
  BMS_CONSOLE_MAX_VIEWERS_PER_USER: { schema: whole(1, 1_000), says: 'a whole number from 1 to 1000' },
  BMS_CONSOLE_IDLE_LIMIT: {
    schema: whole(0, 10_080),
    says: 'whole minutes from 1 to 10080, or 0 for no limit',
  },
  BMS_CONSOLE_TIME_LIMIT: {
    schema: whole(0, 10_080),
    says: 'whole minutes from 1 to 10080, or 0 for no limit',
  },
  BMS_CONSOLE_LOG_FORMAT: { schema: z.enum(['json', 'human']), says: '"json" or "human"' },
  BMS_CONSOLE_LOG_LEVEL: { schema: z.enum(logLevels), says: `one of ${logLevels.join(', ')}` },
})

export const allVariables: readonly Variable<unknown>[] = [
  coreVariables,
  tlsVariables,
  replicaVariables,
  outboundVariables,
  signInVariables,
  lineLogVariables,
  recordingVariables,
  watchVariables,
  maskVariables,
  shipVariables,
  auditVariables,
  embeddingVariables,
  metricsVariables,
  cloudVariables,
  huaweiVariables,
  openStackVariables,
].flatMap((table): Variable<unknown>[] => Object.values(table))

function originOf(value: string): string | null {
  try {
    return new URL(value).origin
  } catch {
    return null
  }
}

/**
 * The whole configuration, parsed once at the start.
 * @param terminal a person reads the log, so it holds warnings only unless they ask for more
 * @throws ConfigError naming the first variable that is wrong or missing
 */
export function parseConfig(env: NodeJS.ProcessEnv, { terminal = false } = {}): Config {
  const known = new Set(
    allVariables.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
  )
  const stranger = Object.keys(env).find((name) => name.startsWith('BMS_CONSOLE_') && !known.has(name))
  if (stranger)
    throw new ConfigError(`${stranger} is not a setting of BMS Console: see docs/configuration.md`)

  const host = optional(env, coreVariables.BMS_CONSOLE_HOST) ?? '127.0.0.1'
  const port = optional(env, coreVariables.BMS_CONSOLE_PORT) ?? 8080
  const publicOrigins = optional(env, coreVariables.BMS_CONSOLE_PUBLIC_ORIGINS) ?? null
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(host)
  if (!loopback && !publicOrigins) {
    throw new ConfigError(
      `BMS_CONSOLE_PUBLIC_ORIGINS is missing (BMS_CONSOLE_HOST is not loopback): it must be ${coreVariables.BMS_CONSOLE_PUBLIC_ORIGINS.says}`,
    )
  }
  const plain = publicOrigins?.find((origin) => !isSafeOrigin(origin))
  if (plain !== undefined) {
    throw new ConfigError(
      `BMS_CONSOLE_PUBLIC_ORIGINS has ${plain}, but needs https beyond loopback: what is typed would pass the network unencrypted, and browsers keep the clipboard and more from a page on plain http`,
    )
  }
  const tls = tlsSettings(env)
  const unencrypted = tls && publicOrigins?.find((origin) => origin.startsWith('http:'))
  if (unencrypted) {
    throw new ConfigError(
      `BMS_CONSOLE_PUBLIC_ORIGINS has ${unencrypted}, but with BMS_CONSOLE_TLS_CERT this server speaks https alone`,
    )
  }
  const transport = optional(env, coreVariables.BMS_CONSOLE_TRANSPORT) ?? 'auto'
  const kind = optional(env, cloudVariables.BMS_CONSOLE_CLOUD) ?? 'sandbox'
  const lineLog = lineLogSettings(env, transport)
  const recordings = recordingSettings(env, transport)
  const ship = shipSettings(env, transport)
  const signIn = signInSettings(env, { loopback })
  const gateways =
    kind === 'sandbox'
      ? (optional(env, coreVariables.BMS_CONSOLE_GATEWAYS) ?? [])
      : required(env, coreVariables.BMS_CONSOLE_GATEWAYS, 'no gateway is trusted by default')
  const unnamed = transport === 'direct' ? gateways.find(isIpv6) : undefined
  if (unnamed !== undefined) {
    throw new ConfigError(
      `BMS_CONSOLE_GATEWAYS has ${unnamed}, which a browser cannot open: a Content Security Policy cannot name an IPv6 address. Give the gateway a host name, or set BMS_CONSOLE_TRANSPORT=relay`,
    )
  }
  const watch = watchSettings(env, transport)
  const limits = {
    BMS_CONSOLE_MAX_SESSIONS: optional(env, coreVariables.BMS_CONSOLE_MAX_SESSIONS),
    BMS_CONSOLE_MAX_SESSIONS_PER_USER: optional(env, coreVariables.BMS_CONSOLE_MAX_SESSIONS_PER_USER),
    BMS_CONSOLE_MAX_VIEWERS: optional(env, coreVariables.BMS_CONSOLE_MAX_VIEWERS),
    BMS_CONSOLE_MAX_VIEWERS_PER_USER: optional(env, coreVariables.BMS_CONSOLE_MAX_VIEWERS_PER_USER),
  }
  const idleMs = minutes(optional(env, coreVariables.BMS_CONSOLE_IDLE_LIMIT))
  const totalMs = minutes(optional(env, coreVariables.BMS_CONSOLE_TIME_LIMIT))
  const cloud =
    signIn.mode !== 'iam'
      ? cloudSettings(env, kind, 'needed')
      : watch
        ? ownBesideUsers(env, kind)
        : cloudSettings(env, kind, 'not-needed')
  return {
    host,
    port,
    publicOrigins,
    tls,
    replicas: replicaSettings(env, { publicOrigins }),
    basePath: optional(env, coreVariables.BMS_CONSOLE_BASE_PATH) ?? '',
    signIn,
    cloud,
    outbound: outboundSettings(env, cloud.kind === 'openstack' ? cloud.settings.tls : null),
    console: {
      transport,
      relayNeeds: namesOf({
        BMS_CONSOLE_LINE_LOG_DIR: lineLog,
        BMS_CONSOLE_RECORDINGS: recordings,
        BMS_CONSOLE_SHIP: ship,
        BMS_CONSOLE_WATCH: watch,
        ...limits,
        BMS_CONSOLE_IDLE_LIMIT: idleMs,
        BMS_CONSOLE_TIME_LIMIT: totalMs,
      }),
      gateways,
      linkTtl: optional(env, coreVariables.BMS_CONSOLE_LINK_TTL) ?? 600,
      sysrqSequence: optional(env, coreVariables.BMS_CONSOLE_SYSRQ_SEQUENCE) ?? null,
      ringBytes: (optional(env, coreVariables.BMS_CONSOLE_SCROLLBACK_KIB) ?? 1024) * 1024,
      graceMs: (optional(env, coreVariables.BMS_CONSOLE_GRACE) ?? 60) * 1000,
      maxSessions: limits.BMS_CONSOLE_MAX_SESSIONS ?? 2_000,
      maxSessionsPerUser: limits.BMS_CONSOLE_MAX_SESSIONS_PER_USER ?? 50,
      maxViewers: limits.BMS_CONSOLE_MAX_VIEWERS ?? 50,
      maxViewersPerUser: limits.BMS_CONSOLE_MAX_VIEWERS_PER_USER ?? 10,
      idleMs,
      totalMs,
    },
    lineLog,
    recordings,
    watch,
    masks: maskSettings(env, { used: [lineLog, recordings, ship].some((outlet) => outlet !== null) }),
    ship,
    audit: auditSettings(env),
    embed: embeddingSettings(env, { mode: signIn.mode }),
    requests: {
      userPerMinute: optional(env, coreVariables.BMS_CONSOLE_USER_REQUESTS_PER_MINUTE) ?? 1_200,
      addressPerMinute: optional(env, coreVariables.BMS_CONSOLE_ADDRESS_REQUESTS_PER_MINUTE) ?? 6_000,
      maxDelayMs: optional(env, coreVariables.BMS_CONSOLE_OVERLOAD_DELAY) ?? 250,
    },
    metrics: metricsSettings(env),
    issuesPerMinute: optional(env, coreVariables.BMS_CONSOLE_ISSUES_PER_MINUTE) ?? 120,
    log: {
      level: optional(env, coreVariables.BMS_CONSOLE_LOG_LEVEL) ?? (terminal ? 'warn' : 'info'),
      form: optional(env, coreVariables.BMS_CONSOLE_LOG_FORMAT) ?? (terminal ? 'human' : 'json'),
    },
  }
}

/** The settings that are set */
const namesOf = (settings: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => (value == null ? [] : name))

/** @returns ms; null for no limit */
const minutes = (value: number | undefined) => (value ? value * 60_000 : null)
