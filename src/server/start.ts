import type { AddressInfo } from 'node:net'
import type { FastifyBaseLogger } from 'fastify'
import { type Clock, steadyClock, systemClock } from '../shared/clock.ts'
import type { PowerTraits } from '../shared/power.ts'
import { buildApp } from './app.ts'
import type { AuditLog } from './audit/audit.ts'
import type { Cloud } from './clouds/cloud.ts'
import type { IdentityService } from './clouds/identity-service.ts'
import { type SharedCloud, sharedCloud } from './clouds/snapshot.ts'
import type { Config } from './config.ts'
import { Grants } from './embed/grants.ts'
import { ConfigError } from './environment.ts'
import type { HoldingStore } from './line-log/store/store.ts'
import { CloudHealth } from './metrics/cloud-health.ts'
import { type Meter, noMeter } from './metrics/meter.ts'
import { meteredCloud, meteredIdentity } from './metrics/metered-cloud.ts'
import { Metrics } from './metrics/metrics.ts'
import { loopbackOrigins, PublicOrigins } from './origins.ts'
import { fetchOver } from './outbound/fetch.ts'
import { Replica } from './replicas/replica.ts'
import type { SignInMode } from './sign-in/mode.ts'
import { openSignIn } from './sign-in/open.ts'
import { MemoryStore } from './store/memory-store.ts'
import { evicting, RedisStore } from './store/redis-store.ts'
import { type Store, StoreError } from './store/store.ts'
import { OwnCertificate } from './tls/own-certificate.ts'

/** A cloud that is there. The server asks nothing else of it, so it does not know whether this is the sandbox. */
export interface OpenedCloud {
  /** With this server's own credentials; called once at most. */
  cloud: () => Cloud
  /** Signs the cloud's own users in. null: this server cannot do that with this cloud. */
  identityService: (() => IdentityService) | null
  /** The page shows this name. */
  cloudName: string
  /** What it makes of power actions */
  power: PowerTraits
  /** The gateways of its consoles. null: the configuration has them. */
  gateways: readonly string[] | null
  /** Its machines take this for SysRq, unless the configuration says otherwise. null: they have none. */
  sysrqSequence: string | null
  /** Printed above the address at the start */
  notes: readonly string[]
  stop(): Promise<void>
}

export interface StartOptions {
  config: Config
  cloud: OpenedCloud
  logger: FastifyBaseLogger
  version: string
  /** A test gives one that it turns. */
  clock?: Clock
  /** Given if the cloud must know them, too. They are bound here. */
  origins?: PublicOrigins
  /** In place of the configured one: tests read the events. */
  audit?: AuditLog
  /** In place of the configured one */
  lineStore?: HoldingStore
  /** A test changes who asks. */
  signIn?: (configured: SignInMode) => SignInMode
  /** The built page; without it only the API is served. */
  webRoot?: string
}

export type App = Awaited<ReturnType<typeof buildApp>>

export interface StartedServer {
  app: App
  port: number
  /** Bound */
  origins: PublicOrigins
  /** null: it speaks plain HTTP. */
  certificate: OwnCertificate | null
  /** The server, then its cloud. */
  close(): Promise<void>
}

/**
 * The whole server, listening.
 * @throws ConfigError where the configured address cannot be listened on, or the store does not answer; the cloud is stopped
 *   then.
 */
export async function start(options: StartOptions): Promise<StartedServer> {
  const { config, cloud } = options
  try {
    const { app, origins, certificate, replica } = await compose(options)
    // Fastify does not see that what it listens with speaks TLS.
    const listenTextResolver = (address: string) =>
      `Server listening at ${certificate ? address.replace('http:', 'https:') : address}`
    try {
      await app.ready()
      await replica?.join(app.server)
      await app.listen({ host: config.host, port: config.port, listenTextResolver })
    } catch (error) {
      await app.close()
      throw listenError(error, config)
    }
    const { port } = app.server.address() as AddressInfo
    if (knownOrigins(config) === null) origins.bind(loopbackOrigins(port, schemeOf(config)))
    const close = async () => {
      await app.close()
      await cloud.stop()
    }
    return { app, port, origins, certificate, close }
  } catch (error) {
    await cloud.stop()
    if (!(error instanceof StoreError)) throw error
    throw new ConfigError(`BMS_CONSOLE_REDIS_URL: the store does not answer any more (${error.message})`)
  }
}

/** The whole server, not listening: unit tests `inject` into its app. */
export async function compose(options: StartOptions): Promise<{
  app: App
  origins: PublicOrigins
  certificate: OwnCertificate | null
  /** It has not joined the others. null: there are none. */
  replica: Replica | null
}> {
  const { config, cloud: opened, logger, clock = null } = options
  const origins = options.origins ?? new PublicOrigins(null, config.basePath)
  const known = knownOrigins(config)
  if (known) origins.bind(known)
  const parts = {
    origins,
    clock: clock ?? systemClock,
    store: await openStore(config, logger, clock ?? systemClock),
    replicaSecret: config.replicas && Buffer.from(config.replicas.secret),
    log: logger,
    fetch: fetchOver({ proxies: config.outbound.proxies }),
  }
  const metrics = config.metrics && new Metrics(options.version)
  const cloudHealth = new CloudHealth(steadyClock)
  const meter = metrics ?? noMeter
  const asked: Meter['asked'] = (operation, ms, cause) => {
    cloudHealth.asked(cause)
    meter.asked(operation, ms, cause)
  }
  const { identityService: service } = opened
  const identityService = service && (() => meteredIdentity(service(), asked, steadyClock))
  // Everybody who comes with this server's own credentials shares one cloud, and so its tokens and answers.
  let own: SharedCloud | null = null
  const cloud = () => {
    own ??= sharedCloud(meteredCloud(opened.cloud(), asked, steadyClock), parts.clock)
    return own
  }
  const configured = openSignIn(config, { cloud, identityService, ...parts })
  const replica =
    config.replicas &&
    new Replica({
      settings: config.replicas,
      store: parts.store,
      log: logger,
      host: () => new URL(origins.first).host,
      basePath: config.basePath,
    })
  const certificate = config.tls && new OwnCertificate(config.tls, logger, parts.clock)
  const app = await buildApp({
    config: {
      ...config,
      console: {
        ...config.console,
        gateways: opened.gateways ?? config.console.gateways,
        sysrqSequence: config.console.sysrqSequence ?? opened.sysrqSequence,
      },
    },
    signIn: { ...configured, mode: options.signIn?.(configured.mode) ?? configured.mode },
    grants: config.embed && new Grants({ settings: config.embed, cloud: cloud(), ...parts }),
    watchedCloud: config.watch && cloud(),
    origins,
    certificate,
    fetch: parts.fetch,
    store: parts.store,
    replica,
    // In mode `iam` it may have none.
    ownCloud: replica && (config.signIn.mode !== 'iam' || config.watch || config.embed) ? cloud() : null,
    meter,
    metrics,
    cloudHealth,
    clock,
    cloudName: opened.cloudName,
    power: opened.power,
    logger,
    version: options.version,
    ...(options.lineStore ? { lineStore: options.lineStore } : {}),
    ...(options.audit ? { audit: options.audit } : {}),
    ...(options.webRoot === undefined ? {} : { webRoot: options.webRoot }),
  })
  return { app, origins, certificate, replica }
}

async function openStore({ replicas }: Config, log: FastifyBaseLogger, clock: Clock): Promise<Store> {
  if (!replicas) return new MemoryStore(clock)
  const store = await RedisStore.open({ url: replicas.redisUrl, log })
  const policy = await store.forgets()
  if (policy !== null) log.warn({ policy }, evicting)
  return store
}

/** null: known once it listens. */
function knownOrigins(config: Config): readonly string[] | null {
  const { publicOrigins, port } = config
  return publicOrigins ?? (port === 0 ? null : loopbackOrigins(port, schemeOf(config)))
}

const schemeOf = ({ tls }: Pick<Config, 'tls'>) => (tls ? 'https' : 'http')

function listenError(error: unknown, config: Config): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return new ConfigError(`BMS_CONSOLE_PORT ${config.port} is taken: set it to a free port, or 0 for any`)
    case 'EACCES':
      return new ConfigError(
        `BMS_CONSOLE_PORT ${config.port} is not allowed for this user: set it to 1024 or more`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ConfigError(`BMS_CONSOLE_HOST ${config.host} is not an address of this machine`)
    default:
      return error
  }
}
