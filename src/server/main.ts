import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { cachedImage, type LinuxImage, machineCommands } from '../sandbox/machines/linux-image.ts'
import { SANDBOX_SYSRQ_SEQUENCE } from '../sandbox/machines/machine.ts'
import { missingPackages } from '../sandbox/machines/tied-process.ts'
import { startSandbox } from '../sandbox/sandbox.ts'
import { buildApp } from './app.ts'
import type { Cloud } from './clouds/cloud.ts'
import { createHuaweiCloud } from './clouds/huawei/huawei.ts'
import type { IdentityService } from './clouds/identity-service.ts'
import { type Config, loopbackOrigins, parseConfig } from './config.ts'
import { ConfigError } from './environment.ts'
import { openSignIn } from './sign-in/open.ts'

const version = z.object({ version: z.string() }).parse(packageJson).version

/** Where the credentials and tokens are, should an object that holds them ever reach the log. */
const redact = {
  paths: [
    '*.password',
    '*.token',
    '*.ticket',
    '*.secretKey',
    '*.securityToken',
    '*.url',
    '*.authorization',
    '*.headers',
  ],
  censor: '[secret]',
}

async function main(): Promise<void> {
  const config = parseConfig(process.env)
  const logger = pino({ level: config.logLevel, redact })
  const { cloud, identityService, cloudName, machines, stop } = await openCloud(config)
  const app = await buildApp({
    config,
    signIn: openSignIn(config, { cloud, identityService, log: logger }),
    cloudName,
    logger,
    version,
    ...page(),
  })

  const shutDown = async (signal: string) => {
    logger.info({ signal }, 'shutting down')
    // A peer that never answers must not keep the process for ever.
    setTimeout(() => process.exit(1), 10_000).unref()
    await app.close()
    await stop()
    process.exit(0)
  }
  process.once('SIGTERM', shutDown)
  process.once('SIGINT', shutDown)

  await app.listen({ host: config.host, port: config.port }).catch(async (error: unknown) => {
    await stop()
    throw listenError(error, config)
  })
  const { port } = app.server.address() as AddressInfo
  if (config.port === 0 && process.env.BMS_CONSOLE_PUBLIC_ORIGINS === undefined) {
    // In place: the guard and the sandbox's gateway read the same list.
    config.publicOrigins.splice(0, config.publicOrigins.length, ...loopbackOrigins(port))
  }
  process.stdout.write(
    `\n  BMS Console ${version} (${cloudName}, ${config.console.transport})${machines ? `\n  ${machines}` : ''}\n  ${pageUrl(config, port)}\n\n`,
  )
}

/** The page is built beside the server: `dist/web` next to `dist/server/main.js`, or from the sources. */
function page(): { webRoot?: string } {
  const candidates = ['../web', '../../dist/web'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  const webRoot = candidates.find((path) => existsSync(`${path}/index.html`))
  return webRoot ? { webRoot } : {}
}

interface OpenCloud {
  /** With this server's own credentials */
  cloud: () => Cloud
  /** null: the cloud's users cannot sign in here. */
  identityService: (() => IdentityService) | null
  cloudName: string
  /** Tells a person what the sandbox's machines are. */
  machines?: string
  stop: () => Promise<void>
}

async function openCloud(config: Config): Promise<OpenCloud> {
  if (config.cloud.kind === 'huawei') {
    const { options } = config.cloud
    return {
      cloud: () => createHuaweiCloud(options),
      identityService: null,
      cloudName: new URL(options.endpoint).hostname,
      stop: async () => {},
    }
  }
  const sandbox = await startSandbox({
    allowedOrigins: config.publicOrigins,
    linuxImage: linuxImage(config.cloud.machines),
  })
  config.console.gateways = [sandbox.gatewayHost]
  config.console.sysrqSequence ??= SANDBOX_SYSRQ_SEQUENCE
  const { total, real } = sandbox.machines
  return {
    cloud: () =>
      createHuaweiCloud({
        endpoint: sandbox.apiEndpoint,
        projectId: sandbox.projectId,
        auth: { kind: 'password', iamEndpoint: sandbox.iamEndpoint, ...sandbox.credentials },
      }),
    identityService: null,
    cloudName: 'Sandbox',
    machines: real > 0 ? `${total} machines, ${real} of them a real Linux` : `${total} simulated machines`,
    stop: () => sandbox.close(),
  }
}

/** A start downloads nothing: the image is what was made before, or the machines are simulated. */
function linuxImage(machines: 'auto' | 'simulated' | 'linux'): LinuxImage | null {
  if (machines === 'simulated') return null
  const missing = missingPackages(machineCommands)
  const image = missing.length > 0 ? null : cachedImage()
  if (machines === 'linux' && !image) {
    const install = missing.length > 0 ? `apt-get install ${missing.join(' ')}, then ` : ''
    throw new ConfigError(
      `BMS_CONSOLE_SANDBOX_MACHINES is linux, but there is nothing to boot yet: ${install}npm run sandbox:linux`,
    )
  }
  return image
}

function pageUrl(config: Config, port: number): string {
  const [origin] = config.publicOrigins
  return origin ?? `http://${config.host}:${port}`
}

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

main().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`bms-console: ${error.message}\n`)
  else process.stderr.write(`bms-console: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
})
