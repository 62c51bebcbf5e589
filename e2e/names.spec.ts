import type { Page } from '@playwright/test'
import { defaultFleet } from '../src/sandbox/fleet.ts'
import { atEachWidth } from './axe.ts'
import { openMenu } from './bar.ts'
import { expect, test } from './stack.ts'

/** The longest name that a cloud takes, without a place to break it. */
const long = 'n'.repeat(255)

test.use({
  sandboxOptions: {
    servers: defaultFleet().map((server, index) => (index === 1 ? { ...server, name: long } : server)),
  },
})

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
const heightOf = async (page: Page, selector: string) => (await page.locator(selector).boundingBox())?.height

test('a name of 255 characters leaves the list and the console in one piece', async ({ page }) => {
  await page.goto('/')
  const link = page.getByRole('link', { name: long, exact: true })
  await atEachWidth(page, [390, 1024, 1440], async () => {
    await expect.poll(() => overflow(page)).toBe(0)
    await expect(link).toHaveAttribute('title', long)
    const [box, other] = [
      await link.boundingBox(),
      await page.getByRole('link', { name: 'web-fra-01', exact: true }).boundingBox(),
    ]
    expect(box?.height).toBe(other?.height)
  })

  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'web-fra-01' })).toBeVisible()
  const usual = new Map<number, number | undefined>()
  await atEachWidth(page, [390, 1440], async (width) => {
    usual.set(width, await heightOf(page, 'header'))
  })
  await page.goBack()
  await link.click()
  await expect(page.getByRole('heading', { name: long })).toHaveAttribute('title', long)
  await expect(page.getByRole('banner').getByText('Live', { exact: true })).toBeVisible()
  await atEachWidth(page, [390, 1440], async (width) => {
    await expect.poll(() => overflow(page)).toBe(0)
    expect(await heightOf(page, 'header')).toBe(usual.get(width))
    await expect(page.getByRole('button', { name: 'Disconnect' })).toBeInViewport({ ratio: 1 })
    await expect(page.getByRole('button', { name: `Power for ${long}` })).toBeInViewport({ ratio: 1 })
    await openMenu(page, 'Session')
    await expect(page.getByRole('menu')).toBeInViewport({ ratio: 0.9 })
    await page.keyboard.press('Escape')
  })
})

test('a question about a server with a long name can be read and answered', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/')
  await page.getByRole('checkbox', { name: `Select ${long}` }).click()
  await page.getByRole('button', { name: `Power for ${long}` }).click()
  await page.getByRole('menuitem', { name: 'Reboot…', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(long)
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeInViewport({ ratio: 1 })
  expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0)
})
