import { expectAccessible, inBothThemes } from './axe.ts'
import { test as gatewayTest } from './open-gateway.ts'
import { consoleOf, expect, seeOnScreen, test } from './stack.ts'

test('a few letters lead from any page to a server’s console, and to its actions', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/audit')
  await expect(
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit log' }),
  ).toHaveAttribute('aria-current', 'page')
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Go to or do' })
  await expect(palette.getByRole('option', { name: 'Audit log' })).toBeVisible()
  await inBothThemes(page, () => expectAccessible(page))
  await page.keyboard.type('192.168.10.11')
  await expect(palette.getByRole('option', { name: /web-fra-01/ })).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type('copy id')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^Copied /)).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('web-fra-01')
  await expect(palette.getByRole('option', { name: /web-fra-01/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(consoleOf('web-fra-01'))
  await expect(page.getByRole('heading', { level: 1, name: 'web-fra-01' })).toBeVisible()
})

gatewayTest('in a terminal Ctrl+K is the line’s', async ({ page, gateway }) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  await page.keyboard.press('Control+k')
  await gateway.got(1)
  expect(gateway.typed).toBe('\x0b')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})
