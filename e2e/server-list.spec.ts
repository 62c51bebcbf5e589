import type { Page } from '@playwright/test'
import { expectAccessible, inBothThemes } from './axe.ts'
import { expect, serverId, test } from './stack.ts'

const SIZE = 300

test.use({ sandboxOptions: { size: SIZE } })

const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true })
const bar = (page: Page) => page.getByRole('region', { name: 'Selection' })
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search servers' })

/** The names of the drawn rows, from the top down */
const names = (page: Page) =>
  page
    .getByRole('rowheader')
    .evaluateAll((cells) => cells.map((cell) => cell.querySelector('[data-name]')?.textContent ?? ''))

async function open(page: Page, path = '/'): Promise<void> {
  await page.goto(path)
  await expect(link(page, 'web-fra-01')).toBeVisible()
}

test('rows are drawn where the window is, and told of all', async ({ page }) => {
  await open(page)
  const grid = page.getByRole('grid', { name: 'Servers' })
  await expect(grid).toHaveAttribute('aria-rowcount', String(SIZE + 1))
  expect(await page.getByRole('rowheader').count()).toBeLessThan(45)
  const widths = () =>
    page.getByRole('columnheader').evaluateAll((cells) => cells.map((cell) => cell.clientWidth))
  const before = await widths()
  await page.mouse.move(700, 600)
  await page.mouse.wheel(0, 6_000)
  await expect(link(page, 'web-fra-01')).toBeHidden()
  // The headings stay, and no column moves.
  await expect(page.getByRole('columnheader', { name: 'Name' })).toBeInViewport({ ratio: 1 })
  expect(await widths()).toEqual(before)
  expect(await page.getByRole('rowheader').count()).toBeLessThan(45)
})

test('keys go from row to row, to the ends, into a console and back to its row', async ({ page }) => {
  await open(page)
  const [first = '', second = ''] = await names(page)
  await page.keyboard.press('j')
  await expect(link(page, first)).toBeFocused()
  await page.keyboard.press('j')
  await expect(link(page, second)).toBeFocused()
  await page.keyboard.press('k')
  await page.keyboard.press('ArrowDown')
  await expect(link(page, second)).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(link(page, first)).toBeFocused()

  const row = () => page.locator('[data-id]:has([data-name]:focus)')
  await page.keyboard.press('Shift+G')
  await expect(row()).toHaveAttribute('aria-rowindex', String(SIZE + 1))
  await expect(row()).toBeInViewport({ ratio: 1 })
  await page.keyboard.press('g')
  await page.keyboard.press('g')
  await expect(row()).toHaveAttribute('aria-rowindex', '2')
  await page.keyboard.press('End')
  await expect(row()).toHaveAttribute('aria-rowindex', String(SIZE + 1))
  await page.keyboard.press('Home')
  await expect(row()).toHaveAttribute('aria-rowindex', '2')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('PageDown')
  await expect(row()).toBeInViewport({ ratio: 1 })
  const at = await row().getAttribute('aria-rowindex')
  expect(Number(at)).toBeGreaterThan(30)
  const y = (await row().boundingBox())?.y

  const name = (await row().getByRole('rowheader').locator('[data-name]').textContent()) ?? ''
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/console$/)
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
  await page.goBack()
  await expect(link(page, name)).toBeFocused()
  await expect(row()).toHaveAttribute('aria-rowindex', at ?? '')
  expect(Math.abs(((await row().boundingBox())?.y ?? 0) - (y ?? 0))).toBeLessThan(2)
})

test('the search has its key, leads to what it found, and is cleared by Escape', async ({ page }) => {
  await open(page)
  await page.keyboard.press('/')
  await expect(search(page)).toBeFocused()
  await page.keyboard.type('db-fra-01')
  await page.keyboard.press('ArrowDown')
  await expect(link(page, 'db-fra-01')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(search(page)).toHaveValue('')
  await expect(page.getByText(`${SIZE} servers`)).toBeVisible()
})

test('keys and Shift+click select rows, and Escape leaves them', async ({ page }) => {
  await open(page)
  const box = (name: string) => page.getByRole('checkbox', { name: `Select ${name}`, exact: true })
  const shown = await names(page)
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await expect(bar(page)).toContainText('1 selected')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Shift+X')
  await expect(bar(page)).toContainText('3 selected')
  for (const name of shown.slice(0, 3)) await expect(box(name)).toBeChecked()
  await page.keyboard.press('Space')
  await expect(bar(page)).toContainText('2 selected')
  await page.keyboard.press('Escape')
  await expect(bar(page)).toBeHidden()

  await box(shown[1] ?? '').click()
  await link(page, shown[5] ?? '').click({ modifiers: ['Shift'] })
  await expect(bar(page)).toContainText('5 selected')
  await expect(page).toHaveURL(/\/$/)
  await page.keyboard.press('j')
  await page.keyboard.press('Control+A')
  await expect(bar(page)).toContainText(`${SIZE} selected`)
  await expect(page.getByRole('checkbox', { name: 'Select all' })).toBeChecked()
  // What a search hides stays selected, and is counted.
  await search(page).fill('web-fra-01')
  await expect(bar(page)).toContainText(`${SIZE - 1} not shown`)
  await bar(page).getByRole('button', { name: 'Clear selection' }).click()
  await expect(bar(page)).toBeHidden()
})

test('a sheet has the keys', async ({ page }) => {
  await open(page)
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet).toContainText('Next server')
  await inBothThemes(page, () => expectAccessible(page))
  // The list hears no keys behind it.
  await page.keyboard.press('j')
  await expect(page.locator('[data-name]:focus')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
})

test('several columns sort, and a screen reader is told', async ({ page }) => {
  await open(page)
  const heading = (name: string) => page.getByRole('columnheader', { name })
  await heading('Status').getByRole('button').click()
  await heading('Name')
    .getByRole('button')
    .click({ modifiers: ['Shift'] })
  await heading('Name')
    .getByRole('button')
    .click({ modifiers: ['Shift'] })
  await expect(heading('Status')).toHaveAttribute('aria-sort', 'ascending')
  await expect(heading('Name')).toHaveAttribute('aria-sort', 'descending')
  await expect(page.getByText('Sorted by Status ascending, Name descending')).toBeAttached()
  await expect(page).toHaveURL(/sort=status,-name/)
})

test('columns are chosen and ordered, stay after a reload, and give way where there is no room', async ({
  browser,
  stack,
}) => {
  // A browser of its own: the other tests' writes its settings anew with every page.
  const context = await browser.newContext({
    baseURL: stack.origin,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await open(page)
  const headings = () => page.getByRole('columnheader').allTextContents()
  const trimmed = async () => (await headings()).map((text) => text.trim())
  expect(await trimmed()).toEqual([
    'Name',
    'Status',
    'Operating system',
    'Addresses',
    'Zone',
    'Flavor',
    'Tags',
  ])
  await page.getByRole('button', { name: 'Columns' }).click()
  const dialog = page.getByRole('dialog', { name: 'Columns' })
  await dialog.getByRole('checkbox', { name: 'Zone' }).uncheck()
  await dialog.getByRole('checkbox', { name: 'Region' }).check()
  for (let place = 0; place < 4; place++) await dialog.getByRole('button', { name: 'Move Region up' }).click()
  await inBothThemes(page, () => expectAccessible(page))
  await dialog.getByRole('button', { name: 'Close' }).click()
  const chosen = ['Name', 'Status', 'Region', 'Operating system', 'Addresses', 'Flavor', 'Tags']
  await expect.poll(trimmed).toEqual(chosen)
  await page.reload()
  await expect.poll(trimmed).toEqual(chosen)
  await page.setViewportSize({ width: 844, height: 600 })
  await expect.poll(trimmed).toEqual(['Name', 'Status', 'Region', 'Operating system', 'Addresses'])
  await page.setViewportSize({ width: 390, height: 844 })
  await expect.poll(trimmed).toEqual(['Name', 'Status'])
  await context.close()
})

for (const [way, goBack] of [
  ['browser', (page: Page) => page.goBack()],
  ['arrow', (page: Page) => page.getByRole('link', { name: 'All servers' }).click()],
] as const)
  test(`the ${way} leads from a console back to the same search and row`, async ({ page }) => {
    await page.goto('/?power=on&sort=-name')
    await expect(page.getByRole('rowheader').first()).toBeVisible()
    const [first = ''] = await names(page)
    await page.mouse.move(700, 600)
    await page.mouse.wheel(0, 4_000)
    await expect(link(page, first)).toBeHidden()
    const target = page.locator('[data-id]').nth(18).getByRole('link').first()
    const name = (await target.textContent()) ?? ''
    const y = (await target.boundingBox())?.y ?? 0
    await target.click()
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
    await goBack(page)
    await expect(link(page, name)).toBeInViewport()
    await expect(page).toHaveURL(/\?power=on&sort=-name$/)
    expect(Math.abs(((await link(page, name).boundingBox())?.y ?? 0) - y)).toBeLessThan(2)
  })

test.describe('a refresh', () => {
  test.use({ sandboxOptions: {} })

  test('moves no row under the pointer, and shows the new order when it leaves', async ({ page }) => {
    await open(page, '/?sort=status')
    const before = await names(page)
    expect(before.at(-1)).toBe('build-fra-02')
    const row = page.getByRole('row', { name: /build-fra-02/ })
    await expect(row).toContainText('Stopped')
    await page.getByRole('row', { name: /web-fra-01/ }).hover()
    await page.evaluate(
      (id) =>
        fetch(`/api/servers/${id}/power`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ action: 'power-on' }),
        }),
      serverId('build-fra-02'),
    )
    // By a script: the pointer stays where it is.
    const refresh = page.getByRole('button', { name: 'Refresh' })
    await expect(async () => {
      await refresh.evaluate((button) => button instanceof HTMLElement && button.click())
      await expect(row).toContainText('Active', { timeout: 1_000 })
    }).toPass()
    const news = page.getByText('The order has changed')
    await expect(news).toBeVisible()
    expect(await names(page)).toEqual(before)
    await page.mouse.move(5, 5)
    await expect(news).toBeHidden()
    await expect.poll(() => names(page)).not.toEqual(before)
    expect((await names(page)).at(-1)).not.toBe('build-fra-02')
  })
})
