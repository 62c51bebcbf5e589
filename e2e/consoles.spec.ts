import type { Locator, Page } from '@playwright/test'
import { expectAccessible, inBothThemes } from './axe.ts'
import { chooseItem } from './bar.ts'
import { consoleOf, expect, intervals, logIn, seeOnScreen, serverId, test as stackTest } from './stack.ts'

const test = stackTest.extend({
  page: async ({ page }, use) => {
    page.on('dialog', (dialog) => void dialog.accept())
    await use(page)
  },
})
test.use({ transport: 'relay' })

const pane = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const consolesOf = (...servers: string[]) => `/consoles?servers=${servers.map(serverId).join()}`

/** What the pane's terminal shows. */
const shownIn = (where: Locator) =>
  where.evaluate((element) =>
    [...element.querySelectorAll('.xterm-accessibility-tree [role="listitem"]')]
      .map((row) => row.textContent ?? '')
      .join('\n'),
  )

async function seeIn(where: Locator, text: RegExp): Promise<void> {
  await expect.poll(() => shownIn(where), { timeout: 20_000, intervals }).toMatch(text)
}

async function openThree(page: Page) {
  await page.goto(consolesOf('web-fra-01', 'db-fra-01', 'edge-muc-03'))
  const [web, db, edge] = [pane(page, 'web-fra-01'), pane(page, 'db-fra-01'), pane(page, 'edge-muc-03')]
  await seeIn(web, /login:/)
  await seeIn(db, /login:/)
  return { web, db, edge }
}

test('three consoles type apart, end apart, and come back after a reload', async ({ page }) => {
  const { web, db, edge } = await openThree(page)
  await web.getByRole('textbox').focus()
  await page.keyboard.type('first')
  await seeIn(web, /login: first/)
  await db.getByRole('textbox').click()
  await page.keyboard.type('second')
  await seeIn(db, /login: second/)
  expect(await shownIn(web)).not.toContain('second')
  await inBothThemes(page, () => expectAccessible(page))

  // The bar's tools are those of the console with the focus.
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('db-fra-01')
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await expect(db.getByText('Ended', { exact: true })).toBeVisible()
  await web.getByRole('textbox').focus()
  await page.keyboard.type('-more')
  await seeIn(web, /first-more/)

  await page.reload()
  await seeIn(web, /first-more/)
  await seeIn(db, /login: second/)
  await expect(edge).toBeVisible()

  await db.getByRole('button', { name: 'Close db-fra-01' }).click()
  await expect(db).toBeHidden()
  await expect(page).toHaveURL(
    (url) => url.searchParams.get('servers') === [serverId('web-fra-01'), serverId('edge-muc-03')].join(),
  )
  await seeIn(web, /first-more/)
})

test('the same consoles are tabs, and the keyboard reaches each', async ({ page }) => {
  const { web, db } = await openThree(page)
  await web.getByRole('textbox').focus()
  await page.keyboard.press('Control+F6')
  await expect(db.getByRole('textbox')).toBeFocused()
  await page.getByRole('button', { name: 'Tabs', exact: true }).click()
  await expect(web).toBeHidden()
  await expect(db.getByRole('textbox')).toBeFocused()
  await inBothThemes(page, () => expectAccessible(page))
  const tab = page.getByRole('tab', { name: 'web-fra-01' })
  await page.getByRole('tab', { name: 'db-fra-01' }).press('ArrowLeft')
  await expect(tab).toBeFocused()
  await expect(web).toBeVisible()
  await page.reload()
  await expect(tab).toHaveAttribute('aria-selected', 'true')
  await seeIn(web, /login:/)
  await expect(db).toBeHidden()
})

test('an edge between two consoles moves by the arrow keys, and stays after a reload', async ({ page }) => {
  const { web } = await openThree(page)
  const width = async () => (await web.boundingBox())?.width ?? 0
  const before = await width()
  await page.getByRole('separator').first().focus()
  for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowLeft')
  await expect.poll(width, { intervals }).toBeLessThan(before - 20)
  const narrower = await width()
  await page.reload()
  await expect.poll(width, { intervals }).toBeCloseTo(narrower, -1)
})

test('another console opens beside the one that is open, which nobody leaves by that', async ({ page }) => {
  await logIn(page)
  await chooseItem(page, 'Session', 'Open another beside this…')
  await page.getByRole('checkbox', { name: 'db-fra-01' }).check()
  await inBothThemes(page, () => expectAccessible(page))
  await page.getByRole('button', { name: 'Open 1 console' }).click()
  await seeIn(pane(page, 'db-fra-01'), /login:/)
  await seeIn(pane(page, 'web-fra-01'), /root@web-fra-01/)
  // A console that is left with a shell asks, and it alone.
  await page.getByRole('button', { name: 'Close web-fra-01' }).click()
  await page.getByRole('button', { name: 'Stay' }).click()
  await expect(pane(page, 'web-fra-01')).toBeVisible()
  await page.getByRole('button', { name: 'Close db-fra-01' }).click()
  await expect(pane(page, 'db-fra-01')).toBeHidden()
})

test('the list leads to the choice, and a server that is not there says so in its place', async ({
  page,
}) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'Consoles' }).click()
  await page.getByRole('searchbox').fill('fra-01')
  await page.getByRole('checkbox', { name: 'web-fra-01' }).check()
  await page.getByRole('checkbox', { name: 'db-fra-01' }).check()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Open 2 consoles' }).click()
  await seeIn(pane(page, 'db-fra-01'), /login:/)
  await page.goto(`${consolesOf('web-fra-01')},nobody`)
  await expect(pane(page, 'nobody').getByRole('alert')).toContainText('Server not found')
  await seeIn(pane(page, 'web-fra-01'), /login:/)
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /login:/)
})

test('a phone has tabs only', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(consolesOf('web-fra-01', 'db-fra-01'))
  await seeIn(pane(page, 'web-fra-01'), /login:/)
  await page.getByRole('tab', { name: 'db-fra-01' }).click()
  await expect(pane(page, 'web-fra-01')).toBeHidden()
  await seeIn(pane(page, 'db-fra-01'), /login:/)
  await expectAccessible(page)
})

test('a tab shows its name before its state, also among many', async ({ page }) => {
  await page.setViewportSize({ width: 844, height: 390 })
  await page.goto(consolesOf('web-fra-01', 'db-fra-01', 'edge-muc-03', 'build-fra-02', 'backup-ams-01'))
  for (const [width, height] of [
    [844, 390],
    [1024, 768],
  ] as const) {
    await page.setViewportSize({ width, height })
    if (height > 500) await page.getByRole('button', { name: 'Tabs', exact: true }).click()
    for (const name of ['web-fra-01', 'backup-ams-01']) {
      const cut = page
        .getByRole('tab', { name })
        .getByText(name)
        .evaluate((element) => element.scrollWidth - element.clientWidth)
      expect(await cut, `${name} at ${width}`).toBeLessThanOrEqual(0)
    }
  }
})

test('what is typed goes to two of three, pastes too, until it is ended or the page is reloaded', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { web, db, edge } = await openThree(page)
  await seeIn(edge, /\S/)
  await web.getByRole('textbox').focus()
  await page.getByRole('button', { name: 'Type to several' }).click()
  await db.getByRole('checkbox', { name: 'Type to db-fra-01, too' }).check()
  await expect(page.getByText('Keys and pastes go to 2 consoles at once')).toBeVisible()
  await expect(web.getByText('Takes keys')).toBeVisible()
  await expect(db.getByText('Takes keys')).toBeVisible()
  await expect(edge.getByText('Takes no keys')).toBeVisible()
  await inBothThemes(page, () => expectAccessible(page))
  await web.getByRole('textbox').focus()
  await page.keyboard.type('root\nsandbox\n')
  await seeIn(web, /root@web-fra-01/)
  await seeIn(db, /root@db-fra-01/)
  await page.evaluate(() => navigator.clipboard.writeText('echo pasted\n'))
  await page.getByRole('button', { name: 'Paste', exact: true }).click()
  await expect(page.getByRole('dialog')).toContainText('It goes to 2 consoles.')
  await page.getByRole('dialog').getByRole('button', { name: 'Paste' }).click()
  await seeIn(web, /^pasted/m)
  await seeIn(db, /^pasted/m)

  // One whose line is down is passed over, and says so.
  await db.getByRole('textbox').focus()
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('button', { name: 'Leave anyway' }).click()
  await expect(db.getByText('Skipped: not connected')).toBeVisible()
  await web.getByRole('textbox').focus()
  await page.keyboard.type('x')
  await seeIn(web, /# x/)
  await expect(db.getByText('1 key not typed here')).toBeVisible()
  await page.keyboard.press('Control+Shift+F6')
  await expect(web.getByText('Takes keys')).toBeHidden()
  expect(await shownIn(edge)).not.toContain('sandbox')

  await page.getByRole('button', { name: 'Type to several' }).click()
  await page.reload()
  await seeIn(web, /# x/)
  await expect(page.getByRole('button', { name: 'Type to several' })).toHaveAttribute('aria-pressed', 'false')
})
