import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible, inBothThemes } from './axe.ts'
import { expect, logIn, seeOnScreen, serverId, test as stackTest, watch } from './stack.ts'

const test = stackTest.extend<{ dir: string }>({
  // Playwright wants the braces: a fixture's first argument names what it needs.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  dir: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'bms-console-lines-'))
    await use(dir)
    await rm(dir, { recursive: true, force: true })
  },
  env: async ({ dir }, use) => use({ BMS_CONSOLE_LINE_LOG_DIR: dir }),
})
test.use({ transport: 'relay' })

const log = (page: Page) => page.getByRole('region', { name: 'Log' })
const boots = (page: Page) => page.getByRole('navigation', { name: 'Boots' }).getByRole('button')

/** Reboots web-fra-01 from its shell, until it asks for a login again. */
async function reboot(page: Page): Promise<void> {
  await page.keyboard.type('reboot\n')
  await seeOnScreen(page, /Restarting system|UEFI Firmware|GNU GRUB|Linux version/)
  await seeOnScreen(page, /login: *$/m)
}

test('what a server has printed is there after its console has closed: boots, lines and times', async ({
  page,
  context,
}) => {
  test.setTimeout(120_000)
  await logIn(page)
  await reboot(page)
  const opening = context.waitForEvent('page')
  await page.getByRole('button', { name: 'History' }).click()
  const history = await opening
  await expect(history.getByRole('heading', { name: 'History of web-fra-01' })).toBeVisible()
  await expect(log(history).getByText('login:').last()).toBeVisible()

  // What is said now comes by itself.
  await page.keyboard.type('root\nsandbox\n')
  await expect(log(history).getByText('root@web-fra-01').last()).toBeVisible()

  // The machine booted when its console was opened, and then it was rebooted.
  await expect(boots(history)).toHaveCount(2, { timeout: 20_000 })
  await expect(boots(history).last()).toContainText('Restarted')
  await boots(history).first().click()
  await expect(log(history).getByText('Boot', { exact: true }).last()).toBeVisible()
  await expect(log(history).getByText('UEFI Firmware 3.42').first()).toBeVisible()
  await expect(
    log(history)
      .getByText(/Linux version/)
      .first(),
  ).toBeVisible()
  await history.getByRole('button', { name: 'Jump to end' }).click()
  await expect(log(history).getByText('root@web-fra-01').last()).toBeVisible()

  const raw = await history.request.get(`/api/servers/${serverId('web-fra-01')}/log/raw`)
  expect((await raw.body()).toString('latin1')).toContain('UEFI Firmware 3.42')
})

test('the page is accessible, by keyboard too, and fits a phone', async ({ page }) => {
  await watch(page, /login:/)
  await page.goto(`/servers/${serverId('web-fra-01')}/history`)
  await expect(log(page).getByText('login:').last()).toBeVisible()
  await inBothThemes(page, () => expectAccessible(page))
  await page.setViewportSize({ width: 390, height: 844 })
  await expectAccessible(page)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBeLessThanOrEqual(390)
  await log(page).focus()
  await page.keyboard.press('Home')
  await expect(log(page).getByText('Nothing before this is kept')).toBeVisible()
})
