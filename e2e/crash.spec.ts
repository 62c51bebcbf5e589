import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from '@playwright/test'
import { type Product, startProduct } from './product.ts'
import { seeOnScreen } from './stack.ts'

/** The product, recording every session into the folder. */
const start = (dir: string): Promise<Product> =>
  startProduct({ BMS_CONSOLE_RECORDINGS: 'always', BMS_CONSOLE_RECORDINGS_DIR: dir })

const test = base.extend<{ dir: string }>({
  // Playwright wants the braces: a fixture's first argument names what it needs.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  dir: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'recordings-'))
    await use(dir)
    await rm(dir, { recursive: true })
  },
})

test('kill -9 of the server during a recording: it plays to within the last second', async ({
  page,
  dir,
}) => {
  await page.addInitScript(() =>
    localStorage.setItem('bms-console.settings', JSON.stringify({ screenReader: true })),
  )
  const first = await start(dir)
  await page.goto(first.origin)
  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  await seeOnScreen(page, /smp: Brought up 1 node/)
  const shownAt = Date.now()
  // The machine boots on; what was on the screen a second before the end must have been kept.
  await expect.poll(() => Date.now() - shownAt).toBeGreaterThan(1_000)
  await first.end('SIGKILL')
  await expect(page.getByRole('main')).toContainText("Can't reach BMS Console")

  const second = await start(dir)
  try {
    page.on('dialog', (dialog) => void dialog.accept())
    await page.goto(`${second.origin}/recordings`)
    await expect(page.getByRole('row', { name: /web-fra-01/ })).toContainText('Interrupted')
    await page.getByRole('searchbox', { name: 'Search output' }).fill('Brought up 1 node')
    await page.getByRole('searchbox', { name: 'Search output' }).press('Enter')
    await page.getByRole('link', { name: /Brought up 1 node/ }).click()
    await expect(page.getByRole('region', { name: 'Player' })).toContainText('smp: Brought up 1 node')
  } finally {
    await second.end('SIGTERM')
  }
})
