import { loadavg } from 'node:os'
import { type CDPSession, chromium, type Page } from 'playwright'
import { startProduct } from '../e2e/product.ts'
import playwrightConfig from '../playwright.config.ts'
import { quantile, report } from './report.ts'

// Opens the list of 10,000 servers of the sandbox, whose cloud takes its time for each page, as a person does: looks at
// the first rows, types a search, sorts, scrolls, opens a console and comes back.

const bench = 'list'
const SERVERS = 10_000
/** Each page of the cloud's list takes so long. */
const SLOW_MS = 300
const targets = {
  firstRows: 1_000,
  keystroke: 30,
  sort: 60,
  nodes: 2_000,
  heapMB: 60,
  refreshBytes: 2_000,
  back: 200,
}

declare global {
  interface Window {
    /** When rows were first painted, ms since the page began */
    rowsAt: number
    /** From an input to the frame that shows its effect, ms */
    paints: number[]
  }
}

/** Counts from each key or click to the frame behind the changed rows. */
async function watchPaints(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.paints = []
    const begin = () => {
      const at = performance.now()
      // The frame's callbacks run before it is painted, and a message after them comes when it is.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => window.paints.push(performance.now() - at)
        port2.postMessage(null)
      })
    }
    window.addEventListener('keydown', begin, true)
    window.addEventListener('click', begin, true)
  })
}

/** Waits for the next of them. */
async function paint(page: Page, count: number): Promise<void> {
  await page.waitForFunction((least) => window.paints.length >= least, count, { polling: 5 })
}

const nodes = (page: Page) =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL)
    let count = 1
    while (walker.nextNode()) count++
    return count
  })

async function heap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / 1e6
}

function upTo(metric: string, value: number, unit: string, target: number): void {
  report({ bench, metric, value, unit, target, pass: value <= target })
}

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
const product = await startProduct({
  BMS_CONSOLE_SANDBOX_SERVERS: String(SERVERS),
  BMS_CONSOLE_SANDBOX_SLOW: String(SLOW_MS),
})
const browser = await chromium.launch(playwrightConfig.use?.launchOptions ?? {})
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
const session = await page.context().newCDPSession(page)
await session.send('Network.enable')

// When the list's first bytes came, by the browser's own clock.
let listRequest: string | null = null
let arrivedAt = 0
const received = new Map<string, number>()
session.on('Network.requestWillBeSent', ({ requestId, request }) => {
  if (/\/api\/servers(\/list)?(\?|$)/.test(request.url)) listRequest = requestId
})
session.on('Network.dataReceived', ({ requestId, timestamp, encodedDataLength, dataLength }) => {
  if (requestId === listRequest && arrivedAt === 0) arrivedAt = timestamp
  received.set(requestId, (received.get(requestId) ?? 0) + (encodedDataLength || dataLength))
})
// What compiles this file names its functions with a helper that the page lacks.
await page.addInitScript('globalThis.__name = (named) => named')
await page.addInitScript(() => {
  const look = () => {
    if (document.querySelector('tbody [data-id]'))
      requestAnimationFrame(() => {
        window.rowsAt = performance.now()
      })
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})
await page.goto(product.origin)
await page.waitForFunction(() => window.rowsAt > 0, undefined, { polling: 10, timeout: 120_000 })
const rowsAt = await page.evaluate(() => window.rowsAt)
// CDP's timestamps and the page's clock are both monotonic, and both are read at one moment.
const { metrics } = await session
  .send('Performance.enable')
  .then(() => session.send('Performance.getMetrics'))
const now = await page.evaluate(() => performance.now())
const cdpNow = metrics.find(({ name }) => name === 'Timestamp')?.value ?? 0
upTo(
  'first page received to its rows painted',
  (cdpNow - arrivedAt) * 1000 - (now - rowsAt),
  'ms',
  targets.firstRows,
)

await page
  .getByText(`${SERVERS.toLocaleString('en')} servers`)
  .or(page.getByText(`${SERVERS} servers`))
  .waitFor({ timeout: 120_000 })
await page.getByRole('searchbox').focus()
await watchPaints(page)

const typed = ['web-fra', 'prod', '10.96.0', 'ubuntu 22', 'rack', 'kafka muc', 'o2.medium']
/** Types each search letter by letter, and takes it away again. */
async function search(): Promise<number[]> {
  for (const words of typed) {
    for (const key of [...words, ...Array.from(words, () => 'Backspace')]) {
      const before = await page.evaluate(() => window.paints.length)
      await page.keyboard.press(key === ' ' ? 'Space' : key)
      await paint(page, before + 1)
      // A fast typist's pause
      await page.waitForTimeout(90)
    }
  }
  return page.evaluate(() => window.paints.splice(0))
}
// The first round compiles the code.
const first = await search()
const keystrokes = [...(await search()), ...(await search())]
report({
  bench,
  metric: `key of a search to painted rows, p95 of the first ${first.length}`,
  value: quantile(first, 0.95),
  unit: 'ms',
})
upTo(
  `key of a search to painted rows, p95 of ${keystrokes.length}`,
  quantile(keystrokes, 0.95),
  'ms',
  targets.keystroke,
)
report({
  bench,
  metric: 'key of a search to painted rows, median',
  value: quantile(keystrokes, 0.5),
  unit: 'ms',
})

const columns = ['Status', 'Addresses', 'Zone', 'Flavor', 'Name', 'Tags', 'Operating system']
for (const column of [...columns, ...columns]) {
  const before = await page.evaluate(() => window.paints.length)
  await page.getByRole('columnheader', { name: column }).getByRole('button').click()
  await paint(page, before + 1)
  await page.waitForTimeout(150)
}
const sorts = await page.evaluate(() => window.paints.splice(0))
upTo(`click on a heading to painted rows, slowest of ${sorts.length}`, Math.max(...sorts), 'ms', targets.sort)
report({
  bench,
  metric: 'click on a heading to painted rows, median',
  value: quantile(sorts, 0.5),
  unit: 'ms',
})

await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight / 2))
await page.waitForTimeout(300)
upTo('DOM nodes, texts included, in the middle of the list', await nodes(page), 'nodes', targets.nodes)
upTo('JavaScript heap after a collection', await heap(session), 'MB', targets.heapMB)

// A refresh of a list in which nothing has changed.
const asked = page.waitForRequest(/\/api\/servers(\/list)?(\?|$)/)
const refresh = page.getByRole('button', { name: 'Refresh' })
await refresh.evaluate((button) => button instanceof HTMLElement && button.click())
await asked
// The browser may call a stream cancelled that the page has read to its end, so only the page tells the end.
await page.waitForFunction(
  (button) => button instanceof HTMLButtonElement && !button.disabled,
  await refresh.elementHandle(),
)
upTo(
  'a refresh without changes, body as sent',
  received.get(listRequest ?? '') ?? 0,
  'bytes',
  targets.refreshBytes,
)

// To a console and back, to the same row.
const backs: number[] = []
for (let round = 0; round < 5; round++) {
  const link = page.getByRole('rowheader').nth(14).locator('[data-name]')
  const name = (await link.textContent()) ?? ''
  const y = (await link.boundingBox())?.y
  await link.click()
  await page.getByRole('heading', { name }).waitFor()
  await page.locator('.xterm-rows').waitFor()
  const took = await page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const at = performance.now()
        const look = () => {
          const shown = [...document.querySelectorAll('tbody [data-name]')].some(
            ({ textContent }) => textContent === wanted,
          )
          if (!shown) return requestAnimationFrame(look)
          requestAnimationFrame(() => resolve(performance.now() - at))
        }
        history.back()
        requestAnimationFrame(look)
      }),
    name,
  )
  const after = (await page.getByRole('link', { name, exact: true }).boundingBox())?.y
  if (y === undefined || after === undefined || Math.abs(after - y) > 2)
    throw new Error(`${name} was at ${y} and is at ${after}`)
  backs.push(took)
}
upTo(
  `back from a console to the same row, slowest of ${backs.length}`,
  Math.max(...backs),
  'ms',
  targets.back,
)

await browser.close()
await product.end('SIGTERM')
