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
import type { IdentityService } from './clouds/identity-service.ts'
import { nameOfCloud, openCloud, openIdentityService } from './clouds/open-cloud.ts'
import { openSandbox } from './clouds/sandbox.ts'
import { type Config, loopbackOrigins, parseConfig } from './config.ts'
import { Grants } from './embed/grants.ts'
import { ConfigError } from './environment.ts'
import { openSignIn } from './sign-in/open.ts'

const version = z.object({ version: z.string() }).parse(packageJson).version

/** Where the credentials and tokens are, should an object that holds them ever reach the log. */
const redact = {
  paths: [
    '*.password',
    '*.passcode',
    '*.secret',
    '*.token',
    '*.ticket',
    '*.bearer',
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
  const { cloud, identityService, cloudName, notes, stop } = await startCloud(config)
  // One for all who come with this server's own credentials: they share its tokens.
  let own: Cloud | null = null
  const ownCloud = () => {
    own ??= cloud()
    return own
  }
  const { embed } = config
  const publicOrigins = () => config.publicOrigins
  const app = await buildApp({
    config,
    signIn: openSignIn(config, { cloud: ownCloud, identityService, log: logger }),
    grants:
      embed && new Grants({ settings: embed, cloud: ownCloud(), publicOrigins, log: logger, now: Date.now }),
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
    `\n  BMS Console ${version} (${cloudName}, ${config.console.transport})${notes.map((note) => `\n  ${note}`).join('')}\n  ${pageUrl(config, port)}\n\n`,
  )
}

/** The page is built beside the server: `dist/web` next to `dist/server/main.js`, or from the sources. */
function page(): { webRoot?: string } {
  const candidates = ['../web', '../../dist/web'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  const webRoot = candidates.find((path) => existsSync(`${path}/index.html`))
  return webRoot ? { webRoot } : {}
}

interface StartedCloud {
  /** With this server's own credentials */
  cloud: () => Cloud
  /** Whoever knows the users who sign in with their own; null where they do not. */
  identityService: (() => IdentityService) | null
  cloudName: string
  /** Tell a person what the sandbox is. */
  notes: string[]
  stop: () => Promise<void>
}

async function startCloud(config: Config): Promise<StartedCloud> {
  const { cloud: chosen } = config
  if (chosen.kind === 'sandbox') return startSandboxCloud(config, chosen)
  return {
    cloud: () => openCloud(chosen),
    identityService: () => openIdentityService(chosen),
    cloudName: nameOfCloud(chosen),
    notes: [],
    stop: async () => {},
  }
}

async function startSandboxCloud(
  config: Config,
  { machines, as }: Extract<Config['cloud'], { kind: 'sandbox' }>,
): Promise<StartedCloud> {
  const sandbox = await startSandbox({
    allowedOrigins: config.publicOrigins,
    linuxImage: linuxImage(machines),
  })
  config.console.gateways = [sandbox.gatewayHost]
  config.console.sysrqSequence ??= SANDBOX_SYSRQ_SEQUENCE
  const { total, real } = sandbox.machines
  const { alice } = sandbox.users
  return {
    ...openSandbox(sandbox, as),
    cloudName: 'Sandbox',
    notes: [
      real > 0 ? `${total} machines, ${real} of them a real Linux` : `${total} simulated machines`,
      // The sandbox's passwords are made at its start and good for nothing else.
      ...(config.signIn.mode === 'iam' ? [`Sign in as ${alice.name} with ${alice.password}`] : []),
    ],
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
