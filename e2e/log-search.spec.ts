import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { expectAccessible, inBothThemes } from './axe.ts'
import { startProduct } from './product.ts'
import { consoleOf, test } from './stack.ts'

test('a search in a server’s log finds what it printed, and leads to it', async ({ page }) => {
  test.setTimeout(120_000)
  const dir = await mkdtemp(join(tmpdir(), 'bms-console-lines-'))
  const product = await startProduct({ BMS_CONSOLE_LINE_LOG_DIR: dir })
  try {
    await page.goto(product.origin + consoleOf('web-fra-01'))
    await expect(page.getByRole('banner').getByText('Live', { exact: true })).toBeVisible({ timeout: 40_000 })
    await page.goto(product.origin + consoleOf('web-fra-01').replace(/console$/, 'history'))
    const log = page.getByRole('region', { name: 'Log', exact: true })
    await expect(log.getByText('Run /sbin/init')).toBeVisible({ timeout: 30_000 })

    await page.keyboard.press('Control+f')
    const field = page.getByRole('searchbox', { name: 'Search this log' })
    await expect(field).toBeFocused()
    await field.fill('linux VERSION')
    await field.press('Enter')
    const results = page.getByRole('region', { name: 'Search results' })
    await expect(results.getByText('1 line found')).toBeVisible()
    await expect(results.locator('mark')).toHaveText('Linux version')
    await inBothThemes(page, () => expectAccessible(page))
    const size = page.viewportSize() ?? { width: 1280, height: 720 }
    await page.setViewportSize({ width: 390, height: 844 })
    await expect(page.getByRole('combobox', { name: 'Time' })).toBeInViewport({ ratio: 1 })
    await page.setViewportSize(size)
    await results.getByRole('listitem').getByRole('button').click()
    await expect(log.locator('[data-target="true"]')).toContainText('Linux version')

    await page.getByRole('button', { name: 'Regular expression' }).click()
    await field.fill('^\\[ *\\d+\\.\\d+\\] .*sbin/(init|none)')
    await field.press('Enter')
    await expect(results.locator('mark')).toContainText('Run /sbin/init')
    await field.fill('(')
    await field.press('Enter')
    await expect(page.getByRole('alert')).toContainText("isn't a regular expression")

    await page.getByRole('button', { name: 'Regular expression' }).click()
    await page.getByRole('combobox', { name: 'Time' }).selectOption('From … to …')
    await page.getByLabel('From', { exact: true }).fill('2026-01-02T00:00')
    await page.getByLabel('To', { exact: true }).fill('2026-01-01T00:00')
    await field.fill('linux version')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await expect(page.getByRole('alert')).toContainText('The end is not after the beginning')
    await page.getByLabel('To', { exact: true }).fill('2026-01-03T00:00')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await expect(results.getByText('Nothing that you may read was printed in this time.')).toBeVisible()
    await page.getByLabel('To', { exact: true }).fill('')
    await page.getByLabel('From', { exact: true }).fill('2020-01-01T00:00')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await expect(results.getByText('1 line found')).toBeVisible()
    // The address says what is searched, so another page finds the same.
    await page.reload()
    await expect(results.getByText('1 line found')).toBeVisible()
  } finally {
    await product.end('SIGTERM')
    await rm(dir, { recursive: true, force: true })
  }
})

test('a search in all logs finds lines of several servers, and leads to each', async ({ page }) => {
  test.setTimeout(120_000)
  const dir = await mkdtemp(join(tmpdir(), 'bms-console-lines-'))
  const product = await startProduct({ BMS_CONSOLE_LINE_LOG_DIR: dir })
  const names = ['db-fra-01', 'web-fra-01']
  try {
    for (const name of names) {
      await page.goto(product.origin + consoleOf(name))
      await expect(page.getByRole('banner').getByText('Live', { exact: true })).toBeVisible({
        timeout: 40_000,
      })
      await page.goto(product.origin + consoleOf(name).replace(/console$/, 'history'))
      const log = page.getByRole('region', { name: 'Log', exact: true })
      await expect(log.getByText('Run /sbin/init')).toBeVisible({ timeout: 30_000 })
    }
    await page.goto(product.origin)
    await page.getByRole('link', { name: 'Search logs' }).click()
    const field = page.getByRole('searchbox', { name: 'Search all logs' })
    await field.fill('linux VERSION')
    await field.press('Enter')
    const results = page.getByRole('region', { name: 'Search results' })
    await expect(results.getByText('2 lines found')).toBeVisible()
    await page.reload()
    await expect(results.getByRole('link')).toHaveText(
      names.map((name) => new RegExp(`^${name}.*Boot .*Linux version`)),
    )
    await inBothThemes(page, () => expectAccessible(page))
    await results.getByRole('link').nth(1).click()
    await expect(page.getByRole('heading', { name: 'History of web-fra-01' })).toBeVisible()
    await expect(page.locator('[data-target="true"]')).toContainText('Linux version')
  } finally {
    await product.end('SIGTERM')
    await rm(dir, { recursive: true, force: true })
  }
})
