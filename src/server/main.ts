#!/usr/bin/env -S node --initial-old-space-size=256 --max-semi-space-size=64 --no-memory-reducer
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { cachedImage, type LinuxImage, machineCommands } from '../sandbox/machines/linux-image.ts'
import { SANDBOX_SYSRQ_SEQUENCE } from '../sandbox/machines/machine.ts'
import { missingPackages } from '../sandbox/machines/tied-process.ts'
import { startSandbox } from '../sandbox/sandbox.ts'
import { nameOfCloud, openCloud, openIdentityService } from './clouds/open-cloud.ts'
import { powerTraits } from './clouds/power-traits.ts'
import { openSandbox } from './clouds/sandbox.ts'
import { commandOf, usage } from './command-line.ts'
import { type Config, parseConfig } from './config.ts'
import { ConfigError } from './environment.ts'
import { openLog } from './log.ts'
import { PublicOrigins } from './origins.ts'
import { Dialler } from './outbound/dialler.ts'
import { shownProxies } from './outbound/proxies.ts'
import { shownFinding } from './self-check/finding.ts'
import { selfCheck } from './self-check/self-check.ts'
import { type OpenedCloud, start } from './start.ts'

const version = z.object({ version: z.string() }).parse(packageJson).version

/** The end takes no longer than this, ms, */
const END_MS = 10_000
/** or where lines are given to other replicas. systemd waits 20 s, see `deploy/`. */
const GIVEN_MS = 18_000

async function main(): Promise<void> {
  const command = commandOf(process.argv.slice(2))
  switch (command.kind) {
    case 'serve':
      return serve()
    case 'check':
      return check(command.serverId)
    case 'version':
      return void process.stdout.write(`${version}\n`)
    case 'help':
      return void process.stdout.write(usage)
    case 'unknown':
      throw new ConfigError(`“${command.word}” is not a command. bms-console --help lists them`)
  }
}

/** Ends with 1 if something is wrong. */
async function check(serverId: string | null): Promise<void> {
  const config = parseConfig(process.env)
  const cloud = await openedCloud(config, new PublicOrigins())
  process.stdout.write(`\n  BMS Console ${version} (${cloud.cloudName}, ${config.console.transport})\n\n`)
  const found = { ok: 0, warning: 0, wrong: 0 }
  try {
    for await (const finding of selfCheck({
      config,
      cloud,
      dialler: new Dialler(config.outbound),
      serverId,
    })) {
      found[finding.state] += 1
      process.stdout.write(`${shownFinding(finding)}\n`)
    }
  } finally {
    await cloud.stop()
  }
  process.stdout.write(`\n  ${found.wrong} wrong, ${found.warning} to look at, ${found.ok} ok\n\n`)
  // Connections that are kept alive must not hold up the end.
  process.exit(found.wrong > 0 ? 1 : 0)
}

async function serve(): Promise<void> {
  const config = parseConfig(process.env, { terminal: process.stdout.isTTY })
  const logger = openLog(config.log)
  const origins = new PublicOrigins(null, config.basePath)
  const cloud = await openedCloud(config, origins)
  const { close, certificate } = await start({ config, cloud, logger, version, origins, ...page() })

  const shutDown = async (signal: string) => {
    logger.info({ signal }, 'shutting down')
    // A peer that never answers must not keep the process for ever.
    setTimeout(() => process.exit(1), config.replicas ? GIVEN_MS : END_MS).unref()
    await close()
    process.exit(0)
  }
  process.once('SIGTERM', shutDown)
  process.once('SIGINT', shutDown)
  if (certificate) process.on('SIGHUP', () => void certificate.reload())
  // A terminal that closes ends what runs in it. A service that is told to reload goes on.
  else if (!process.stdout.isTTY)
    process.on('SIGHUP', () => logger.info('there is no certificate to read anew'))

  const lines = [
    `BMS Console ${version} (${cloud.cloudName}, ${config.console.transport})`,
    ...cloud.notes,
    origins.shown,
  ]
  process.stdout.write(`\n${lines.map((line) => `  ${line}\n`).join('')}\n`)
}

/** The page is built beside the server: `dist/web` next to `dist/server/main.js`, or from the sources. */
function page(): { webRoot?: string } {
  const candidates = ['../web', '../../dist/web'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  const webRoot = candidates.find((path) => existsSync(`${path}/index.html`))
  return webRoot ? { webRoot } : {}
}

async function openedCloud(config: Config, origins: PublicOrigins): Promise<OpenedCloud> {
  const {
    cloud: chosen,
    outbound: { proxies },
  } = config
  if (chosen.kind === 'sandbox') return startSandboxCloud(config, chosen, origins)
  return {
    cloud: () => openCloud(chosen, { proxies }),
    identityService: () => openIdentityService(chosen, { proxies }),
    cloudName: nameOfCloud(chosen),
    power: powerTraits(chosen.kind),
    gateways: null,
    sysrqSequence: null,
    notes: shownProxies(proxies),
    stop: async () => {},
  }
}

async function startSandboxCloud(
  config: Config,
  { machines, as, fleet }: Extract<Config['cloud'], { kind: 'sandbox' }>,
  origins: PublicOrigins,
): Promise<OpenedCloud> {
  const sandbox = await startSandbox({
    allowedOrigins: { includes: (origin) => origins.allows(origin) },
    linuxImage: linuxImage(machines),
    ...fleet,
  })
  const { total, real } = sandbox.machines
  const { alice } = sandbox.users
  return {
    ...openSandbox(sandbox, as),
    cloudName: 'Sandbox',
    gateways: [sandbox.gatewayHost],
    sysrqSequence: SANDBOX_SYSRQ_SEQUENCE,
    notes: [
      real > 0 ? `${total} machines, ${real} of them real Linux` : `${total} simulated machines`,
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

main().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`bms-console: ${error.message}\n`)
  else process.stderr.write(`bms-console: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
})
