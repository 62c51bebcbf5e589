import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { type SandboxOptions, startSandbox } from '../src/sandbox/sandbox.ts'
import { openSandbox } from '../src/server/clouds/sandbox.ts'
import { parseConfig } from '../src/server/config.ts'
import { start } from '../src/server/start.ts'

const webRoot = fileURLToPath(new URL('../dist/web', import.meta.url))

interface AppOptions {
  transport: 'direct' | 'relay'
  /** host:port of the gateway that serves the consoles */
  gateway: string
  /** Another gateway, for some of the servers */
  other?: { gateway: string; serves: (serverId: string) => boolean }
  servers?: SandboxOptions['servers']
  env?: NodeJS.ProcessEnv
}

/** The product under measurement: no log, the sandbox's cloud, and the benchmark's own gateway. */
export async function startApp({ transport, gateway, other, servers, env }: AppOptions) {
  const sandbox = await startSandbox({
    allowedOrigins: [],
    issueUrl: (id) => `http://${other?.serves(id) ? other.gateway : gateway}/?token=${id}`,
    ...(servers ? { servers } : {}),
  })
  const config = parseConfig({
    BMS_CONSOLE_AUDIT: 'off',
    BMS_CONSOLE_PORT: '0',
    BMS_CONSOLE_TRANSPORT: transport,
    BMS_CONSOLE_LOG_LEVEL: 'silent',
    // Some benchmarks run in the same process, and keep it busy.
    BMS_CONSOLE_OVERLOAD_DELAY: '60000',
    // Each round opens a session of its own.
    BMS_CONSOLE_GRACE: '0',
    ...env,
  })
  const { port, close } = await start({
    config,
    cloud: {
      ...openSandbox(sandbox, 'huawei'),
      cloudName: 'Sandbox',
      gateways: other ? [gateway, other.gateway] : [gateway],
      sysrqSequence: null,
      notes: [],
      stop: () => sandbox.close(),
    },
    logger: pino({ level: 'silent' }),
    version: '0.0.0-bench',
    // Not every benchmark needs the page: those that do build it.
    ...(existsSync(webRoot) ? { webRoot } : {}),
  })
  return { origin: `http://127.0.0.1:${port}`, sandbox, close }
}
