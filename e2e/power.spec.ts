import type { Page } from '@playwright/test'
import { expect, logIn, screen, seeOnScreen, test } from './stack.ts'

const power = (page: Page, name: string) => page.getByRole('button', { name: `Power for ${name}` })

for (const transport of ['direct', 'relay'] as const) {
  test.describe(`over ${transport}`, () => {
    test.use({ transport })

    test('a server is powered off and on from its console, and boots before your eyes', async ({ page }) => {
      await logIn(page)
      await page.keyboard.type('clear\n')
      await power(page, 'web-fra-01').click()
      await expect(page.getByRole('menuitem', { name: /Power on/ })).toContainText('Already on')
      await page.getByRole('menuitem', { name: 'Power off' }).click()
      const dialog = page.getByRole('dialog', { name: 'Power off web-fra-01?' })
      await expect(dialog).toContainText('data not written to disk is lost')
      await dialog.getByRole('button', { name: 'Power off' }).click()
      await expect(page.getByText('Power off requested')).toBeVisible()
      await expect(page.getByRole('banner').getByText('Powered off')).toBeVisible()

      // Badge, bar and notice say the same.
      await expect(page.getByRole('banner').getByText('Connected')).toBeVisible()
      await expect(page.getByRole('heading', { name: 'The server is powered off' })).toBeVisible()
      await power(page, 'web-fra-01').click()
      await expect(page.getByRole('menuitem', { name: 'Power off' })).toContainText('Already off')
      await page.keyboard.press('Escape')
      await page.getByRole('main').getByRole('button', { name: 'Power on' }).click()
      await expect(page.getByRole('banner').getByText('Powered off')).toBeHidden()
      await seeOnScreen(page, /web-fra-01 login:/)
      expect(await screen(page)).not.toContain('root@web-fra-01')
    })
  })
}

test('a question that is not confirmed changes nothing, and the terminal has the keys again', async ({
  page,
  stack,
}) => {
  await logIn(page)
  await power(page, 'web-fra-01').click()
  await page.getByRole('menuitem', { name: 'Force reboot' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('textbox', { name: 'Terminal input' })).toBeFocused()
  await page.keyboard.type('echo still here\n')
  await seeOnScreen(page, /^still here$/m)
  expect(stack.log.join('')).not.toContain('/api/servers/:id/power')
})

test('a server is powered on from the list, by keyboard, and the list shows it', async ({ page }) => {
  await page.goto('/')
  const row = page.getByRole('row', { name: /build-fra-02/ })
  await expect(row).toContainText('Stopped')
  await power(page, 'build-fra-02').focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('menuitem', { name: 'Power on' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Power on requested')).toBeVisible()
  await expect(row).toContainText('Active')
  await expect(page).toHaveURL(/\/$/)
})

test('Windows is powered as well, and a server that is being built is not', async ({ page }) => {
  await page.goto('/')
  await power(page, 'erp-win-01').click()
  await expect(page.getByRole('menuitem', { name: 'Reboot', exact: false }).first()).toBeEnabled()
  await page.keyboard.press('Escape')
  await expect(power(page, 'erp-win-01')).toBeFocused()
  await power(page, 'gpu-fra-01').click()
  for (const item of await page.getByRole('menuitem').all()) {
    await expect(item).toBeDisabled()
    await expect(item).toContainText('Server is still being created')
  }
})

test('what the cloud did not confirm is said, with what to do', async ({ page, stack }) => {
  await page.goto('/')
  await expect(power(page, 'build-fra-02')).toBeVisible()
  await power(page, 'build-fra-02').focus()
  await stack.sandbox.close()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Power on' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('alert')).toContainText('Power on was not confirmed')
  await expect(dialog.getByRole('alert')).toContainText("Can't reach the cloud")
  await expect(dialog.getByRole('alert')).toContainText("Check the server's state")
})

test('who is signed in is in every header; where nobody signed in, nobody signs out', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'User menu for Local user' }).click()
  await expect(page.getByText('Administrator')).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Audit log' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: /Sign out/ })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'web-fra-01' }).click()
  await expect(page.getByRole('button', { name: 'User menu for Local user' })).toBeVisible()
})
