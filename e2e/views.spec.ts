import type { Page } from '@playwright/test'
import { expectAccessible, inBothThemes } from './axe.ts'
import { anotherPerson, consoleOf, expect, serverId, test } from './stack.ts'

const link = (page: Page, name: string) => page.getByRole('grid').getByRole('link', { name, exact: true })
const star = (page: Page, name: string) =>
  page.getByRole('button', { name: `Favourite ${name}`, exact: true })
const ways = (page: Page) =>
  page.getByRole('list', { name: 'Favourites and recent servers' }).getByRole('link')
const names = (page: Page) => page.getByRole('grid').locator('[data-name]')
const part = (page: Page, name: 'Favourites' | 'Recent') =>
  page.getByRole('button', { name: new RegExp(`^${name}`) })

/** The console of a server, from an address, for long enough that it is remembered. */
async function visit(page: Page, name: string): Promise<void> {
  await page.goto(consoleOf(name))
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await page.getByRole('link', { name: 'All servers' }).click()
  await expect(link(page, 'web-fra-01')).toBeVisible()
}

test('favourites and what was opened lately come first, and move no row', async ({ page, context }) => {
  await page.goto('/')
  await expect(star(page, 'db-fra-01')).toBeAttached()
  await expect(part(page, 'Favourites')).toHaveText('Favourites0')
  const y = async () => (await link(page, 'db-fra-01').boundingBox())?.y
  const before = await y()
  await link(page, 'db-fra-01').hover()
  await star(page, 'db-fra-01').click()
  await expect(ways(page)).toHaveText(['db-fra-01, Favourite'])
  expect(await y()).toBe(before)

  // By the keyboard: the second row.
  await page.keyboard.press('?')
  await expect(page.getByText('Add to favourites, or remove')).toBeVisible()
  await page.keyboard.press('Escape')
  await link(page, 'batch-ams-07').focus()
  await page.keyboard.press('f')
  await expect(star(page, 'batch-ams-07')).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByText('batch-ams-07 added to favourites')).toBeAttached()
  await expect(ways(page)).toHaveText(['batch-ams-07, Favourite', 'db-fra-01, Favourite'])

  // An address, a row, the palette and the grid open consoles. All of them are remembered.
  await visit(page, 'edge-muc-03')
  await link(page, 'db-fra-01').click()
  await expect(page).toHaveURL(consoleOf('db-fra-01'))
  await expect(page.getByRole('heading', { level: 1, name: 'db-fra-01' })).toBeVisible()
  await page.goBack()
  await expect(ways(page)).toHaveText([
    'batch-ams-07, Favourite',
    'db-fra-01, Favourite',
    'edge-muc-03, Opened recently',
  ])
  await inBothThemes(page, () => expectAccessible(page, { exclude: 'tr:nth-child(n + 4)' }))

  await part(page, 'Favourites').click()
  await expect(names(page)).toHaveText(['batch-ams-07', 'db-fra-01'])
  await expect(page.getByText('2 of 9 servers')).toBeVisible()
  await part(page, 'Recent').click()
  await expect(names(page)).toHaveText(['db-fra-01', 'edge-muc-03'])
  // The address comes a moment after the rows.
  await expect(page).toHaveURL(/only=recent/)
  await page.reload()
  await expect(names(page)).toHaveText(['db-fra-01', 'edge-muc-03'])
  await part(page, 'Recent').click()
  await expect(page.getByText('9 servers', { exact: true })).toBeVisible()

  // Another tab sees at once what happens here, and the server's page has the star, too.
  const other = await context.newPage()
  await other.goto('/')
  await expect(ways(other)).toHaveCount(3)
  await other.goto(`/servers/${serverId('web-fra-01')}`)
  await star(other, 'web-fra-01').click()
  await expect(ways(page)).toHaveText([
    'web-fra-01, Favourite',
    'batch-ams-07, Favourite',
    'db-fra-01, Favourite',
    'edge-muc-03, Opened recently',
  ])
})

test('the palette and the page of several consoles remember, too', async ({ page }) => {
  await page.goto('/')
  await expect(link(page, 'web-fra-01')).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('edge-muc-03')
  await expect(page.getByRole('option', { name: /edge-muc-03/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'edge-muc-03' })).toBeVisible()
  const ids = ['web-fra-01', 'db-fra-01'].map(serverId)
  await page.goto(`/consoles?servers=${ids.join(',')}`)
  await expect(page.getByRole('region', { name: 'db-fra-01', exact: true })).toBeVisible()
  await page.goto('/?only=recent')
  await expect(names(page)).toHaveCount(3)
  await expect(names(page).last()).toHaveText('edge-muc-03')
})

test('a view is saved under a name, chosen, changed, renamed and deleted', async ({ page }) => {
  await page.goto('/?status=stopped&sort=-zone')
  const menu = (name: string) => page.getByRole('button', { name, exact: true })
  const item = (name: string) => page.getByRole('menuitem', { name, exact: true })
  await menu('Views').focus()
  await page.keyboard.press('Enter')
  await item('Save view…').click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await inBothThemes(page, () => expectAccessible(page))
  await page.keyboard.type('Stopped')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByText('View “Stopped” saved')).toBeVisible()
  await expect(menu('View: Stopped')).toBeFocused()

  await menu('View: Stopped').click()
  await item('All servers').click()
  await expect(page.getByText('9 servers', { exact: true })).toBeVisible()
  await expect(page).toHaveURL('/')
  await page.reload()
  await menu('Views').click()
  await item('Stopped').click()
  // A plain link: it says all that the view is.
  await expect(page).toHaveURL(/\/\?(sort=-zone&status=stopped|status=stopped&sort=-zone)$/)
  await page.getByRole('searchbox').fill('build')
  await menu('View: Stopped (changed)').click()
  await expectAccessible(page, { menu: true, exclude: 'tr:nth-child(n + 4)' })
  await item('Update “Stopped”').click()
  await expect(menu('View: Stopped')).toBeVisible()

  await menu('View: Stopped').click()
  await item('Manage views…').click()
  await dialog.getByRole('textbox', { name: 'Name of Stopped' }).fill('Idle builders')
  await page.keyboard.press('Enter')
  await inBothThemes(page, () => expectAccessible(page))
  await dialog.getByRole('button', { name: 'Delete Idle builders' }).click()
  await dialog.getByRole('button', { name: 'Restore Idle builders' }).click()
  await expect(dialog.getByRole('textbox', { name: 'Name of Idle builders' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.goto('/')
  await menu('Views').click()
  await item('Idle builders').click()
  await expect(page.getByRole('searchbox')).toHaveValue('build')
})

test.describe('where one signs in', () => {
  test.use({ transport: 'relay', signInMode: 'iam' })

  test('a second browser of the same person has the same favourites, recent servers and views', async ({
    page,
    browser,
    stack,
    replicas,
  }) => {
    const signIn = async (at: Page, { domain, name, password } = stack.sandbox.users.reader) => {
      await at.goto('/')
      await at.getByRole('textbox', { name: /^(Account name|Domain)$/ }).fill(domain)
      await at.getByRole('textbox', { name: 'User name' }).fill(name)
      await at.getByLabel('Password', { exact: true }).fill(password)
      await at.getByRole('button', { name: 'Sign in', exact: true }).click()
      await expect(link(at, 'web-fra-01')).toBeVisible()
    }
    await signIn(page)
    await link(page, 'db-fra-01').hover()
    await star(page, 'db-fra-01').click()
    await visit(page, 'edge-muc-03')
    await page.getByRole('searchbox').fill('web')
    await page.getByRole('button', { name: 'Views', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Save view…' }).click()
    // What replicas share outlasts each of them.
    await expect(page.getByRole('dialog')).toContainText(
      `Kept for you in every browser${replicas > 1 ? '.' : ', until BMS Console restarts.'}`,
    )
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Front ends')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByText('View “Front ends” saved')).toBeVisible()
    expect(await page.evaluate(() => Object.keys(localStorage))).not.toContain('bms-console.preferences')

    const elsewhere = await anotherPerson(browser, stack)
    const second = await elsewhere.newPage()
    await signIn(second)
    await expect(ways(second)).toHaveText(['db-fra-01, Favourite', 'edge-muc-03, Opened recently'])
    await second.getByRole('button', { name: 'Views', exact: true }).click()
    await second.getByRole('menuitem', { name: 'Front ends' }).click()
    await expect(second.getByRole('searchbox')).toHaveValue('web')

    // What fails is said, stays on the screen, and is kept by the next try.
    await second.route('**/api/preferences', (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.continue(),
    )
    await link(second, 'web-fra-01').hover()
    await star(second, 'web-fra-01').click()
    await expect(second.getByText(/^Not saved: /)).toBeVisible()
    await expect(star(second, 'web-fra-01')).toHaveAttribute('aria-pressed', 'true')
    await second.unroute('**/api/preferences')
    await second.getByRole('button', { name: 'Try again' }).click()
    await page.goto('/')
    await expect(ways(page).first()).toHaveText('web-fra-01, Favourite')
    await elsewhere.close()
  })
})

/** The edges that fade */
const [BEFORE, AFTER] = [/0\) 40px/, /0\) 0px.*40px/]

test('on a narrow page, lines of ways scroll by themselves, and their edges fade where there is more', async ({
  page,
}) => {
  for (const name of ['web-fra-01', 'db-fra-01', 'edge-muc-03']) await visit(page, name)
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(ways(page)).toHaveCount(3)
  const wider = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(await wider()).toBe(0)
  const line = page.getByRole('list', { name: 'Favourites and recent servers' }).locator('..')
  await expect(line).toHaveCSS('mask-image', AFTER)
  await line.evaluate((element) => element.scrollTo(9_999, 0))
  await expect(line).toHaveCSS('mask-image', BEFORE)

  const pages = page.getByRole('navigation', { name: 'Main' })
  await expect(pages).toHaveCSS('mask-image', 'none')
  await page.setViewportSize({ width: 90, height: 844 })
  await expect(pages).toHaveCSS('mask-image', AFTER)
})
