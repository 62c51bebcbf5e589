import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible, inBothThemes } from './axe.ts'
import { chooseItem } from './bar.ts'
import { test as openGatewayTest } from './open-gateway.ts'
import { consoleOf, expect, logIn, seeOnScreen, serverId, test as stackTest, watch } from './stack.ts'

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
  await chooseItem(page, 'Session', 'History')
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
  await page.goto('/')
  await page.getByRole('link', { name: 'History of web-fra-01' }).focus()
  await expectAccessible(page)
  await page.keyboard.press('Enter')
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

test.describe('a long log', () => {
  const gatewayTest = openGatewayTest.extend<{ dir: string }>({
    // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
    dir: async ({}, use) => {
      const dir = await mkdtemp(join(tmpdir(), 'bms-console-lines-'))
      await use(dir)
      await rm(dir, { recursive: true, force: true })
    },
    env: async ({ dir }, use) => use({ BMS_CONSOLE_LINE_LOG_DIR: dir }),
  })
  gatewayTest.use({ transport: 'relay' })

  /** The numbers of the lines in view, from the top */
  const inView = (page: Page) =>
    log(page).evaluate((box) => {
      const { top, bottom } = box.getBoundingClientRect()
      return [...box.querySelectorAll('[data-kind="line"]')]
        .map((row) => ({ row, y: row.getBoundingClientRect().top }))
        .filter(({ y }) => y >= top - 1 && y < bottom - 22)
        .sort((a, b) => a.y - b.y)
        .flatMap(({ row }) => /number (\d+)/.exec(row.textContent ?? '')?.[1] ?? [])
        .map(Number)
    })

  gatewayTest('scrolls back to its begin, and no line jumps or is missing', async ({ page, gateway }) => {
    test.setTimeout(120_000)
    await page.goto(consoleOf('web-fra-01'))
    await seeOnScreen(page, /ready/)
    const count = 1_500
    gateway.print(Array.from({ length: count }, (_, index) => `number ${index}\r\n`).join(''))
    await seeOnScreen(page, new RegExp(`number ${count - 1}`))
    await page.goto(`/servers/${serverId('web-fra-01')}/history`)
    await expect(log(page).getByText(`number ${count - 1}`, { exact: true })).toBeVisible()
    let [top = 0] = await inView(page)
    while (top > 0) {
      // Older lines come in time, or the step is not whole.
      await expect
        .poll(() =>
          log(page).evaluate((box) => box.scrollTop > 440 || /Nothing before/.test(box.textContent ?? '')),
        )
        .toBe(true)
      await log(page).evaluate((box) => {
        box.scrollTop -= 440
      })
      const next = Math.max(0, top - 20)
      await expect.poll(async () => (await inView(page))[0], { intervals: [20, 50, 100] }).toBe(next)
      const shown = await inView(page)
      expect(shown).toEqual(shown.map((_, index) => next + index))
      top = next
    }
    await expect(log(page).getByText('ready', { exact: true })).toBeVisible()
  })
})
