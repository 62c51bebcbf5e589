import AxeBuilder from '@axe-core/playwright'
import { expect, screen, seeOnScreen, test } from './stack.ts'

for (const transport of ['direct', 'relay'] as const) {
  test.describe(`over ${transport}`, () => {
    test.use({ transport })

    test('opens a server, sees it boot, logs in, runs a command, and no credential reaches the page or the log', async ({
      page,
      stack,
    }) => {
      const bodies: string[] = []
      page.on('response', async (response) => void bodies.push(await response.text().catch(() => '')))
      await page.goto('/')
      await page.getByRole('link', { name: 'web-fra-01' }).click()
      await seeOnScreen(page, /login:/)
      await page.keyboard.type('root\n')
      await seeOnScreen(page, /Password:/)
      await page.keyboard.type('sandbox\n')
      await seeOnScreen(page, /root@web-fra-01/)
      await page.keyboard.type('uname -a\n')
      await seeOnScreen(page, /x86_64 GNU\/Linux/)
      const seen = bodies.join('\n')
      expect(seen).not.toContain(stack.sandbox.credentials.password)
      for (const token of stack.sandbox.issuedTokens) {
        expect(stack.log.join('')).not.toContain(token)
        if (transport === 'relay') expect(seen).not.toContain(token)
      }
    })

    test('comes back by itself when the gateway does, with the scrollback and a seam', async ({
      page,
      stack,
    }) => {
      await page.goto('/')
      await page.getByRole('link', { name: 'web-fra-01' }).click()
      await seeOnScreen(page, /login:/)
      await stack.sandbox.killGateway()
      await expect(page.getByRole('alert')).toContainText('Next try')
      await stack.sandbox.restoreGateway()
      await expect(page.getByRole('button', { name: 'Press Enter' })).toBeVisible()
      await page.getByRole('button', { name: 'Press Enter' }).click()
      await seeOnScreen(page, /line lost, back after/)
      expect(await screen(page)).toContain('Started Serial Getty')
      expect(stack.sandbox.issuedTokens.length).toBeGreaterThan(1)
    })
  })
}

test.describe('each failure has its own words', () => {
  test.use({ sandboxOptions: { faultyServers: true }, cloudTimeoutMs: 500 })
  for (const [server, words] of [
    ['no-permission', 'You may not open this console'],
    ['not-found', 'This server does not exist'],
    ['not-ready', 'The server is not ready for a console'],
    ['throttled', 'Too many requests'],
    ['signed-out', 'does not accept the proxy'],
    ['hanging', 'The cloud does not answer'],
    ['foreign-gateway', 'an address that is not trusted'],
    ['expired-token', 'The gateway refused the link'],
  ] as const) {
    test(server, async ({ page, stack: _ }) => {
      await page.goto('/')
      await page.getByRole('link', { name: server, exact: true }).click()
      await expect(page.getByRole('alert')).toContainText(words)
    })
  }
})

test.describe('a gateway that does not know this page', () => {
  test.use({ originAllowed: false })
  test('is told apart from an expired link', async ({ page }) => {
    await page.goto('/')
    await page.getByRole('link', { name: 'web-fra-01' }).click()
    await expect(page.getByRole('alert')).toContainText('The gateway refuses this page', { timeout: 20_000 })
  })
})

test('Windows is listed with the reason why it has no console', async ({ page }) => {
  await page.goto('/')
  const row = page.getByRole('row', { name: /erp-win-01/ })
  await expect(row).toContainText('No serial console on Windows')
  await expect(row.getByRole('link')).toHaveCount(0)
})

test('Ctrl+F6 leaves the terminal', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'web-fra-01' }).click()
  await seeOnScreen(page, /login:/)
  await page.keyboard.press('Control+F6')
  await expect(page.getByRole('link', { name: 'All servers' })).toBeFocused()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await page.goto('/')
    await expect(page.getByRole('link', { name: 'web-fra-01' })).toBeVisible()
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    await page.getByRole('link', { name: 'web-fra-01' }).click()
    await seeOnScreen(page, /login:/)
    expect((await new AxeBuilder({ page }).exclude('.xterm').analyze()).violations).toEqual([])
  })
}
