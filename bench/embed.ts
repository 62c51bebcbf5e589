import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from 'playwright'
import { WebSocketServer } from 'ws'
import playwrightConfig from '../playwright.config.ts'
import { openSandbox } from '../src/server/clouds/sandbox.ts'
import { launchTicket } from '../src/testing/launch-ticket.ts'
import { startApp } from './app.ts'
import { median, report } from './report.ts'

// Measures the time from the address to the first byte on the screen. The page to embed, with its ticket in the address,
// and the full page of the same server take turns in one browser, each with an empty cache.

const ROUNDS = 9
/** The embedded page may take as long as the full one, plus what one machine varies by between runs. */
const TARGET = 1.1
const SECRET = 'a secret that portal and console share'
const GREETING = 'first-byte'

const gateway = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
await once(gateway, 'listening')
gateway.on('connection', (viewer) => viewer.send(Buffer.from(GREETING)))
const host = `127.0.0.1:${(gateway.address() as AddressInfo).port}`

const { origin, sandbox, close } = await startApp({
  transport: 'relay',
  gateway: host,
  env: {
    BMS_CONSOLE_EMBED_ORIGINS: 'https://portal.example.com',
    BMS_CONSOLE_LAUNCH_SECRET: SECRET,
  },
})
const cloud = openSandbox(sandbox, 'huawei').cloud()
const { servers } = await cloud.listServers()
await cloud.close()
const server = servers.find(({ name }) => name === 'web-fra-01')?.id
if (!server) throw new Error('no such server in the sandbox')

const ticket = () => launchTicket(SECRET, origin, { server })

/** @returns ms from the page's start to the first frame with the machine's first words */
async function firstByte(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(address, { waitUntil: 'commit' })
  const shown = await page.waitForFunction(
    (words) => document.querySelector('.xterm-rows')?.textContent?.includes(words) && performance.now(),
    GREETING,
    { polling: 'raf' },
  )
  const ms = Number(await shown.jsonValue())
  await context.close()
  return ms
}

const browser = await chromium.launch(playwrightConfig.use?.launchOptions)
const embedded: number[] = []
const full: number[] = []
for (let round = 0; round <= ROUNDS; round++) {
  const one = await firstByte(browser, `${origin}/embed/${server}#ticket=${await ticket()}`)
  const other = await firstByte(browser, `${origin}/servers/${server}/console`)
  // The first round warms up the browser and the server.
  if (round === 0) continue
  embedded.push(one)
  full.push(other)
}
const value = median(embedded)
const reference = median(full)
const ratio = value / reference
report({
  bench: 'embed',
  metric: 'first byte on screen, embedded against full page',
  value,
  unit: 'ms',
  reference,
  ratio,
  target: TARGET,
  pass: ratio <= TARGET,
})

await browser.close()
await close()
for (const viewer of gateway.clients) viewer.terminate()
gateway.close()
