import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { chooseItem } from './bar.ts'
import { freePort } from './lab/tools.ts'
import { type Product, startProduct } from './product.ts'
import { consoleOf, terminalInput } from './stack.ts'

/** The product at one address, however often it is ended and started. */
interface Restarting {
  running: Product
  start(): Promise<void>
}

const test = base.extend<{ product: Restarting; keeps: boolean; dir: string }>({
  keeps: [false, { option: true }],
  // Playwright wants the braces: a fixture's first argument names what it needs.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  dir: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'bms-console-lines-'))
    await use(dir)
    await rm(dir, { recursive: true, force: true })
  },
  product: async ({ keeps, dir }, use) => {
    const env = {
      BMS_CONSOLE_PORT: String(await freePort()),
      ...(keeps ? { BMS_CONSOLE_LINE_LOG_DIR: dir } : {}),
    }
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
  await chooseItem(page, 'Session', 'Download scrollback')
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

test.describe('where lines are kept', () => {
  test.use({ keeps: true })

  const isKept = async (dir: string, words: string) => {
    const names = await readdir(dir, { recursive: true })
    const files = await Promise.all(
      names.map((name) => readFile(join(dir, name)).catch(() => Buffer.alloc(0))),
    )
    return files.some((file) => file.includes(words))
  }

  /** What was printed before the restart is there once, then a line that says so, then what was printed after it. */
  async function expectOnce(page: Page): Promise<void> {
    const whole = /\nlast words\r?\n[\s\S]*restarted, and nobody listened for \d+ s[\s\S]*login:/
    await expect.poll(() => scrollback(page), { timeout: 20_000 }).toMatch(whole)
    const text = await scrollback(page)
    expect(text.match(/^last words\r?$/gm)).toHaveLength(1)
    expect(text.match(/nobody listened/g)).toHaveLength(1)
    expect(text.match(/Run \/sbin\/init/g)).toHaveLength(2)
  }

  test('a page shows each line once after the server was killed, and after a reload', async ({
    page,
    product,
    dir,
  }) => {
    test.setTimeout(120_000)
    await page.goto(product.running.origin + consoleOf('web-fra-01'))
    await isLive(page)
    await expect.poll(() => scrollback(page), { timeout: 30_000 }).toContain('login:')
    await terminalInput(page).focus()
    await page.keyboard.type('root\nsandbox\necho last words\n')
    await expect.poll(() => scrollback(page), { timeout: 20_000 }).toMatch(/^last words\r?$/m)
    await expect.poll(() => isKept(dir, '\nlast words'), { timeout: 10_000 }).toBe(true)
    await product.running.end('SIGKILL')
    await expect(page.getByRole('main')).toContainText("Can't reach BMS Console")
    await product.start()
    await isLive(page)
    await expectOnce(page)
    await page.reload()
    await isLive(page)
    await expectOnce(page)
  })
})
