import pino from 'pino'
import { onTestFinished } from 'vitest'
import type { Cloud } from '../server/clouds/cloud.ts'
import type { IdentityService } from '../server/clouds/identity-service.ts'
import { parseConfig } from '../server/config.ts'
import { compose, type OpenedCloud, type StartOptions, start } from '../server/start.ts'
import { testAudit } from './audit.ts'
import { silentCloud } from './sign-in/identity.ts'

export interface TestAppOptions extends Pick<StartOptions, 'clock' | 'lineStore' | 'signIn' | 'webRoot'> {
  env?: NodeJS.ProcessEnv
  /** Absent: one that must not be asked. */
  cloud?: Cloud
  identityService?: IdentityService
}

/** The whole server, to `inject` into. Its origin is `https://console.test`, unless `env` says another. */
export async function testApp(options: TestAppOptions = {}) {
  const env = { BMS_CONSOLE_PUBLIC_ORIGINS: 'https://console.test', ...options.env }
  const { composition, ...seen } = parts({ ...options, env })
  const { app } = await compose(composition)
  onTestFinished(() => app.close())
  return { app, ...seen }
}

/** The whole server, listening on a free port of 127.0.0.1. */
export async function listeningTestApp(options: TestAppOptions = {}) {
  const { composition, ...seen } = parts(options)
  const { app, port, origins, certificate, close } = await start(composition)
  onTestFinished(close)
  return { app, port, origins, certificate, origin: `http://127.0.0.1:${port}`, ...seen }
}

function parts({ env = {}, cloud = silentCloud, identityService, ...more }: TestAppOptions) {
  // The test runs in the same process, and may keep it busy.
  const config = parseConfig({ BMS_CONSOLE_PORT: '0', BMS_CONSOLE_OVERLOAD_DELAY: '60000', ...env })
  const log: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => void log.push(line) })
  const audit = testAudit()
  const composition: StartOptions = {
    config,
    cloud: openedCloud(cloud, identityService),
    logger,
    version: '0.0.0',
    ...more,
    ...(env.BMS_CONSOLE_AUDIT ? {} : { audit }),
  }
  return { composition, config, log, audit }
}

/** A cloud that is there. */
export function openedCloud(cloud: Cloud = silentCloud, identityService?: IdentityService): OpenedCloud {
  return {
    cloud: () => cloud,
    identityService: identityService ? () => identityService : null,
    cloudName: 'Test',
    power: { forced: false, nmi: true },
    gateways: null,
    sysrqSequence: null,
    notes: [],
    stop: async () => {},
  }
}
