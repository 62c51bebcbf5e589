import pino from 'pino'
import { z } from 'zod'
import type { Cloud } from '../../server/clouds/cloud.ts'
import { parseConfig } from '../../server/config.ts'
import { pause } from '../../server/deadline.ts'
import { start } from '../../server/start.ts'
import { steadyClock } from '../../shared/clock.ts'
import { testServer } from '../server.ts'
import { silentCloud } from '../sign-in/identity.ts'

// One replica, in a process of its own that a test can kill. Its cloud gives links to the one gateway of the test.

const { TEST_GATEWAY, TEST_NAME, TEST_WEB_ROOT, TEST_LINK_MS } = z
  .object({
    TEST_GATEWAY: z.string(),
    TEST_NAME: z.string(),
    TEST_WEB_ROOT: z.string().optional(),
    /** How long the cloud takes for a link */
    TEST_LINK_MS: z.coerce.number().default(0),
  })
  .parse(process.env)

const cloud: Cloud = {
  ...silentCloud,
  listServers: async () => ({ servers: [testServer({ id: 'server-1' })], missing: [] }),
  getServer: async (id) => testServer({ id }),
  async remoteConsole() {
    await pause(TEST_LINK_MS, steadyClock)
    return `ws://${TEST_GATEWAY}/?token=${TEST_NAME}`
  },
}

const server = await start({
  config: parseConfig(process.env),
  cloud: {
    cloud: () => cloud,
    identityService: null,
    cloudName: 'Test',
    power: { forced: false, nmi: true },
    gateways: [TEST_GATEWAY],
    sysrqSequence: null,
    notes: [],
    stop: async () => {},
  },
  logger: pino({ level: process.env.TEST_LOG ?? 'silent' }, pino.destination(2)),
  version: '0.0.0-replica',
  ...(TEST_WEB_ROOT === undefined ? {} : { webRoot: TEST_WEB_ROOT }),
})
process.send?.({ port: server.port })
process.on('SIGTERM', () => {
  void server.close().then(() => process.exit(0))
})
process.on('disconnect', () => process.exit(1))
