import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { type SandboxOptions, startSandbox } from '../src/sandbox/sandbox.ts'
import { buildApp } from '../src/server/app.ts'
import { openSandbox } from '../src/server/clouds/sandbox.ts'
import { parseConfig } from '../src/server/config.ts'
import { serviceSignIn } from '../src/server/sign-in/service.ts'

const webRoot = fileURLToPath(new URL('../dist/web', import.meta.url))

interface AppOptions {
  transport: 'direct' | 'relay'
  /** host:port of the gateway that serves every console */
  gateway: string
  servers?: SandboxOptions['servers']
  env?: NodeJS.ProcessEnv
}

/** The product under measurement: no log, the sandbox's cloud, and the benchmark's own gateway. */
export async function startApp({ transport, gateway, servers, env }: AppOptions) {
  const sandbox = await startSandbox({
    allowedOrigins: [],
    issueUrl: () => `http://${gateway}/?token=bench`,
    ...(servers ? { servers } : {}),
  })
  const config = parseConfig({
    BMS_CONSOLE_AUDIT: 'off',
    BMS_CONSOLE_PORT: '0',
    BMS_CONSOLE_TRANSPORT: transport,
    BMS_CONSOLE_GATEWAYS: gateway,
    BMS_CONSOLE_LOG_LEVEL: 'silent',
    // Each round opens a session of its own.
    BMS_CONSOLE_GRACE: '0',
    ...env,
  })
  const app = await buildApp({
    config,
    signIn: serviceSignIn({ cloud: openSandbox(sandbox, 'huawei').cloud() }),
    logger: pino({ level: 'silent' }),
    version: '0.0.0-bench',
    cloudName: 'Sandbox',
    // Only some benchmarks need the page, and those build it.
    ...(existsSync(webRoot) ? { webRoot } : {}),
  })
  const { origin } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  config.publicOrigins.splice(0, config.publicOrigins.length, origin)
  return {
    origin,
    async close() {
      await app.close()
      await sandbox.close()
    },
  }
}
