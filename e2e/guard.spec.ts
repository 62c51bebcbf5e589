import { expectAccessible, inBothThemes } from './axe.ts'
import { expect, logIn, seeOnScreen, test } from './stack.ts'

for (const transport of ['direct', 'relay'] as const) {
  test.describe(`over ${transport}`, () => {
    test.use({ transport })

    test('who leaves a shell open is asked, and logged out by one click', async ({ page }) => {
      await logIn(page)
      await page.keyboard.type('echo half a line')
      await page.getByRole('link', { name: 'All servers' }).click()
      const dialog = page.getByRole('dialog', { name: "You're still logged in" })
      await expect(dialog).toContainText('The next person to open this console gets')
      await dialog.getByRole('button', { name: 'Log out and leave' }).click()
      await expect(page.getByRole('heading', { name: 'Servers' })).toBeVisible()
      await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
      if (transport === 'direct') await page.getByRole('button', { name: 'Press Enter' }).click()
      await seeOnScreen(page, /login:\s*$/)
    })
  })
}

test('who stays is back in the terminal, where they were; axe finds nothing in the question', async ({
  page,
}) => {
  await logIn(page)
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await inBothThemes(page, () => expectAccessible(page))
  await page.getByRole('button', { name: 'Stay' }).click()
  await page.keyboard.type('whoami\n')
  await seeOnScreen(page, /^root$/m)
  await page.getByRole('link', { name: 'All servers' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.keyboard.type('hostname\n')
  await seeOnScreen(page, /^web-fra-01$/m)
})
