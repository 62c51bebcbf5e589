import { loadavg } from 'node:os'
import { colourfulLog, kernelLog } from '../src/testing/kernel-log.ts'
import { startApp } from './app.ts'
import { startBarePage } from './bare-page.ts'
import { openConsole } from './open-console.ts'
import { median, report } from './report.ts'
import { startTalkingGateway } from './talking-gateway.ts'
import { startUnwatched } from './unwatched.ts'

// Sends two logs of 50 MB through the socket into the page, and compares it with xterm's own `write` of the same text in
// the same browser. Then measures what the guard and the history cost there, without page and socket.

const bench = 'terminal'
const ROUNDS = 5
const BYTES = 50_000_000
const logs = {
  'kernel log': Buffer.from(kernelLog(BYTES), 'latin1'),
  'log of ten sequences a line': Buffer.from(colourfulLog(BYTES), 'latin1'),
}

let log: Buffer = logs['kernel log']
const bare = await startBarePage('./bare-terminal.ts', () => log)

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
const gateway = await startTalkingGateway()
const apps = {
  direct: await startApp({ transport: 'direct', gateway: gateway.host }),
  relay: await startApp({ transport: 'relay', gateway: gateway.host }),
}

async function alone(way: 'bare' | 'guarded'): Promise<number> {
  const browser = await startUnwatched()
  await browser.drive(async (page) => {
    await page.goto(bare.origin)
    await page.waitForFunction(() => 'measure' in window)
  })
  const ms = await browser.evaluate(`measure(${JSON.stringify(`${bare.origin}/log`)}, '${way}')`)
  await browser.close()
  return Number(ms)
}

async function ours(origin: string): Promise<number> {
  const browser = await startUnwatched()
  await browser.drive(async (page) => (await openConsole(page, origin)).click())
  const { ms } = await gateway.say(log)
  await browser.close()
  return ms
}

const speed = (ms: number) => log.length / 1000 / ms
for (const [name, bytes] of Object.entries(logs)) {
  log = bytes
  const times = {
    bare: [] as number[],
    guarded: [] as number[],
    direct: [] as number[],
    relay: [] as number[],
  }
  for (let round = 0; round < ROUNDS; round++) {
    times.bare.push(await alone('bare'))
    times.guarded.push(await alone('guarded'))
    times.direct.push(await ours(apps.direct.origin))
    times.relay.push(await ours(apps.relay.origin))
  }
  for (const [way, target] of [
    ['direct', 0.8],
    ['relay', 0.8],
    ['guarded', 0.95],
  ] as const) {
    const ratio = median(times.bare) / median(times[way])
    report({
      bench,
      metric: way === 'guarded' ? `50 MB ${name}, guard and history alone` : `50 MB ${name}, ${way}`,
      value: speed(median(times[way])),
      unit: 'MB/s',
      reference: speed(median(times.bare)),
      ratio,
      target,
      pass: ratio >= target,
    })
  }
}
await apps.direct.close()
await apps.relay.close()
gateway.close()
await bare.close()
