import { test as base, expect, type Page } from '@playwright/test'
import { freePort } from './lab/tools.ts'
import { type Product, startProduct } from './product.ts'
import { consoleOf, screen, seeOnScreen } from './stack.ts'

/** The product at one address, however often it is ended and started. */
interface Restarting {
  running: Product
  start(): Promise<void>
}

const test = base.extend<{ product: Restarting }>({
  // Playwright wants the braces: a fixture's first argument names what it needs.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  product: async ({}, use) => {
    const env = { BMS_CONSOLE_PORT: String(await freePort()) }
    const product: Restarting = {
      running: await startProduct(env),
      async start() {
        product.running = await startProduct(env)
      },
    }
    await use(product)
    await product.running.end('SIGTERM')
  },
})

const isLive = (page: Page) =>
  expect(page.getByRole('banner').getByText('Live', { exact: true })).toBeVisible({ timeout: 40_000 })

for (const { signal, meanwhile } of [
  { signal: 'SIGKILL', meanwhile: "Can't reach BMS Console" },
  { signal: 'SIGTERM', meanwhile: /BMS Console is restarting|Can't reach BMS Console/ },
] as const) {
  test(`after ${signal} of the server the page is back by itself, and says that it was a restart`, async ({
    page,
    product,
  }) => {
    test.setTimeout(90_000)
    await page.addInitScript(() =>
      localStorage.setItem('bms-console.settings', JSON.stringify({ screenReader: true })),
    )
    await page.goto(product.running.origin + consoleOf('web-fra-01'))
    await isLive(page)
    await seeOnScreen(page, /smp: Brought up 1 node/)
    await product.running.end(signal)
    await expect(page.getByRole('main')).toContainText(meanwhile)
    await product.start()
    await seeOnScreen(page, /BMS Console was restarted: what the server printed meanwhile is lost/, 40_000)
    await isLive(page)
    // What came before is still there, and nothing claims that only the connection was lost.
    const shown = await screen(page)
    expect(shown).not.toContain('connection lost')
    await expect(page.getByRole('main')).not.toContainText("Can't reach BMS Console")
  })
}
