import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { build } from 'vite'
import { type WebSocket, WebSocketServer } from 'ws'
import playwrightConfig from '../playwright.config.ts'
import { startApp } from './app.ts'
import { kernelLog } from './kernel-log.ts'
import { median, report } from './report.ts'

// Sends a 50 MB kernel log through the socket into the page, and compares it with xterm's own `write` of the same text in
// the same browser. The log ends with a question to the terminal (DSR 6, "where is the cursor?"). The answer comes back
// through page and socket only when the whole log is parsed.

const ROUNDS = 5
/** What websockify reads at once from a busy serial port */
const FRAME_BYTES = 64 * 1024
const log = Buffer.from(kernelLog(50_000_000), 'latin1')
const QUESTION = Buffer.from('\x1b[6n')
const ANSWER = /\x1b\[\d+;\d+R/

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

const gateway = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
await once(gateway, 'listening')
const portOf = (address: unknown) =>
  typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0
const gatewayHost = `127.0.0.1:${portOf(gateway.address())}`
let onMeasured: (ms: number) => void = () => {}
gateway.on('connection', (viewer) => {
  // The first Enter starts the flood, and the answer to the question ends it.
  let begun: number | null = null
  viewer.on('message', (data: Buffer) => {
    if (begun === null) {
      begun = performance.now()
      void sendLog(viewer)
    } else if (ANSWER.test(data.toString('latin1'))) {
      onMeasured(performance.now() - begun)
    }
  })
})

async function sendLog(viewer: WebSocket): Promise<void> {
  const send = (data: Buffer) => new Promise<void>((sent) => viewer.send(data, () => sent()))
  for (let at = 0; at < log.length; at += FRAME_BYTES) {
    const sent = send(log.subarray(at, at + FRAME_BYTES))
    if (viewer.bufferedAmount > 1024 * 1024) await sent
  }
  await send(QUESTION)
}

const apps = {
  direct: await startApp({ transport: 'direct', gateway: gatewayHost }),
  relay: await startApp({ transport: 'relay', gateway: gatewayHost }),
}
const browser = await chromium.launch(playwrightConfig.use?.launchOptions ?? {})
const viewport = { width: 1440, height: 900 }

async function bare(): Promise<number> {
  const page = await browser.newPage({ viewport })
  const address = `http://127.0.0.1:${portOf(files.address())}`
  await page.goto(address)
  await page.waitForFunction(() => 'measure' in window)
  const ms = await page.evaluate((from) => window.measure(from), `${address}/log`)
  await page.close()
  return ms
}

async function ours(origin: string): Promise<number> {
  const page = await browser.newPage({ viewport })
  const measured = new Promise<number>((resolve) => {
    onMeasured = resolve
  })
  await page.goto(origin)
  await page.getByRole('link', { name: 'web-fra-01' }).click()
  await page.getByRole('button', { name: 'Press Enter' }).click()
  const ms = await measured
  await page.close()
  return ms
}

const times = { bare: [] as number[], direct: [] as number[], relay: [] as number[] }
for (let round = 0; round < ROUNDS; round++) {
  times.bare.push(await bare())
  times.direct.push(await ours(apps.direct.origin))
  times.relay.push(await ours(apps.relay.origin))
}
const speed = (ms: number) => log.length / 1000 / ms
for (const transport of ['direct', 'relay'] as const) {
  const ratio = median(times.bare) / median(times[transport])
  report({
    bench: 'terminal',
    metric: `50 MB kernel log, ${transport}`,
    value: speed(median(times[transport])),
    unit: 'MB/s',
    reference: speed(median(times.bare)),
    ratio,
    target: 0.8,
    pass: ratio >= 0.8,
  })
}
await browser.close()
await apps.direct.close()
await apps.relay.close()
gateway.close()
files.close()
await rm(bareFolder, { recursive: true, force: true })
