import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible } from './axe.ts'
import { chooseItem } from './bar.ts'
import { type OpenGateway, test as openGatewayTest } from './open-gateway.ts'
import { consoleOf, expect, seeOnScreen } from './stack.ts'

const test = openGatewayTest
test.use({ transport: 'relay', contextOptions: { permissions: ['clipboard-read', 'clipboard-write'] } })

const terminal = (page: Page) => page.locator('.xterm-screen')

/** Opens the console, and has the server print 300 numbered lines. */
async function printLines(page: Page, gateway: OpenGateway): Promise<void> {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  gateway.print(Array.from({ length: 300 }, (_, index) => `number ${index}\r\n`).join(''))
  await seeOnScreen(page, /number 299/)
}

/** Selects the line that is in the middle of the view, and copies a link to it. @returns the link, and the line's text */
async function linkToMiddle(page: Page): Promise<{ url: string; line: string }> {
  const box = await terminal(page).boundingBox()
  if (!box) throw new Error('there is no terminal')
  // So far up that it is not in view at the end.
  await page.locator('.xterm').click()
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Shift+PageUp')
  await expect(page.locator('.xterm-rows')).not.toContainText(/number 2[5-9]/)
  await page.mouse.click(box.x + 60, box.y + box.height / 2, { clickCount: 3 })
  await chooseItem(page, 'Session', 'Copy link to line')
  const said = page.getByRole('status').filter({ hasText: /^Link copied/ })
  await expect(said).toBeVisible()
  const line = /number \d+/.exec((await said.textContent()) ?? '')?.[0] ?? ''
  return { url: await page.evaluate(() => navigator.clipboard.readText()), line }
}

const linked = (page: Page) => page.locator('[data-linked]')

/** The text of the row that is shown as the linked one */
const linkedText = (page: Page) =>
  linked(page).evaluate((mark) => {
    const { top, bottom } = mark.getBoundingClientRect()
    const middle = (top + bottom) / 2
    const row = [...document.querySelectorAll('.xterm-rows > div')].find((each) => {
      const box = each.getBoundingClientRect()
      return box.top <= middle && middle < box.bottom
    })
    return row?.textContent?.trim()
  })

test('a link to a line opens at that line for another viewer', async ({ page, context, gateway }) => {
  await printLines(page, gateway)
  const { url, line } = await linkToMiddle(page)
  expect(line).toMatch(/^number \d+$/)
  const other = await context.newPage()
  await other.goto(url)
  await expect(linked(other)).toBeVisible()
  expect(await linkedText(other)).toBe(line)
  // What comes does not move it.
  gateway.print('and more\r\n'.repeat(20))
  await seeOnScreen(page, /number|and more/)
  expect(await linkedText(other)).toBe(line)
  await expectAccessible(other)
  await other.locator('.xterm').click()
  await expect(linked(other)).toHaveCount(0)
})

test('a link is honest about a line that went with its session', async ({ page, gateway }) => {
  await printLines(page, gateway)
  const { url } = await linkToMiddle(page)
  const wrong = new URL(url)
  wrong.searchParams.set('session', 'another')
  await page.goto(wrong.href)
  await expect(page.getByText("The linked line isn't kept here any more")).toBeVisible()
})

const logged = openGatewayTest.extend<{ dir: string }>({
  // Playwright wants the braces: a fixture's first argument names what it needs.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  dir: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'bms-console-lines-'))
    await use(dir)
    await rm(dir, { recursive: true, force: true })
  },
  env: async ({ dir }, use) => use({ BMS_CONSOLE_LINE_LOG_DIR: dir }),
})
logged.use({ transport: 'relay', contextOptions: { permissions: ['clipboard-read', 'clipboard-write'] } })

logged('with a log, a link needs no session', async ({ page, context, gateway }) => {
  await printLines(page, gateway)
  const { url, line } = await linkToMiddle(page)
  expect(new URL(url).searchParams.has('session')).toBe(false)
  const other = await context.newPage()
  await other.goto(url)
  await expect(linked(other)).toBeVisible()
  expect(await linkedText(other)).toBe(line)
})

test.describe('over a direct connection', () => {
  test.use({ transport: 'direct' })
  test('no link is offered, and the menu says why', async ({ page }) => {
    await page.goto(consoleOf('web-fra-01'))
    await seeOnScreen(page, /ready/)
    await page.getByRole('button', { name: 'Session', exact: true }).click()
    const item = page.getByRole('menuitem', { name: /Copy link to line/ })
    await expect(item).toHaveAttribute('aria-disabled', 'true')
    await expect(item).toContainText('Links to lines need the relay')
  })
})
