import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../shared/clock.ts'
import type { PowerTraits } from '../shared/power.ts'
import type { AuditLog } from './audit/audit.ts'
import type { SharedCloud } from './clouds/snapshot.ts'
import type { Config } from './config.ts'
import type { Grants } from './embed/grants.ts'
import type { HoldingStore } from './line-log/store/store.ts'
import type { CloudHealth } from './metrics/cloud-health.ts'
import type { Meter } from './metrics/meter.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { PublicOrigins } from './origins.ts'
import type { Replica } from './replicas/replica.ts'
import type { OpenedSignIn } from './sign-in/open.ts'
import type { Store } from './store/store.ts'
import type { OwnCertificate } from './tls/own-certificate.ts'

/** What the server is made of */
export interface AppOptions {
  config: Config
  /** Who asks, and with which cloud. */
  signIn: OpenedSignIn
  /** The users that portals let in. null or absent: no page may embed a console. */
  grants?: Grants | null
  /** With this server's own credentials. null or absent: no line is watched. */
  watchedCloud?: SharedCloud | null
  /** With this server's own credentials, for lines that other replicas give up. null or absent: it has none. */
  ownCloud?: SharedCloud | null
  /** What this server shares with its replicas */
  store: Store
  /** This server as one of several. null or absent: it is the only one. */
  replica?: Replica | null
  logger: FastifyBaseLogger
  version: string
  /** What the page calls the cloud. */
  cloudName: string
  /** What the cloud makes of power actions */
  power: PowerTraits
  /** The built page; without it only the API is served (tests). */
  webRoot?: string
  /** Takes the place of the configured one, so that tests can collect the events. */
  audit?: AuditLog
  /** Takes the place of the configured one. */
  lineStore?: HoldingStore
  origins: PublicOrigins
  /** null or absent: this server speaks plain HTTP. */
  certificate?: OwnCertificate | null
  /** Goes by the configured proxies. */
  fetch: typeof fetch
  /** Counts what happens. */
  meter: Meter
  /** What the meter's counts are read as; null: nobody reads them. */
  metrics: Metrics | null
  /** How the cloud has answered */
  cloudHealth: CloudHealth
  /** null: the machine's own */
  clock: Clock | null
}
