import type { Page } from '@playwright/test'
import { expectAccessible, inBothThemes } from './axe.ts'
import { test } from './open-gateway.ts'
import { consoleOf, expect, screen, seeOnScreen } from './stack.ts'

const log = (from: number, to: number, line = (index: number) => `kernel: line ${index}`) =>
  Array.from({ length: to - from }, (_, index) => `${line(from + index)}\r\n`).join('')

const field = (page: Page) => page.getByRole('textbox', { name: 'Find', exact: true })
const count = (page: Page) => page.getByRole('search').getByRole('status')
const terminal = (page: Page) => page.getByRole('textbox', { name: 'Terminal input' })

async function openConsole(page: Page): Promise<void> {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
}

test('a text is found in the whole scrollback, up and down, by key and by button', async ({
  page,
  gateway,
}) => {
  await openConsole(page)
  gateway.print(log(0, 400, (index) => (index % 150 === 20 ? `error ${index}` : `fine ${index}`)))
  await seeOnScreen(page, /fine 399/)
  await page.keyboard.press('Control+Shift+F')
  await expect(field(page)).toBeFocused()
  await page.keyboard.type('ERROR')
  await expect(count(page)).toHaveText('3 of 3')
  await page.keyboard.press('Enter')
  await expect(count(page)).toHaveText('2 of 3')
  await seeOnScreen(page, /error 170/)
  await page.getByRole('button', { name: 'Previous match' }).click()
  await seeOnScreen(page, /error 20$/m)
  await field(page).focus()
  await page.keyboard.press('Shift+Enter')
  await expect(count(page)).toHaveText('2 of 3')
  await page.keyboard.press('Escape')
  await expect(terminal(page)).toBeFocused()
  await expect(page.getByRole('search')).toHaveCount(0)
  // None of it was typed.
  expect(gateway.typed).toBe('')
})

test('a regular expression that would take years is given up, and the page goes on', async ({
  page,
  gateway,
}) => {
  await openConsole(page)
  gateway.print(`${'a'.repeat(60)}!\r\n`)
  await seeOnScreen(page, /a!/)
  await page.getByRole('button', { name: 'Find', exact: true }).click()
  await page.getByRole('button', { name: 'Regular expression' }).click()
  await field(page).fill('(a+)+$')
  await expect(page.getByRole('alert')).toHaveText(/takes too long/)
  gateway.print('still here\r\n')
  await seeOnScreen(page, /still here/)
  await field(page).fill('^still h.re')
  await expect(count(page)).toHaveText('1 of 1')
})

test('the search goes on during a flood, and the page answers', async ({ page, gateway }) => {
  await openConsole(page)
  await page.keyboard.press('Control+Shift+F')
  await field(page).fill('needle')
  for (let part = 0; part < 40; part++) {
    gateway.print(
      log(part * 2_000, (part + 1) * 2_000, (index) => (index % 1_000 === 0 ? 'needle' : `hay ${index}`)),
    )
  }
  await page.getByRole('button', { name: 'Match case' }).click()
  // 50,000 lines of the scrollback and the screen have one needle in a thousand.
  await expect(count(page)).toHaveText(/^(\d+ of )?50( matches)?$/, { timeout: 30_000 })
})

test('what is read stays while output comes, and a button leads back to the last line', async ({
  page,
  gateway,
}) => {
  await openConsole(page)
  gateway.print(log(0, 300))
  await seeOnScreen(page, /line 299/)
  await page.getByRole('region', { name: 'Serial console' }).hover()
  await page.mouse.wheel(0, -1500)
  await expect(page.getByRole('button', { name: 'Jump to the last line' })).toBeVisible()
  await expect.poll(() => screen(page)).not.toMatch(/line 299/)
  gateway.print(log(300, 325))
  await page.getByRole('button', { name: '25 new lines' }).click()
  await seeOnScreen(page, /line 324/)
  await expect(page.getByRole('button', { name: /new lines|last line/ })).toHaveCount(0)
  await expect(terminal(page)).toBeFocused()
  await page.mouse.wheel(0, -1500)
  await expect(page.getByRole('button', { name: 'Jump to the last line' })).toBeVisible()
  await page.keyboard.press('Control+Shift+End')
  await expect(page.getByRole('button', { name: 'Jump to the last line' })).toHaveCount(0)
  expect(gateway.typed).toBe('')
})

test('axe finds nothing in the search', async ({ page, gateway }) => {
  await openConsole(page)
  gateway.print(log(0, 100))
  await page.keyboard.press('Control+Shift+F')
  await field(page).fill('line 1')
  await expect(count(page)).toHaveText('11 of 11')
  await inBothThemes(page, () => expectAccessible(page))
})

test('the screen is cleared and the selection copied with its colours, and nothing is lost', async ({
  page,
  gateway,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openConsole(page)
  gateway.print('\x1b[2J\x1b[H\x1b[31m<b>red</b>\x1b[0m\r\nsecond\r\n')
  await seeOnScreen(page, /second/)
  await page
    .getByRole('region', { name: 'Serial console' })
    .locator('.xterm-screen')
    .dblclick({ position: { x: 30, y: 8 } })
  await page.getByRole('button', { name: 'Session' }).click()
  await page.getByRole('menuitem', { name: 'Copy selection with colours' }).click()
  await expect(page.getByText('Copied', { exact: false })).toBeVisible()
  const html = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    return (await item?.getType('text/html'))?.text()
  })
  expect(html).toMatch(/<span style="color:[^"]+">[^<]*red/)
  expect(html).not.toContain('<b>')
  await page.getByRole('button', { name: 'View' }).click()
  await page.getByRole('menuitem', { name: 'Clear screen' }).click()
  await expect.poll(() => screen(page)).not.toMatch(/second/)
  gateway.print('third\r\n')
  await seeOnScreen(page, /third/)
  await page.keyboard.press('Control+Shift+F')
  await field(page).fill('second')
  await expect(count(page)).toHaveText('1 of 1')
  await seeOnScreen(page, /<b>red<\/b>\nsecond/)
})
