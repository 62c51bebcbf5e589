import type { Page } from '@playwright/test'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { expect, test } from './stack.ts'

const names = (page: Page) =>
  page
    .getByRole('rowheader')
    .locator('[data-name]')
    .evaluateAll((links) => links.map((link) => link.textContent))

test('a search finds by any fact, is in the address bar, and can be cleared', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'web-fra-01', exact: true })).toBeVisible()
  await page.keyboard.press('/')
  const search = page.getByRole('searchbox', { name: 'Search servers' })
  await expect(search).toBeFocused()
  await page.keyboard.type('192.168.10.21')
  await expect(page.getByRole('rowheader')).toHaveCount(1)
  expect(await names(page)).toEqual(['db-fra-01'])
  await expect(page.getByText('1 of 9 servers')).toBeVisible()
  await expect(page).toHaveURL(/q=192\.168\.10\.21/)
  await page.reload()
  await expect(page.getByRole('rowheader')).toHaveCount(1)
  await search.fill('nothing like this')
  await expect(page.getByText('No servers match “nothing like this”')).toBeVisible()
  await page.getByRole('button', { name: 'Clear search' }).click()
  await expect(page.getByRole('rowheader')).toHaveCount(9)
})

test('a column sorts up, down and not at all, and a screen reader is told', async ({ page }) => {
  await page.goto('/')
  const heading = page.getByRole('columnheader', { name: 'Name' })
  const sort = heading.getByRole('button')
  await expect(heading).toHaveAttribute('aria-sort', 'none')
  const given = await names(page)
  await sort.click()
  await expect(heading).toHaveAttribute('aria-sort', 'ascending')
  const up = await names(page)
  expect(up).toEqual([...up].sort())
  expect(up).not.toEqual(given)
  await sort.click()
  await expect(heading).toHaveAttribute('aria-sort', 'descending')
  expect(await names(page)).toEqual([...up].reverse())
  // The address comes a moment after the rows.
  await expect(page).toHaveURL(/sort=-name/)
  await page.reload()
  await expect(heading).toHaveAttribute('aria-sort', 'descending')
  await sort.click()
  await expect(heading).toHaveAttribute('aria-sort', 'none')
  expect(await names(page)).toEqual(given)
})

test('ids, names and addresses of the selected servers are copied whole', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/')
  await page.getByRole('checkbox', { name: 'Select web-fra-01' }).click()
  const bar = page.getByRole('region', { name: 'Selection' })
  await expect(bar).toContainText('1 selected')
  const copied = async (what: string) => {
    await bar.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('menuitem', { name: what }).click()
    return page.evaluate(() => navigator.clipboard.readText())
  }
  expect(await copied('IDs')).toMatch(/^5a1d0c01-[0-9a-f-]{27}$/)
  await expect(page.getByText('1 ID copied')).toBeVisible()
  await page.getByRole('checkbox', { name: 'Select db-fra-01' }).click()
  expect(await copied('Names')).toBe('web-fra-01\ndb-fra-01')
  expect(await copied('Addresses')).toBe('192.168.10.11\n2001:db8:10::11\n203.0.113.11\n192.168.10.21')
  await expect(page).toHaveURL(/\/$/)
  await bar.getByRole('button', { name: 'Clear selection' }).click()
  await expect(bar).toBeHidden()
})

test('a refresh asks the cloud again, and a cloud that is gone is said in words', async ({ page, stack }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'web-fra-01', exact: true })).toBeVisible()
  const asked = page.waitForRequest(/\/api\/servers\/list\?since=/)
  await page.getByRole('button', { name: 'Refresh' }).click()
  await asked
  await stack.sandbox.close()
  // Within a second of the last Refresh, its answer is shared.
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click()
    await expect(page.getByRole('alert')).toContainText("Can't reach the cloud", { timeout: 1_500 })
  }).toPass()
  // What was known stays on the page.
  await expect(page.getByRole('link', { name: 'web-fra-01', exact: true })).toBeVisible()
})

test('Windows is listed with the reason why it has no console', async ({ page }) => {
  await page.goto('/')
  const row = page.getByRole('row', { name: /erp-win-01/ })
  await expect(row).toContainText('No serial console on Windows')
  // Its name leads to what else is known of it.
  await row.getByRole('link', { name: 'erp-win-01', exact: true }).click()
  await expect(page.getByRole('main')).toContainText('Windows Server 2022 Standard')
  await expect(page.getByRole('link', { name: 'Open console' })).toHaveCount(0)
})

test('the theme is the system’s until it is chosen, and the choice stays', async ({ browser, stack }) => {
  // A browser of its own: the other tests' writes its settings anew with every page.
  const context = await browser.newContext({ colorScheme: 'light', baseURL: stack.origin })
  const page = await context.newPage()
  const html = page.locator('html')
  await page.goto('/')
  await expect(html).toHaveAttribute('data-theme', 'light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('button', { name: 'Switch to light theme' }).click()
  await expect(html).toHaveAttribute('data-theme', 'light')
  await page.reload()
  await expect(page.getByRole('button', { name: 'Switch to dark theme' })).toBeVisible()
  await expect(html).toHaveAttribute('data-theme', 'light')
  await context.close()
})

test('a page that is not says so, and leads to the list', async ({ page }) => {
  await page.goto('/nowhere')
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'All servers' }).click()
  await expect(page.getByRole('heading', { name: 'Servers' })).toBeVisible()
})

test('nothing of the list or the console is off the screen', async ({ page }) => {
  const widths = [320, 390, 820, 1024, 1440]
  const hidden = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'appliance-muc-01', exact: true })).toBeVisible()
  await atEachWidth(page, widths, () => expect.poll(hidden).toBe(0), 800)
  await page.getByRole('link', { name: 'backup-ams-01', exact: true }).click()
  await atEachWidth(
    page,
    widths,
    async () => {
      await expect(page.getByRole('button', { name: 'Press Enter' })).toBeInViewport({ ratio: 1 })
      await expect(page.getByRole('button', { name: 'Disconnect' })).toBeInViewport({ ratio: 1 })
      await expect.poll(hidden).toBe(0)
    },
    800,
  )
})

for (const touch of [false, true]) {
  test.describe(`with servers of several places, ${touch ? 'by finger' : 'by mouse'}`, () => {
    test.use({ signInMode: 'iam', transport: 'relay', hasTouch: touch, isMobile: touch })

    test('their filters fit every screen, in both themes', async ({ page, stack }) => {
      const { domain, name, password } = stack.sandbox.users.alice
      await page.goto('/')
      await page.getByRole('textbox', { name: 'Account name' }).fill(domain)
      await page.getByRole('textbox', { name: 'User name' }).fill(name)
      await page.getByLabel('Password', { exact: true }).fill(password)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      for (const project of ['eu-de', 'eu-nl']) {
        await page
          .getByRole('group', { name: project })
          .getByRole('checkbox', { name: project, exact: true })
          .check()
      }
      await page.getByRole('button', { name: 'Show servers' }).click()
      await expect(page.getByRole('link', { name: 'lab-ams-01', exact: true })).toBeVisible()
      for (const [width, colorScheme] of [
        [320, 'light'],
        [390, 'light'],
        [390, 'dark'],
        [1024, 'dark'],
      ] as const) {
        await page.setViewportSize({ width, height: 844 })
        await page.emulateMedia({ colorScheme })
        const filters = page.getByRole('group', { name: 'Filters' })
        // A narrow page has them in a sheet.
        await expect(
          filters.getByRole('button', { name: width < 700 ? 'Filter' : 'Enterprise project', exact: true }),
        ).toBeInViewport({ ratio: 1 })
        expect(
          await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          ),
          `${width} pixels, ${colorScheme}`,
        ).toBe(0)
        await expectAccessible(page)
      }
      await page.getByRole('button', { name: 'Enterprise project' }).click()
      await page.getByRole('checkbox', { name: /^default/ }).click()
      await expect(page.getByText('10 of 12 servers')).toBeVisible()
    })
  })
}

test('the first Tab offers to skip to the content', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'web-fra-01', exact: true })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
})

test('axe finds nothing in the list', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'web-fra-01', exact: true })).toBeVisible()
  await atEachWidth(page, [1440, 390], () => inBothThemes(page, () => expectAccessible(page)))
})
