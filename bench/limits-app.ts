import { monitorEventLoopDelay } from 'node:perf_hooks'
import pino from 'pino'
import { openCloud } from '../src/server/clouds/open-cloud.ts'
import { parseConfig } from '../src/server/config.ts'
import { start } from '../src/server/start.ts'

// The server with the cloud of the environment, in its own process, so that its memory can be measured alone.

const config = parseConfig({
  BMS_CONSOLE_PORT: '0',
  BMS_CONSOLE_AUDIT: 'off',
  BMS_CONSOLE_LOG_LEVEL: 'silent',
  BMS_CONSOLE_CLOUD: 'huawei',
  BMS_CONSOLE_TRANSPORT: 'relay',
  BMS_CONSOLE_GATEWAYS: process.env.BENCH_GATEWAY,
  HUAWEI_BMS_ENDPOINT: process.env.BENCH_CLOUD,
  HUAWEI_PROJECT_ID: 'bench',
  HUAWEI_TOKEN: 'bench',
})
const { cloud } = config
if (cloud.kind === 'sandbox') throw new Error('The benchmark has a cloud of its own.')
const { port } = await start({
  config,
  cloud: {
    cloud: () => openCloud(cloud),
    identityService: null,
    cloudName: 'Bench',
    power: { forced: false, nmi: false },
    gateways: null,
    sysrqSequence: null,
    notes: [],
    stop: async () => {},
  },
  logger: pino({ level: 'silent' }),
  version: '0.0.0-bench',
})
const loop = monitorEventLoopDelay({ resolution: 1 })
loop.enable()
let peak = 0
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss())
}, 20)
process.on('message', () => {
  globalThis.gc?.()
  const rss = process.memoryUsage.rss()
  process.send?.({ rss, peak: Math.max(peak, rss), delayMs: loop.percentile(99) / 1e6 })
  peak = 0
  loop.reset()
})
process.on('disconnect', () => process.exit())
process.send?.({ origin: `http://127.0.0.1:${port}` })
