import pino from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../e2e/lab/tools.ts'
import { paths } from '../shared/api.ts'
import { listeningTestApp, openedCloud } from '../testing/app.ts'
import { testAudit } from '../testing/audit.ts'
import { withRedis } from '../testing/redis.ts'
import { parseConfig } from './config.ts'
import type { SignInMode } from './sign-in/mode.ts'
import { compose, type StartOptions, start } from './start.ts'

const redis = withRedis()

function options(env: NodeJS.ProcessEnv) {
  const stops: string[] = []
  const given: StartOptions = {
    config: parseConfig(env),
    cloud: { ...openedCloud(), stop: async () => void stops.push('stop') },
    logger: pino({ level: 'silent' }),
    version: '0.0.0',
    audit: testAudit(),
  }
  return { given, stops }
}

const status = async (origin: string) => (await fetch(new URL(paths.about(), origin))).status

it('with no settings is opened on loopback, at the usual port', async () => {
  const { app, origins } = await compose(options({}).given)
  onTestFinished(() => app.close())
  expect(origins.all).toEqual(['http://localhost:8080', 'http://127.0.0.1:8080', 'http://[::1]:8080'])
})

it('with any free port is opened at that port on loopback', async () => {
  const { port, origins } = await listeningTestApp()
  expect(origins.first).toBe(`http://localhost:${port}`)
  expect(await status(`http://127.0.0.1:${port}`)).toBe(200)
})

it('is opened under the configured origins only, whatever the port', async () => {
  const { origin, origins } = await listeningTestApp({
    env: { BMS_CONSOLE_PUBLIC_ORIGINS: 'https://console.test' },
  })
  expect(origins.all).toEqual(['https://console.test'])
  expect(await status(origin)).toBe(421)
})

it('says which setting is wrong where it cannot listen, and stops its cloud', async () => {
  const { port } = await listeningTestApp()
  const { given, stops } = options({ BMS_CONSOLE_PORT: String(port) })
  await expect(start(given)).rejects.toThrow(`BMS_CONSOLE_PORT ${port} is taken`)
  expect(stops).toEqual(['stop'])
})

it.skipIf(!redis.installed)('says so where the store goes away while it starts', async () => {
  const { given, stops } = options({
    BMS_CONSOLE_PORT: '0',
    BMS_CONSOLE_PUBLIC_ORIGINS: 'https://console.test',
    BMS_CONSOLE_REDIS_URL: redis.server.url,
    BMS_CONSOLE_REPLICA_ADDRESS: `127.0.0.1:${await freePort()}`,
    BMS_CONSOLE_REPLICA_SECRET: 'a secret that all replicas of a test share',
  })
  // The store has been opened by then.
  const signIn = (mode: SignInMode) => {
    redis.server.freeze()
    return mode
  }
  await expect(start({ ...given, signIn })).rejects.toThrow(
    /^BMS_CONSOLE_REDIS_URL: the store does not answer any more/,
  )
  expect(stops).toEqual(['stop'])
  redis.server.thaw()
})

it('stops its cloud when it is closed', async () => {
  const { given, stops } = options({ BMS_CONSOLE_PORT: '0' })
  const { close } = await start(given)
  expect(stops).toEqual([])
  await close()
  expect(stops).toEqual(['stop'])
})
