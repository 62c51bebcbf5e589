import { readFile } from 'node:fs/promises'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, screen, seeOnScreen, test } from './stack.ts'

/** From the list to a shell on web-fra-01. */
async function logIn(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByRole('link', { name: 'web-fra-01' }).click()
  await seeOnScreen(page, /login:/)
  await page.keyboard.type('root\n')
  await seeOnScreen(page, /Password:/)
  await page.keyboard.type('sandbox\n')
  await seeOnScreen(page, /root@web-fra-01/)
}

for (const transport of ['direct', 'relay'] as const) {
  test.describe(`over ${transport}`, () => {
    test.use({ transport })

    test('opens a server, sees it boot, logs in, runs a command, and no credential reaches the page or the log', async ({
      page,
      stack,
    }) => {
      const bodies: string[] = []
      page.on('response', async (response) => void bodies.push(await response.text().catch(() => '')))
      const said: string[] = []
      page.on('console', (message) => void said.push(message.text()))
      await logIn(page)
      await page.keyboard.type('uname -a\n')
      await seeOnScreen(page, /x86_64 GNU\/Linux/)
      const seen = [...bodies, ...said, page.url()].join('\n')
      expect(bodies.length).toBeGreaterThan(3)
      expect(seen).not.toContain(stack.sandbox.credentials.password)
      for (const token of stack.sandbox.issuedTokens) {
        expect(stack.log.join('')).not.toContain(token)
        expect(said.join('')).not.toContain(token)
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

for (const transport of ['direct', 'relay'] as const)
  test.describe(`each failure has its own words and next step, over ${transport}`, () => {
    test.use({ transport, sandboxOptions: { faultyServers: true }, cloudTimeoutMs: 500 })
    for (const [server, title, next] of [
      ['no-permission', 'You may not open this console', 'bms:servers:serialConsole'],
      ['not-found', 'This server does not exist', 'Go back to the list'],
      ['not-ready', 'The server is not ready for a console', 'We keep trying'],
      ['throttled', 'Too many requests', 'We try again when it allows'],
      ['signed-out', 'does not accept the proxy', 'check the credentials'],
      ['hanging', 'The cloud does not answer', 'We keep trying'],
      ['foreign-gateway', 'an address that is not trusted', 'BMS_CONSOLE_GATEWAYS'],
      ['expired-token', 'The gateway refused the link', 'ask for a fresh one'],
    ] as const) {
      test(server, async ({ page, stack: _ }) => {
        await page.goto('/')
        await page.getByRole('link', { name: server, exact: true }).click()
        await expect(page.getByRole('alert')).toContainText(title)
        await expect(page.getByRole('alert')).toContainText(next)
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

test('Ctrl+F6 leaves the terminal', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'web-fra-01' }).click()
  await seeOnScreen(page, /login:/)
  await page.keyboard.press('Control+F6')
  await expect(page.getByRole('link', { name: 'All servers' })).toBeFocused()
})

test('a deep link opens the console itself, and Back leads to the list', async ({ page }) => {
  await page.goto('/')
  const href = await page.getByRole('link', { name: 'web-fra-01' }).getAttribute('href')
  await page.goto(href ?? '')
  await expect(page.getByRole('heading', { name: 'web-fra-01' })).toBeVisible()
  await seeOnScreen(page, /login:/)
  await page.getByRole('link', { name: 'All servers' }).click()
  await expect(page.getByRole('heading', { name: 'Servers' })).toBeVisible()
})

test('a reboot typed in the shell boots before your eyes', async ({ page }) => {
  await logIn(page)
  await page.keyboard.type('clear\nwhoami\n')
  await seeOnScreen(page, /^root$/m)
  expect(await screen(page)).not.toContain('Linux version')
  await page.keyboard.type('reboot\n')
  await seeOnScreen(page, /Linux version 6/)
  await seeOnScreen(page, /web-fra-01 login:/)
})

test('Ctrl+C from the menu stops a flood', async ({ page }) => {
  await logIn(page)
  await page.keyboard.type('yes flooding\n')
  await seeOnScreen(page, /flooding\nflooding\nflooding/)
  await page.getByRole('button', { name: 'Send keys' }).click()
  await page.getByRole('menuitem', { name: 'Ctrl+C' }).click()
  await seeOnScreen(page, /\^C\n.*root@web-fra-01/)
  await page.keyboard.type('whoami\n')
  await seeOnScreen(page, /^root$/m)
})

test('SysRq reaches the kernel by its sequence', async ({ page }) => {
  await logIn(page)
  await page.getByRole('button', { name: 'Send keys' }).click()
  await page.getByRole('menuitem', { name: 'Magic SysRq' }).press('ArrowRight')
  await page.getByRole('menuitem', { name: 'Help' }).click()
  await seeOnScreen(page, /sysrq: HELP : reboot\(b\)/)
})

test('several lines are asked about before they are typed, and control characters taken out', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await logIn(page)
  await page.evaluate(() => navigator.clipboard.writeText('echo on\x1b[201~e\necho two\n'))
  await page.getByRole('button', { name: 'Paste' }).click()
  const dialog = page.getByRole('dialog', { name: 'Paste 2 lines?' })
  await expect(dialog).toContainText('1 control character was taken out')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  expect(await screen(page)).not.toContain('echo two')
  await page.getByRole('textbox', { name: 'Terminal input' }).press('Shift+Insert')
  await page.getByRole('dialog').getByRole('button', { name: 'Paste' }).click()
  await seeOnScreen(page, /^two$/m)
  expect(await screen(page)).toMatch(/^on\[201~e$/m)
})

test('a browser that keeps its clipboard to itself is told of, with the key that works', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator.clipboard, 'readText', {
      value: () => Promise.reject(new DOMException('denied', 'NotAllowedError')),
    })
  })
  await logIn(page)
  await page.getByRole('button', { name: 'Paste' }).click()
  await expect(page.getByText('use Ctrl+Shift+V', { exact: false })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('the scrollback downloads as text, from the first line on', async ({ page }) => {
  await logIn(page)
  await page.keyboard.type('seq 300\n')
  await seeOnScreen(page, /^300$/m)
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download scrollback' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('web-fra-01.txt')
  const text = await readFile(await download.path(), 'utf8')
  const numbers = text.split('\n').filter((line) => /^\d+$/.test(line))
  expect(numbers).toEqual(Array.from({ length: 300 }, (_, index) => String(index + 1)))
  expect(text).toContain('Started Serial Getty')
})

test('a line that says nothing gets words, and Enter by a button', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'backup-ams-01' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing received yet' })).toBeVisible()
  await page.getByRole('button', { name: 'Press Enter' }).click()
  await seeOnScreen(page, /login:/)
  await expect(page.getByRole('heading', { name: 'Nothing received yet' })).toBeHidden()
})

test('disconnect keeps what was shown, says so when keys are typed, and reconnects', async ({
  page,
  stack,
}) => {
  await logIn(page)
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await expect(page.getByRole('heading', { name: 'You disconnected' })).toBeVisible()
  await expect.poll(() => stack.sandbox.gatewayConnections()).toBe(0)
  await page.getByRole('textbox', { name: 'Terminal input' }).press('x')
  await expect(page.getByText('Not sent: the line is down.')).toBeVisible()
  expect(await screen(page)).toContain('root@web-fra-01')
  await page.getByRole('main').getByRole('button', { name: 'Reconnect' }).click()
  await page.getByRole('button', { name: 'Press Enter' }).click()
  await seeOnScreen(page, /line lost, back after/)
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`axe finds nothing on the console, ${colorScheme}, ${width} wide`, async ({ page }) => {
      await page.setViewportSize({ width, height: 844 })
      await page.emulateMedia({ colorScheme })
      await page.goto('/')
      await page.getByRole('link', { name: 'web-fra-01' }).click()
      await seeOnScreen(page, /login:/)
      // The terminal's own rows are xterm's.
      expect((await new AxeBuilder({ page }).exclude('.xterm').analyze()).violations).toEqual([])
    })
  }
}
