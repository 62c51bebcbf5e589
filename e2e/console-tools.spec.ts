import type { Page } from '@playwright/test'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { chooseItem, openMenu } from './bar.ts'
import { expect, logIn, seeOnScreen, terminalInput, test, watch } from './stack.ts'

const rows = (page: Page) => page.locator('.xterm-accessibility-tree [role="listitem"]').count()

test('text grows and shrinks by button and by key, and comes back', async ({ page }) => {
  await logIn(page)
  const usual = await rows(page)
  await chooseItem(page, 'View', 'Larger text')
  await expect.poll(() => rows(page)).toBeLessThan(usual)
  await page.getByRole('menuitem', { name: 'Smaller text' }).click()
  await expect.poll(() => rows(page)).toBe(usual)
  await page.keyboard.press('Escape')
  await expect(terminalInput(page)).toBeFocused()
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Control+Minus')
  await expect.poll(() => rows(page)).toBeGreaterThan(usual)
  await page.keyboard.press('Control+Shift+Digit0')
  await expect.poll(() => rows(page)).toBe(usual)
  await page.keyboard.press('Control+Shift+Equal')
  await expect.poll(() => rows(page)).toBeLessThan(usual)
  // None of them was typed.
  await page.keyboard.type('echo whole\n')
  await seeOnScreen(page, /# echo whole\nwhole\n/)
})

test('full screen is entered and left, and its item says which', async ({ page }) => {
  await watch(page, /login:/)
  const isFull = () => page.evaluate(() => document.fullscreenElement !== null)
  await chooseItem(page, 'View', 'Full screen')
  await expect.poll(isFull).toBe(true)
  await chooseItem(page, 'View', 'Exit full screen')
  await expect.poll(isFull).toBe(false)
  await openMenu(page, 'View')
  await expect(page.getByRole('menuitem', { name: 'Full screen', exact: true })).toBeVisible()
})

test('the theme is changed beside the terminal, and the terminal with it', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await watch(page, /login:/)
  const background = () =>
    page.locator('.xterm-scrollable-element').evaluate((element) => getComputedStyle(element).backgroundColor)
  const dark = await background()
  const choose = async (theme: string) => {
    await openMenu(page, 'View')
    await page.getByRole('menuitem', { name: 'Theme' }).click()
    await page.getByRole('menuitemradio', { name: theme }).click()
  }
  await choose('Light')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await expect.poll(background).not.toBe(dark)
  await choose('System')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect.poll(background).toBe(dark)
})

test('the terminal has colours of its own, which stay', async ({ browser, stack }) => {
  const context = await browser.newContext({ baseURL: stack.origin, colorScheme: 'light' })
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  await expect(page).toHaveTitle(/Live/)
  const ground = () =>
    page.locator('.xterm-scrollable-element').evaluate((element) => getComputedStyle(element).backgroundColor)
  await chooseItem(page, 'View', 'Terminal colours…')
  await page.getByRole('radio', { name: 'High contrast' }).click()
  await expect.poll(ground).toBe('rgb(0, 0, 0)')
  await page.getByRole('radio', { name: 'Your own' }).click()
  await page.getByLabel('Background').fill('#102030')
  await expect.poll(ground).toBe('rgb(16, 32, 48)')
  await atEachWidth(page, [1440, 390], () => inBothThemes(page, () => expectAccessible(page)))
  await page.keyboard.press('Escape')
  await expect(terminalInput(page)).toBeFocused()
  page.on('dialog', (dialog) => void dialog.accept())
  await page.reload()
  await expect.poll(ground).toBe('rgb(16, 32, 48)')
  await context.close()
})

test('screen reader mode is a switch on the page, and stays', async ({ browser, stack }) => {
  const context = await browser.newContext({ baseURL: stack.origin })
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  const mode = page.getByRole('menuitemcheckbox', { name: 'Screen reader mode' })
  await openMenu(page, 'View')
  await expect(mode).not.toBeChecked()
  expect(await rows(page)).toBe(0)
  await mode.click()
  await seeOnScreen(page, /login:/)
  page.on('dialog', (dialog) => void dialog.accept())
  await page.reload()
  await expect.poll(() => rows(page)).toBeGreaterThan(0)
  await openMenu(page, 'View')
  await expect(mode).toBeChecked()
  await context.close()
})

test('on a small screen the rarer tools are in a menu, with the key that leaves the terminal', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await watch(page, /login:/)
  const usual = await rows(page)
  await page.getByRole('button', { name: 'More tools' }).click()
  await expect(page.getByRole('menu')).toContainText('Ctrl+F6 leaves the terminal')
  await expect(page.getByRole('menuitemcheckbox', { name: 'Screen reader mode' })).toBeChecked()
  // The menu stays for a second step.
  await page.getByRole('menuitem', { name: 'Larger text' }).click()
  await page.getByRole('menuitem', { name: 'Larger text' }).click()
  await expect.poll(() => rows(page)).toBeLessThan(usual)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
})

test('the shortcuts are a ? away from the terminal, and in the menu; the focus comes back', async ({
  page,
}) => {
  await watch(page, /login:/)
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await page.keyboard.press('Control+F6')
  await page.keyboard.press('?')
  await expect(sheet).toContainText('Leave the terminal')
  await atEachWidth(page, [1440, 390], () => inBothThemes(page, () => expectAccessible(page)))
  await page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'All servers' })).toBeFocused()
  await chooseItem(page, 'View', 'Keyboard shortcuts')
  await sheet.getByRole('button', { name: 'Close' }).click()
  await expect(terminalInput(page)).toBeFocused()
})

test('a Mac is told its own keys', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' }))
  await page.addInitScript(() =>
    Object.defineProperty(navigator.clipboard, 'readText', {
      value: () => Promise.reject(new DOMException('denied', 'NotAllowedError')),
    }),
  )
  await page.goto('/')
  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  await expect(page.getByText('⌘C copies, ⌘V pastes')).toBeVisible()
  await page.getByRole('button', { name: 'Paste' }).click()
  await expect(page.getByText('Press ⌘V', { exact: false })).toBeVisible()
})

test('a link that the server printed shows where it leads before it opens', async ({ page }) => {
  await logIn(page)
  await page.keyboard.type('clear\n')
  await page.keyboard.type('echo https://runbooks.example.com/nvme\n')
  const row = page.getByRole('listitem').filter({ hasText: /^https:\/\/runbooks/ })
  await expect(row).toBeAttached()
  const dialog = page.getByRole('dialog', { name: 'Open this link?' })
  await expect(async () => {
    // By position: xterm finds links under the pointer.
    const box = await row.boundingBox()
    if (!box) throw new Error('the row has no place')
    await page.mouse.move(box.x + 40, box.y + box.height / 2 + 1)
    await page.mouse.move(box.x + 44, box.y + box.height / 2)
    await page.mouse.click(box.x + 44, box.y + box.height / 2)
    await expect(dialog).toBeVisible({ timeout: 500 })
  }).toPass()
  await expect(dialog).toContainText('https://runbooks.example.com/nvme')
  await expect(dialog.getByRole('link', { name: 'Open' })).toHaveAttribute('rel', 'noopener noreferrer')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('textbox', { name: 'Terminal input' })).toBeFocused()
})

test('the title tells the state, and retries are not read out again and again', async ({ page, stack }) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  await expect(page).toHaveTitle('web-fra-01 · Live · BMS Console')
  await stack.sandbox.killGateway()
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page).toHaveTitle(/Reconnecting|Contacting the cloud|Contacting the gateway/)
  const tries = stack.sandbox.issuedTokens.length
  // From the first retry on: the first alert may name the cut, the second why it stays so.
  await expect.poll(() => stack.sandbox.issuedTokens.length).toBeGreaterThan(tries)
  await expect(page.getByText('Retrying in')).toBeVisible()
  await page.evaluate(() => {
    const live = document.querySelectorAll('main [role="alert"], main [role="status"]')
    const observer = new MutationObserver((changes) => {
      document.body.dataset.announced = String(Number(document.body.dataset.announced ?? 0) + changes.length)
    })
    for (const each of live) observer.observe(each, { childList: true, characterData: true, subtree: true })
    document.body.dataset.watched = String(live.length)
  })
  expect(Number(await page.locator('body').getAttribute('data-watched'))).toBeGreaterThan(1)
  await expect.poll(() => stack.sandbox.issuedTokens.length).toBeGreaterThan(tries + 2)
  await expect(page.getByText('Retrying in')).toBeVisible()
  await expect(page.locator('body')).not.toHaveAttribute('data-announced')
  await stack.sandbox.restoreGateway()
  await page.getByRole('button', { name: 'Press Enter' }).click()
  await expect(page).toHaveTitle('web-fra-01 · Live · BMS Console')
})

test('axe finds nothing on the console, its menu, its end and its failure', async ({ page }) => {
  test.slow()
  const inEveryLook = () =>
    atEachWidth(page, [1440, 390], () => inBothThemes(page, () => expectAccessible(page)))
  await page.goto('/')
  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  await seeOnScreen(page, /login:/)
  await inEveryLook()
  await atEachWidth(page, [1440, 390], async () => {
    await page.getByRole('button', { name: 'Keys', exact: true }).click()
    await expect(page.getByRole('menu')).toBeVisible()
    await inBothThemes(page, () => expectAccessible(page, { menu: true }))
    await page.keyboard.press('Escape')
    await expect(page.getByRole('menu')).toHaveCount(0)
  })
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await expect(page.getByRole('heading', { name: 'You disconnected' })).toBeVisible()
  await inEveryLook()
  await page.goBack()
  await page.getByRole('link', { name: 'gpu-fra-01', exact: true }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await inEveryLook()
})

test('axe finds nothing with the screen reader mode off either', async ({ browser, stack }) => {
  const context = await browser.newContext({ baseURL: stack.origin })
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  await expect(page).toHaveTitle(/Live/)
  await expectAccessible(page)
  await context.close()
})
