import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible } from './axe.ts'
import { chooseItem } from './bar.ts'
import { test as openGatewayTest } from './open-gateway.ts'
import { consoleOf, expect, seeOnScreen, serverId, terminalInput } from './stack.ts'

const test = openGatewayTest.extend<{ dir: string }>({
  // Playwright wants the braces: a fixture's first argument names what it needs.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  dir: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'bms-console-lines-'))
    await use(dir)
    await rm(dir, { recursive: true, force: true })
  },
  env: async ({ dir }, use) => use({ BMS_CONSOLE_LINE_LOG_DIR: dir }),
})
test.use({ transport: 'relay' })

/** The marks that are beside the rows */
const flags = (page: Page) => page.locator('[data-mark]')

test('a person marks a line: others see it, go to it and take it away, and the history keeps it', async ({
  page,
  context,
  gateway,
}) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  gateway.print('disk failed here')
  await seeOnScreen(page, /disk failed here/)
  await chooseItem(page, 'Session', 'Marks…')
  const dialog = page.getByRole('dialog', { name: 'Marks' })
  await expect(dialog.getByText('disk failed here')).toBeVisible()
  await expectAccessible(page)
  await dialog.getByRole('textbox', { name: 'Text (optional)' }).fill('the first error')
  await dialog.getByRole('button', { name: 'Mark this line' }).click()
  await expect(dialog).toBeHidden()
  await expect(flags(page)).toHaveText('the first error')
  gateway.print(`\r\n${Array.from({ length: 200 }, (_, index) => `number ${index}\r\n`).join('')}`)
  await seeOnScreen(page, /number 199/)

  // Another person, who comes later
  const other = await context.newPage()
  await other.goto(consoleOf('web-fra-01'))
  await seeOnScreen(other, /number 199/)
  await expect(flags(other)).toHaveCount(0)
  await chooseItem(other, 'Session', 'Marks…')
  await other.getByRole('button', { name: 'Go to: the first error' }).click()
  await expect(flags(other)).toHaveText('the first error')
  await expect(other.locator('[data-linked]')).toBeVisible()

  await page.reload()
  await seeOnScreen(page, /number 199/)
  await chooseItem(page, 'Session', 'Marks…')
  await page.getByRole('button', { name: 'Remove: the first error' }).click()
  await expect(page.getByText('No line is marked.')).toBeVisible()
  await expect(flags(other)).toHaveCount(0)

  await page.goto(`/servers/${serverId('web-fra-01')}/history`)
  await expect(page.getByText(/marked a line: the first error/)).toBeVisible()
})

test('a line is marked from the margin beside it, and by keys', async ({ page, gateway }) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  gateway.print('one\r\ntwo\r\nthree\r\n')
  await seeOnScreen(page, /three/)
  const dialog = page.getByRole('dialog', { name: 'Marks' })
  const two = await page.locator('.xterm-rows > div').filter({ hasText: 'two' }).boundingBox()
  if (!two) throw new Error('no row')
  const margin = { x: 5, y: two.y + two.height / 2 }
  await page.mouse.move(margin.x, margin.y)
  await expect(page.getByTitle('Mark this line')).toBeVisible()
  await page.mouse.click(margin.x, margin.y)
  await expect(dialog.getByText('two', { exact: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'Mark this line' }).click()
  await expect(flags(page)).toHaveCount(1)
  await expect(terminalInput(page)).toBeFocused()
  // Nothing is there to mark.
  await page.mouse.click(margin.x, two.y + 12 * two.height)
  await expect(dialog).toHaveCount(0)
  gateway.print('four')
  await seeOnScreen(page, /four/)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+B')
  await expect(dialog).toBeVisible()
  // The cursor's line is meant now, and the other is in the list.
  await expect(dialog.getByText('four', { exact: true })).toBeVisible()
  await expect(dialog.getByRole('listitem')).toContainText('two')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  expect(gateway.typed).toBe('\x1b')
})
