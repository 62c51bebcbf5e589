import type { Page } from '@playwright/test'
import { expectAccessible, inBothThemes } from './axe.ts'
import { openMenu } from './bar.ts'
import { test as openGatewayTest } from './open-gateway.ts'
import { consoleOf, expect, seeOnScreen } from './stack.ts'

const test = openGatewayTest
test.use({ transport: 'relay' })

const times = (page: Page) => page.getByRole('region', { name: 'Times' })
/** The times in view as the page knows them, from the top */
const known = (page: Page) =>
  times(page)
    .getByRole('time')
    .evaluateAll((all) => all.map((time) => time.getAttribute('datetime')))

async function choose(page: Page, name: string): Promise<void> {
  await openMenu(page, 'View')
  await page.getByRole('menuitem', { name: 'Times' }).click()
  await page.getByRole('menuitemradio', { name }).click()
}

test('each line has the time at which the server heard it, also after a reload and for who comes later', async ({
  page,
  context,
  gateway,
  stack,
}) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  await expect(times(page)).toBeHidden()
  await choose(page, 'Time of day')
  await expect(times(page).getByRole('time')).toHaveCount(1)
  // Nothing is said for three minutes, and then two lines at once. The browser's clock stands still meanwhile.
  stack.clock.skip(180_000)
  gateway.print('one\r\ntwo\r\n')
  await expect(times(page).getByRole('time')).toHaveCount(3)
  await expect(times(page)).toContainText('3 min silent')
  await expect(times(page)).toContainText('This computer’s clock is 3 min behind')
  const before = await known(page)
  const [ready = 0, one = 0, two = 0] = before.map((time) => Date.parse(time ?? ''))
  expect(one - ready).toBeGreaterThanOrEqual(180_000)
  expect(Math.abs(one - stack.clock.now())).toBeLessThan(60_000)
  expect(two).toBe(one)

  // The tests' pages begin with their own settings.
  await page.reload()
  await seeOnScreen(page, /two/)
  await choose(page, 'Time of day')
  await expect.poll(() => known(page)).toEqual(before)
  const other = await context.newPage()
  await other.goto(consoleOf('web-fra-01'))
  await seeOnScreen(other, /two/)
  await choose(other, 'Time of day')
  await expect.poll(() => known(other)).toEqual(before)

  await choose(page, 'Since the line before')
  await expect(times(page)).toContainText('+0.0')
  await expect(times(page)).toContainText('+3:0')
  await choose(page, 'Off')
  await expect(times(page)).toBeHidden()
})

test('the times are accessible, fit a phone, and leave the terminal what is left', async ({
  page,
  gateway,
}) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  const columns = () => page.locator('.xterm-screen').evaluate((screen) => screen.clientWidth)
  const wide = await columns()
  await choose(page, 'Time of day')
  await expect(times(page).getByRole('time')).toHaveCount(1)
  await expect.poll(columns).toBeLessThan(wide - 100)
  gateway.print(Array.from({ length: 100 }, (_, index) => `line ${index}\r\n`).join(''))
  await seeOnScreen(page, /line 99/)
  await inBothThemes(page, () => expectAccessible(page))
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(times(page).getByRole('time').last()).toBeVisible()
  await expectAccessible(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})
