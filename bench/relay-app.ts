import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { defaultFleet } from '../src/sandbox/fleet.ts'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import { buildApp } from '../src/server/app.ts'
import { createHuaweiCloud } from '../src/server/clouds/huawei/huawei.ts'
import { parseConfig } from '../src/server/config.ts'
import { serviceSignIn } from '../src/server/sign-in/service.ts'

// The proxy with its relay, in a process of its own so that its memory is only its own.

const SERVERS = 2_100
const webRoot = fileURLToPath(new URL('../dist/web', import.meta.url))
const gateway = process.env.BENCH_GATEWAY ?? ''
const [fixture] = defaultFleet()
if (!fixture) throw new Error('The sandbox has no fleet.')
const sandbox = await startSandbox({
  allowedOrigins: [],
  issueUrl: () => `http://${gateway}/?token=bench`,
  // A console session each: the viewers of one server share it.
  servers: Array.from({ length: SERVERS }, (_, index) => ({ ...fixture, id: `server-${index}` })),
})
const config = parseConfig({
  BMS_CONSOLE_AUDIT: 'off',
  BMS_CONSOLE_PORT: '0',
  BMS_CONSOLE_TRANSPORT: 'relay',
  BMS_CONSOLE_GATEWAYS: gateway,
  BMS_CONSOLE_ISSUES_PER_MINUTE: '10000',
  BMS_CONSOLE_MAX_SESSIONS: '10000',
  BMS_CONSOLE_MAX_SESSIONS_PER_USER: '10000',
  BMS_CONSOLE_GRACE: '0',
  BMS_CONSOLE_LOG_LEVEL: 'silent',
})
const app = await buildApp({
  config,
  signIn: serviceSignIn({
    cloud: createHuaweiCloud({
      endpoint: sandbox.apiEndpoint,
      projectId: sandbox.projectId,
      auth: { kind: 'password', iamEndpoint: sandbox.iamEndpoint, ...sandbox.credentials },
      timeoutMs: 10_000,
    }),
  }),
  logger: pino({ level: 'silent' }),
  version: '0.0.0-bench',
  cloudName: 'Sandbox',
  // Only bench/flood.ts needs the page, and builds it.
  ...(existsSync(webRoot) ? { webRoot } : {}),
})
const origin = new URL(await app.listen({ host: '127.0.0.1', port: 0 })).origin
config.publicOrigins.splice(0, config.publicOrigins.length, origin)
process.on('message', () => {
  globalThis.gc?.()
  process.send?.(process.memoryUsage())
})
process.on('disconnect', () => process.exit())
process.send?.({ origin })
