import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { build } from 'vite'
import playwrightConfig from '../playwright.config.ts'
import { startApp } from './app.ts'
import { colourfulLog, kernelLog } from './kernel-log.ts'
import { median, report } from './report.ts'
import { startTalkingGateway } from './talking-gateway.ts'

// Sends two logs of 50 MB through the socket into the page, and compares it with xterm's own `write` of the same text in
// the same browser. Then measures what the guard and the history cost there, without page and socket.

const bench = 'terminal'
const ROUNDS = 5
const BYTES = 50_000_000
const logs = {
  'kernel log': Buffer.from(kernelLog(BYTES), 'latin1'),
  'log of ten sequences a line': Buffer.from(colourfulLog(BYTES), 'latin1'),
}

const bareFolder = await mkdtemp(path.join(tmpdir(), 'bms-console-bench-'))
await build({
  configFile: false,
  logLevel: 'warn',
  build: {
    outDir: bareFolder,
    emptyOutDir: true,
    lib: {
      entry: fileURLToPath(new URL('./bare-terminal.ts', import.meta.url)),
      formats: ['es'],
      fileName: 'bare',
      cssFileName: 'bare',
    },
  },
})
let log: Buffer = logs['kernel log']
const files = createServer(async (request, response) => {
  if (request.url === '/log') return response.end(log)
  const name = { '/bare.js': 'bare.js', '/bare.css': 'bare.css' }[request.url ?? '']
  response.setHeader(
    'content-type',
    name?.endsWith('.js') ? 'text/javascript' : name ? 'text/css' : 'text/html',
  )
  response.end(
    name
      ? await readFile(path.join(bareFolder, name))
      : '<!doctype html><link rel="stylesheet" href="/bare.css"><body><script type="module" src="/bare.js"></script>',
  )
}).listen(0, '127.0.0.1')
await once(files, 'listening')
const address = files.address()
if (address === null || typeof address === 'string') throw new Error('A web server has a port.')
const filesOrigin = `http://127.0.0.1:${address.port}`

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
const gateway = await startTalkingGateway()
const apps = {
  direct: await startApp({ transport: 'direct', gateway: gateway.host }),
  relay: await startApp({ transport: 'relay', gateway: gateway.host }),
}
const browser = await chromium.launch(playwrightConfig.use?.launchOptions ?? {})
const viewport = { width: 1440, height: 900 }

async function alone(way: 'bare' | 'guarded'): Promise<number> {
  const page = await browser.newPage({ viewport })
  await page.goto(filesOrigin)
  await page.waitForFunction(() => 'measure' in window)
  const ms = await page.evaluate(([from, as]) => window.measure(from, as), [
    `${filesOrigin}/log`,
    way,
  ] as const)
  await page.close()
  return ms
}

async function ours(origin: string): Promise<number> {
  const page = await browser.newPage({ viewport })
  await page.goto(origin)
  await page.getByRole('link', { name: 'web-fra-01' }).click()
  await page.getByRole('button', { name: 'Press Enter' }).click()
  const { ms } = await gateway.say(log)
  await page.close()
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
await browser.close()
await apps.direct.close()
await apps.relay.close()
gateway.close()
files.close()
await rm(bareFolder, { recursive: true, force: true })
