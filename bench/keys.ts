import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright'
import * as z from 'zod'
import { addressOf, listeningGateway } from '../src/testing/gateway.ts'
import { startApp } from './app.ts'
import { startBarePage } from './bare-page.ts'
import { openConsole } from './open-console.ts'
import { quantile, report } from './report.ts'
import { startUnwatched, type UnwatchedBrowser } from './unwatched.ts'

// Presses keys in the page and in a bare xterm.js whose cursor stands still, both with the same gateway, which sends each
// key back. Measures from the key to the changed DOM. Then nobody types, and the processor time of the open page counts.

const bench = 'keys'
const ROUNDS = 3
const KEYS_PER_ROUND = 200
/** These come before: code is compiled, and fonts are loaded. */
const WARM_UP = 20
const DOWN_MS = 40
const RATIO = 1.4
const IDLE_SHARE = 1
/** The cursor's blinking ends 10 s after the last key. */
const UNTIL_STILL_MS = 14_000
const IDLE_MS = 20_000

declare global {
  interface Window {
    /** From each key to the changed DOM, ms */
    keyTimes: number[]
    /** Resolves when there are so many of them. */
    keysShown: (count: number) => Promise<void>
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

async function openPage(page: Page, way: Way): Promise<void> {
  if (way === 'bare') {
    await page.goto(`${bare.origin}/?gateway=ws://${addressOf(gateway)}/`)
  } else {
    // The gateway says nothing until somebody types.
    const enter = await openConsole(page, apps[way].origin)
    await enter.waitFor()
  }
  await page.locator('.xterm-rows').waitFor()
  await page.locator('.xterm-helper-textarea').focus()
  await page.evaluate(watchKeys)
}

/** Runs in the page. */
function watchKeys(): void {
  window.keyTimes = []
  const rows = document.querySelector('.xterm-rows')
  if (!rows) throw new Error('no terminal')
  let pressedAt = 0
  let before = ''
  let wanted = 0
  let shown = () => {}
  window.keysShown = (count) =>
    new Promise((resolve) => {
      wanted = count
      shown = resolve
      if (window.keyTimes.length >= count) resolve()
    })
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
    if (window.keyTimes.length >= wanted) shown()
  }).observe(rows, { childList: true, characterData: true, subtree: true })
}

/** While the key is down, nobody asks the browser for anything: this process passes its bytes on, too. */
async function press(browser: UnwatchedBrowser, text: string): Promise<void> {
  const upper = text.toUpperCase()
  const key = { key: text, code: `Key${upper}`, windowsVirtualKeyCode: upper.charCodeAt(0) }
  await browser.send('Input.dispatchKeyEvent', { type: 'keyDown', text, ...key })
  await delay(DOWN_MS)
  await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key })
}

async function measure(browser: UnwatchedBrowser): Promise<number[]> {
  for (let count = 1; count <= WARM_UP + KEYS_PER_ROUND; count++) {
    await press(browser, 'abcdefghij'.charAt(count % 10))
    await browser.evaluate(`keysShown(${count})`)
    // A person's keys come at any moment of a frame.
    await delay(Math.random() * 40)
  }
  return z
    .array(z.number())
    .parse(await browser.evaluate('keyTimes'))
    .slice(WARM_UP)
}

report({ bench, metric: 'load average at the start', value: loadavg()[0] ?? 0, unit: 'processes' })
const times: Record<Way, number[]> = { bare: [], direct: [], relay: [] }
for (let round = 0; round < ROUNDS; round++) {
  for (const way of ways) {
    const browser = await startUnwatched()
    await browser.drive((page) => openPage(page, way))
    times[way].push(...(await measure(browser)))
    await browser.close()
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

async function idle(way: Way | 'nothing'): Promise<number> {
  const browser = await startUnwatched()
  if (way !== 'nothing') {
    await browser.drive((page) => openPage(page, way))
    for (const key of 'idle') await press(browser, key)
  }
  await delay(UNTIL_STILL_MS)
  const before = await browser.processorTime()
  await delay(IDLE_MS)
  const share = ((await browser.processorTime()) - before) / (IDLE_MS / 1000)
  await browser.close()
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
