import * as z from 'zod/mini'
import { defaultFleet } from '../src/sandbox/fleet.ts'
import { startApp } from './app.ts'

// The server with its relay, in its own process, so that its memory can be measured alone.

const SERVERS = 2_100
/** What a benchmark sets otherwise */
const settings = z.record(z.string(), z.string()).parse(JSON.parse(process.env.BENCH_SETTINGS ?? '{}'))
const other = z
  .nullable(z.object({ gateway: z.string(), from: z.number() }))
  .parse(JSON.parse(process.env.BENCH_OTHER ?? 'null'))
const numberOf = (serverId: string) => Number(serverId.replace('server-', ''))
const [fixture] = defaultFleet()
if (!fixture) throw new Error('The sandbox has no fleet.')
const { origin, sandbox, close } = await startApp({
  transport: 'relay',
  gateway: process.env.BENCH_GATEWAY ?? '',
  ...(other ? { other: { gateway: other.gateway, serves: (id) => numberOf(id) >= other.from } } : {}),
  // One session for each server, because viewers of one server share a session.
  servers: Array.from({ length: SERVERS }, (_, index) => ({ ...fixture, id: `server-${index}` })),
  env: {
    BMS_CONSOLE_ISSUES_PER_MINUTE: '10000',
    BMS_CONSOLE_USER_REQUESTS_PER_MINUTE: '1000000',
    BMS_CONSOLE_ADDRESS_REQUESTS_PER_MINUTE: '1000000',
    BMS_CONSOLE_MAX_SESSIONS: '10000',
    BMS_CONSOLE_MAX_SESSIONS_PER_USER: '10000',
    BMS_CONSOLE_MAX_VIEWERS_PER_USER: '50',
    ...settings,
  },
})
process.on('message', (message) => {
  if (message === 'close') return void close().then(() => process.exit())
  if (message === 'calls') return void process.send?.({ calls: sandbox.requests.map(({ at }) => at) })
  globalThis.gc?.()
  process.send?.({ ...process.memoryUsage(), cpu: process.cpuUsage() })
})
process.on('disconnect', () => process.exit())
process.send?.({ origin })
