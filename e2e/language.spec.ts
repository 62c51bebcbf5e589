import type { Page } from '@playwright/test'
import { atEachWidth, expectAccessible } from './axe.ts'
import { expect, seeOnScreen, test } from './stack.ts'

const germanMenu = (page: Page) => page.getByRole('button', { name: /^Benutzermenü von / })
const hidden = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

test('a German browser is spoken to in German, until its user chooses English', async ({
  browser,
  stack,
}) => {
  // A browser of its own: the other tests' writes its settings anew with every page.
  const context = await browser.newContext({ locale: 'de-AT', baseURL: stack.origin })
  const page = await context.newPage()
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Server', exact: true })).toBeVisible()
  await expect(page.getByText('9 Server', { exact: true })).toBeVisible()
  await expect(page.getByText(/^Aktualisiert (jetzt|vor)/)).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await expectAccessible(page)

  await germanMenu(page).click()
  await expect(page.getByRole('menuitem', { name: 'Deutsch' })).toHaveCount(0)
  await page.getByRole('menuitem', { name: 'English' }).click()
  await expect(page.getByRole('heading', { name: 'Servers' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')

  await page.reload()
  await expect(page.getByRole('heading', { name: 'Servers' })).toBeVisible()
  await expect(page).toHaveTitle('Servers · BMS Console')
  await page.getByRole('button', { name: /^User menu for / }).click()
  await page.getByRole('menuitem', { name: 'Deutsch' }).click()
  await expect(page).toHaveTitle('Server · BMS Console')
  await context.close()
})

test('an English browser asks for no other language', async ({ page }) => {
  const scripts: string[] = []
  page.on('request', (request) => scripts.push(new URL(request.url()).pathname))
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'web-fra-01', exact: true })).toBeVisible()
  expect(scripts.some((path) => path.startsWith('/assets/index-'))).toBe(true)
  expect(scripts.filter((path) => /^\/assets\/(de|zh)-/.test(path))).toEqual([])
})

test('where the file of a language does not come, the page is in English', async ({ browser, stack }) => {
  const context = await browser.newContext({ locale: 'de', baseURL: stack.origin })
  const page = await context.newPage()
  await page.route('**/assets/de-*', (route) => route.abort())
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Servers' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await context.close()
})

test.describe('in German', () => {
  test.use({ locale: 'de-DE', timezoneId: 'Europe/Berlin' })

  test('another language on the console’s page changes its words and not its line', async ({
    page,
    stack,
  }) => {
    await page.goto('/')
    await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
    await seeOnScreen(page, /login:/)
    await expect(page.getByText('Strg+F6 verlässt das Terminal')).toBeVisible()
    await page.getByRole('button', { name: 'Tasten', exact: true }).click()
    await expect(page.getByRole('menuitem', { name: 'Strg+C' })).toBeVisible()
    await page.keyboard.press('Escape')
    await germanMenu(page).click()
    await page.getByRole('menuitem', { name: 'English' }).click()
    await expect(page.getByRole('button', { name: 'Keys', exact: true })).toBeVisible()
    await page.getByRole('region', { name: 'Serial console' }).getByRole('textbox').focus()
    await page.keyboard.type('root\n')
    await seeOnScreen(page, /Password:/)
    expect(stack.sandbox.issuedTokens).toHaveLength(1)
  })

  test.describe('with viewers and an audit log', () => {
    test.use({ transport: 'relay' })

    for (const [touch, widths] of [
      [false, [320, 1024, 1440]],
      [true, [320, 390]],
    ] as const) {
      test.describe(touch ? 'by finger' : 'by mouse', () => {
        test.use({ hasTouch: touch, isMobile: touch })

        test('nothing is off the screen', async ({ page }) => {
          await page.goto('/')
          await expect(page.getByRole('link', { name: 'appliance-muc-01', exact: true })).toBeVisible()
          await atEachWidth(page, widths, async () => {
            await expect.poll(() => hidden(page)).toBe(0)
          })
          await page.getByRole('link', { name: 'backup-ams-01', exact: true }).click()
          await atEachWidth(page, widths, async () => {
            await expect(page.getByRole('button', { name: 'Eingabetaste drücken' })).toBeInViewport({
              ratio: 1,
            })
            await expect(page.getByRole('button', { name: 'Trennen' })).toBeInViewport({ ratio: 1 })
            await expect.poll(() => hidden(page)).toBe(0)
          })
          await page.goto('/audit')
          await expect(page.getByRole('row').filter({ hasText: 'Konsole öffnen' })).not.toHaveCount(0)
          await atEachWidth(page, widths, async () => {
            await expect.poll(() => hidden(page)).toBe(0)
          })
        })
      })
    }
  })

  test.describe('before signing in', () => {
    test.use({ signInMode: 'iam' })

    test('the form, and what is wrong with it, are in German', async ({ page, stack }) => {
      await page.setViewportSize({ width: 320, height: 844 })
      const { alice } = stack.sandbox.users
      await page.goto('/')
      await page.getByRole('textbox', { name: 'Benutzername' }).fill(alice.name)
      await page.getByLabel('Passwort', { exact: true }).fill('falsch')
      await page.getByRole('button', { name: 'Anmelden', exact: true }).click()
      await expect(page.getByText('Die Cloud hat diese Zugangsdaten abgelehnt')).toBeVisible()
      expect(await hidden(page)).toBe(0)
    })
  })
})
