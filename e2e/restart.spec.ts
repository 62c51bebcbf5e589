import { readFile } from 'node:fs/promises'
import { test as base, expect, type Page } from '@playwright/test'
import { freePort } from './lab/tools.ts'
import { type Product, startProduct } from './product.ts'
import { consoleOf } from './stack.ts'

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

/** All that the terminal has, also what has left the screen. */
async function scrollback(page: Page): Promise<string> {
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download scrollback' }).click()
  return readFile(await (await downloading).path(), 'utf8')
}

for (const { signal, meanwhile } of [
  { signal: 'SIGKILL', meanwhile: "Can't reach BMS Console" },
  { signal: 'SIGTERM', meanwhile: /BMS Console is restarting|Can't reach BMS Console/ },
] as const) {
  test(`after ${signal} of the server the page is back by itself, and says that it was a restart`, async ({
    page,
    product,
  }) => {
    test.setTimeout(120_000)
    await page.goto(product.running.origin + consoleOf('web-fra-01'))
    await isLive(page)
    await expect.poll(() => scrollback(page)).toContain('UEFI Firmware')
    await product.running.end(signal)
    await expect(page.getByRole('main')).toContainText(meanwhile)
    await product.start()
    await isLive(page)
    await expect(page.getByRole('main')).not.toContainText("Can't reach BMS Console")
    // What came before is still there, and nothing claims that only the connection was lost.
    const told = 'BMS Console was restarted, and nobody listened for a while'
    await expect.poll(() => scrollback(page)).toMatch(new RegExp(`UEFI Firmware[^]*${told}[^]*UEFI Firmware`))
    expect(await scrollback(page)).not.toContain('connection lost')
  })
}
