import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { type Browser, chromium, type Page } from 'playwright'
import playwrightConfig from '../playwright.config.ts'
import { addressOf, listeningGateway } from '../src/testing/gateway.ts'
import { startApp } from './app.ts'
import { startBarePage } from './bare-page.ts'
import { quantile, report } from './report.ts'

// Presses keys in the page and in a bare xterm.js whose cursor stands still, both with the same gateway, which sends each
// key back. Measures from the key to the changed DOM. Then nobody types, and the processor time of the open page counts.

const bench = 'keys'
const ROUNDS = 3
const KEYS_PER_ROUND = 200
/** These come before: code is compiled, and fonts are loaded. */
const WARM_UP = 20
const RATIO = 1.4
const IDLE_SHARE = 1
/** The cursor's blinking ends 10 s after the last key. */
const UNTIL_STILL_MS = 14_000
const IDLE_MS = 20_000

declare global {
  interface Window {
    /** From each key to the changed DOM, ms */
    keyTimes: number[]
  }
}

const gateway = await listeningGateway()
gateway.on('connection', (viewer) => {
  viewer.on('error', () => {})
  viewer.on('message', (data: Buffer) => viewer.send(data, { binary: true }))
})
const bare = await startBarePage('./bare-keys.ts')
const apps = {
  direct: await startApp({ transport: 'direct', gateway: addressOf(gateway) }),
  relay: await startApp({ transport: 'relay', gateway: addressOf(gateway) }),
}
const ways = ['bare', 'direct', 'relay'] as const
type Way = (typeof ways)[number]

async function openPage(browser: Browser, way: Way): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'no-preference',
  })
  if (way === 'bare') {
    await page.goto(`${bare.origin}/?gateway=ws://${addressOf(gateway)}/`)
  } else {
    await page.goto(apps[way].origin)
    await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
    // The gateway says nothing until somebody types.
    const open = page.getByRole('button', { name: 'Press Enter' })
    const anyway = page.getByRole('button', { name: 'Open anyway' })
    await open.or(anyway).first().waitFor()
    // Over direct, nothing tells the server that the page of the round before is gone.
    if (await anyway.isVisible()) await anyway.click()
    await open.waitFor()
  }
  await page.locator('.xterm-rows').waitFor()
  await page.locator('.xterm-helper-textarea').focus()
  return page
}

async function measure(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    window.keyTimes = []
    const rows = document.querySelector('.xterm-rows')
    if (!rows) throw new Error('no terminal')
    let pressedAt = 0
    let before = ''
    window.addEventListener(
      'keydown',
      () => {
        before = rows.textContent.trim()
        pressedAt = performance.now()
      },
      true,
    )
    new MutationObserver(() => {
      // The cursor's blinking changes the rows, too.
      if (pressedAt === 0 || rows.textContent.trim() === before) return
      window.keyTimes.push(performance.now() - pressedAt)
      pressedAt = 0
    }).observe(rows, { childList: true, characterData: true, subtree: true })
  })
  for (let count = 1; count <= WARM_UP + KEYS_PER_ROUND; count++) {
    await page.keyboard.press('abcdefghij'.charAt(count % 10))
    await page.waitForFunction((keys) => window.keyTimes.length >= keys, count, { polling: 5 })
    // A person's keys come at any moment of a frame.
    await delay(20 + Math.random() * 40)
  }
  return (await page.evaluate(() => window.keyTimes)).slice(WARM_UP)
}

/** The processor time that the browser's processes have used, in s */
async function processorTime(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
const times: Record<Way, number[]> = { bare: [], direct: [], relay: [] }
const browser = await chromium.launch(playwrightConfig.use?.launchOptions ?? {})
for (let round = 0; round < ROUNDS; round++) {
  for (const way of ways) {
    const page = await openPage(browser, way)
    times[way].push(...(await measure(page)))
    await page.close()
  }
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const p99 = (values: readonly number[]) => quantile(values, 0.99)
for (const way of ['direct', 'relay'] as const) {
  const ratio = mean(times[way]) / mean(times.bare)
  report({
    bench,
    metric: `key to changed DOM, mean of ${times[way].length}, ${way}`,
    value: mean(times[way]),
    unit: 'ms',
    reference: mean(times.bare),
    ratio,
    target: RATIO,
    pass: ratio <= RATIO,
  })
  report({
    bench,
    metric: `key to changed DOM, p99 of ${times[way].length}, ${way}`,
    value: p99(times[way]),
    unit: 'ms',
    reference: p99(times.bare),
    ratio: p99(times[way]) / p99(times.bare),
    target: p99(times.bare),
    pass: p99(times[way]) <= p99(times.bare),
  })
}
await browser.close()

/** In a browser of its own: processes of closed pages may linger. */
async function idle(way: Way | 'nothing'): Promise<number> {
  const own = await chromium.launch(playwrightConfig.use?.launchOptions ?? {})
  const page = await (way === 'nothing' ? own.newPage() : openPage(own, way))
  await page.keyboard.type('idle')
  await delay(UNTIL_STILL_MS)
  const before = await processorTime(own)
  await delay(IDLE_MS)
  const share = ((await processorTime(own)) - before) / (IDLE_MS / 1000)
  await own.close()
  return share * 100
}

const nothing = await idle('nothing')
const reference = (await idle('bare')) - nothing
report({ bench, metric: 'processor time of a browser without a page', value: nothing, unit: '% of a core' })
for (const way of ['direct', 'relay'] as const) {
  const value = (await idle(way)) - nothing
  report({
    bench,
    metric: `processor time that the open page adds while nobody types, ${way}`,
    value,
    unit: '% of a core',
    reference,
    target: IDLE_SHARE,
    pass: value <= IDLE_SHARE,
  })
}
await apps.direct.close()
await apps.relay.close()
await bare.close()
for (const viewer of gateway.clients) viewer.terminate()
gateway.close()
