import type { Page } from '@playwright/test'
import { defaultFleet } from '../src/sandbox/fleet.ts'
import { atEachWidth } from './axe.ts'
import { chooseItem, openMenu } from './bar.ts'
import { expectInReach } from './layout.ts'
import { expect, test, watch } from './stack.ts'

test.use({
  sandboxOptions: {
    servers: defaultFleet().map((server) =>
      server.name === 'db-fra-01' ? { ...server, consoleFault: 'hanging' } : server,
    ),
  },
})

const barHeight = async (page: Page) => (await page.getByRole('banner').boundingBox())?.height

test('the bar takes one row beside a long state, too, so that no state takes rows from the terminal', async ({
  page,
}) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'db-fra-01', exact: true }).click()
  await expect(page.getByRole('banner').getByText('Contacting the cloud')).toBeVisible()
  await atEachWidth(page, [761, 844, 960, 1024, 1280, 1440], async () => {
    expect(await barHeight(page)).toBeLessThan(60)
    for (const name of ['Keys', 'Paste', 'Power for db-fra-01', 'Disconnect', /^User menu/])
      await expect(page.getByRole('button', { name }).first()).toBeInViewport({ ratio: 1 })
  })
})

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 844, height: 390 } })

  test('that lies on its side, the bar is low and the terminal has 12 rows', async ({ page }) => {
    await watch(page, /login:/)
    expect(await barHeight(page)).toBeLessThan(44)
    expect(await page.locator('.xterm-accessibility-tree [role="listitem"]').count()).toBeGreaterThanOrEqual(
      12,
    )
    await expect(page.getByRole('button', { name: 'Disconnect' })).toBeInViewport({ ratio: 1 })
    await expect(page.getByText('Ctrl+F6')).toBeHidden()
  })

  for (const [width, height] of [
    [844, 390],
    [390, 844],
  ] as const) {
    test(`of ${width} by ${height}, a finger reaches the bar, its menus, the keypad and the dialogs`, async ({
      page,
    }) => {
      await page.setViewportSize({ width, height })
      await watch(page, /login:/)
      await expectInReach(page)
      await page.getByRole('button', { name: 'Keys', exact: true }).tap()
      await expectInReach(page)
      await page.getByRole('menuitem', { name: 'Keyboard for this server…' }).tap()
      await expect(page.getByRole('dialog').getByRole('button', { name: 'Save' })).toBeInViewport({
        ratio: 1,
      })
      await expectInReach(page)
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).tap()
      for (const choice of ['Terminal size', 'Encoding', 'Times']) {
        await openMenu(page, 'View')
        await page.getByRole('menuitem', { name: new RegExp(`^${choice}`) }).click()
        await expect(page.getByRole('menu')).toHaveCount(2)
        await expectInReach(page)
        await page.keyboard.press('Escape')
        await page.keyboard.press('Escape')
        await expect(page.getByRole('menu')).toHaveCount(0)
      }
      await chooseItem(page, 'View', 'Terminal colours…')
      await page.getByRole('radio', { name: 'Your own' }).check()
      await expectInReach(page)
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).tap()
      await page.getByRole('button', { name: 'More keys' }).tap()
      await expect(page.getByRole('button', { name: 'F12', exact: true })).toBeVisible()
      await expectInReach(page)
      // The last row is in the window, too.
      await expect(page.getByRole('button', { name: 'Ctrl+?' })).toBeInViewport({ ratio: 1 })
    })
  }
})
