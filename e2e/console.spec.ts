import { z } from 'zod'
import { scrollback } from './scrollback.ts'
import { consoleOf, expect, logIn, screen, seeOnScreen, test, typeLogin } from './stack.ts'
import { watchTraffic } from './traffic.ts'

for (const transport of ['direct', 'relay'] as const) {
  test.describe(`over ${transport}`, () => {
    test.use({ transport })

    test('opens a server, sees it boot, logs in, runs a command, and no credential reaches the page or the log', async ({
      page,
      stack,
    }) => {
      const seen = watchTraffic(page)
      await page.goto('/')
      await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
      await seeOnScreen(page, /login:/)
      await typeLogin(page)
      await page.keyboard.type('uname -a\n')
      await seeOnScreen(page, /x86_64 GNU\/Linux/)
      const traffic = await seen()
      const { sandbox } = stack
      // The watch sees what there is to see: the line's frames, the list's body, headers, the page.
      expect(traffic.frames.join('')).toContain('x86_64 GNU/Linux')
      expect(traffic.responseBodies.map(({ text }) => text).join('')).toContain('web-fra-01')
      expect(traffic.headers.join('')).toContain('content-security-policy')
      expect(traffic.kept).toContain('web-fra-01')

      expect(sandbox.iamTokens.length).toBeGreaterThan(0)
      expect(sandbox.issuedTokens.length).toBeGreaterThan(0)
      const log = stack.log.join('')
      const all = JSON.stringify(traffic)
      for (const secret of [sandbox.credentials.password, ...sandbox.iamTokens]) {
        expect(log).not.toContain(secret)
        expect(all).not.toContain(secret)
      }
      for (const token of sandbox.issuedTokens) {
        expect(log).not.toContain(token)
        if (transport === 'relay') expect(all).not.toContain(token)
        else {
          // Direct, the browser itself connects: the token is in the proxy's answer and in the gateway's address.
          const { sockets, urls, responseBodies, ...rest } = traffic
          expect(sockets.join()).toContain(token)
          expect(urls.filter((url) => url.includes(token) && !sockets.includes(url))).toEqual([])
          const answers = responseBodies.filter(({ text }) => text.includes(token))
          expect(answers.map(({ url }) => new URL(url).pathname)).toEqual([
            expect.stringMatching(/^\/api\/servers\/[^/]+\/console$/),
          ])
          expect(JSON.stringify(rest)).not.toContain(token)
        }
      }
      if (transport === 'relay') {
        const issued = traffic.responseBodies.find(
          ({ url }) => url.endsWith('/console') && url.includes('/api/'),
        )
        const { ticket } = z.object({ ticket: z.string() }).parse(JSON.parse(issued?.text ?? ''))
        for (const place of [log, traffic.kept, ...traffic.urls, ...traffic.headers, ...traffic.said]) {
          expect(place).not.toContain(ticket)
        }
      }
    })

    test('opens with one question in a browser whose clock is a day ahead', async ({ page, stack }) => {
      let asks = 0
      page.on('request', (request) => {
        if (request.method() === 'POST' && request.url().endsWith('/console')) asks += 1
      })
      await page.clock.setSystemTime(Date.now() + 86_400_000)
      await page.goto(consoleOf('web-fra-01'))
      await seeOnScreen(page, /login:/)
      expect(asks).toBe(1)
      expect(stack.sandbox.issuedTokens).toHaveLength(1)
    })

    test('comes back by itself when the gateway does, with the scrollback and a seam', async ({
      page,
      stack,
    }) => {
      await page.goto('/')
      await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
      await seeOnScreen(page, /login:/)
      await stack.sandbox.killGateway()
      await expect(page.getByText('Retrying in')).toBeVisible()
      await stack.sandbox.restoreGateway()
      await expect(page.getByRole('button', { name: 'Press Enter' })).toBeVisible()
      await page.getByRole('button', { name: 'Press Enter' }).click()
      await seeOnScreen(page, /connection lost, back after/)
      expect(await screen(page)).toContain('Started Serial Getty')
      expect(stack.sandbox.issuedTokens.length).toBeGreaterThan(1)
    })
  })
}

for (const transport of ['direct', 'relay'] as const)
  test.describe(`what goes wrong, over ${transport}`, () => {
    test.use({ transport, sandboxOptions: { faultyServers: true }, cloudTimeoutMs: 1_000 })

    test('each failure has its own words and next step', async ({ page }) => {
      await page.goto('/')
      for (const [server, title, next] of [
        ['no-permission', "You don't have permission", 'bms:servers:serialConsole'],
        ['not-found', 'Server not found', 'Go back to the list'],
        ['not-ready', 'The server is not ready for a console', "We'll keep trying"],
        ['throttled', 'Too many requests', "We'll try again as soon as it's allowed"],
        ['signed-out', "rejected BMS Console's credentials", 'Ask your administrator to check them'],
        ['hanging', 'The cloud is not responding', "We'll keep trying"],
        ['foreign-gateway', 'The gateway is not trusted', 'BMS_CONSOLE_GATEWAYS'],
        [
          'expired-token',
          transport === 'direct'
            ? 'The gateway hung up at once'
            : 'The gateway hung up before sending any data',
          "or the server's host is down",
        ],
      ] as const) {
        await test.step(server, async () => {
          await page.getByRole('link', { name: server, exact: true }).click()
          await expect(page.getByRole('alert')).toContainText(title)
          await expect(page.getByRole('alert')).toContainText(next)
          await page.goBack()
        })
      }
    })

    test('a link to a Windows server says why there is no console, and where to go', async ({ page }) => {
      await page.goto(consoleOf('erp-win-01'))
      await expect(page.getByRole('heading', { name: 'erp-win-01' })).toBeVisible()
      const alert = page.getByRole('alert')
      await expect(alert).toContainText('No serial console on Windows')
      await expect(alert).toContainText('Use remote desktop instead')
      await page.getByRole('main').getByRole('link', { name: 'All servers' }).click()
      await expect(page.getByRole('heading', { name: 'Servers' })).toBeVisible()
    })
  })

test.describe('a gateway that does not know this page', () => {
  test.use({ originAllowed: false })
  test('is told apart from an expired link', async ({ page, stack }) => {
    await page.goto(consoleOf('web-fra-01'))
    await expect(page.getByRole('alert')).toContainText('Either it rejects this page or the link')
    await expect(page.getByRole('alert')).toContainText('The gateway hangs up on every try', {
      timeout: 20_000,
    })
    await page.getByText('Technical details').click()
    await expect(page.getByText(`to a page from ${stack.origin}`)).toBeVisible()
  })
})

test.describe('a gateway that does not know this page, over relay', () => {
  test.use({ originAllowed: false, transport: 'relay' })
  test('is none of its business: the relay sends no Origin', async ({ page }) => {
    await logIn(page)
    await page.keyboard.type('whoami\n')
    await seeOnScreen(page, /^root$/m)
  })
})

test('a browser that blocks the worker reads the line in the page', async ({ page }) => {
  await page.route('**/socket-worker-*', (route) => route.abort())
  await logIn(page)
  await page.keyboard.type('uname -a\n')
  await seeOnScreen(page, /x86_64 GNU\/Linux/)
})

test('a deep link opens the console itself; Ctrl+F6 leaves the terminal, and who is not logged in leaves without a word', async ({
  page,
}) => {
  await page.goto('/')
  const href = await page.getByRole('link', { name: 'web-fra-01', exact: true }).getAttribute('href')
  await page.goto(href ?? '')
  await expect(page.getByRole('heading', { name: 'web-fra-01' })).toBeVisible()
  await seeOnScreen(page, /login:/)
  await expect(page.getByRole('textbox', { name: 'Terminal input' })).toHaveAccessibleDescription(
    'Ctrl+F6 leaves the terminal',
  )
  await page.keyboard.press('Control+F6')
  const back = page.getByRole('link', { name: 'All servers' })
  await expect(back).toBeFocused()
  await back.click()
  await expect(page.getByRole('heading', { name: 'Servers' })).toBeVisible()
})

test('a reboot typed in the shell boots before your eyes', async ({ page }) => {
  await logIn(page)
  await page.keyboard.type('clear\nwhoami\n')
  await seeOnScreen(page, /^root$/m)
  expect(await screen(page)).not.toContain('Linux version')
  await page.keyboard.type('reboot\n')
  await seeOnScreen(page, /web-fra-01 login:/)
  // The first boot is that of the console's opening. What has left the screen by now is in the scrollback.
  expect((await scrollback(page)).match(/Linux version 6/g)).toHaveLength(2)
})

test('from the menu, Ctrl+C stops a flood and SysRq reaches the kernel by its sequence', async ({ page }) => {
  await logIn(page)
  await page.keyboard.type('yes flooding\n')
  await seeOnScreen(page, /flooding\nflooding\nflooding/)
  await page.getByRole('button', { name: 'Keys', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Ctrl+C' }).click()
  await seeOnScreen(page, /\^C\n.*root@web-fra-01/)
  await page.keyboard.type('whoami\n')
  await seeOnScreen(page, /^root$/m)
  await page.getByRole('button', { name: 'Keys', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Magic SysRq' }).press('ArrowRight')
  await page.getByRole('menuitem', { name: 'Help' }).click()
  await seeOnScreen(page, /sysrq: HELP : reboot\(b\)/)
  await page.getByRole('button', { name: 'Keys', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Magic SysRq' }).press('ArrowRight')
  await page.getByRole('menuitem', { name: 'Reboot immediately…' }).click()
  const question = page.getByRole('dialog', { name: 'Reboot immediately with SysRq b?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toBeHidden()
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
  await expect(dialog).toContainText('1 control character was removed')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('textbox', { name: 'Terminal input' })).toBeFocused()
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
  await expect(page.getByText('Press Ctrl+Shift+V', { exact: false })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('the scrollback downloads as text, from the first line on', async ({ page }) => {
  await logIn(page)
  await page.keyboard.type('seq 300\n')
  await seeOnScreen(page, /^300$/m)
  const text = await scrollback(page, 'web-fra-01.txt')
  const numbers = text.split('\n').filter((line) => /^\d+$/.test(line))
  expect(numbers).toEqual(Array.from({ length: 300 }, (_, index) => String(index + 1)))
  expect(text).toContain('Started Serial Getty')
})

test('a silent line says why: idle, with Enter by a button, powered off, or not ready yet', async ({
  page,
}) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'build-fra-02', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'The server is powered off' })).toBeVisible()
  await page.getByRole('link', { name: 'All servers' }).click()
  await page.getByRole('link', { name: 'gpu-fra-01', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'The server is not ready for a console' })).toBeVisible()
  await page.getByRole('link', { name: 'All servers' }).click()
  await page.getByRole('link', { name: 'backup-ams-01', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'No output yet' })).toBeVisible()
  await page.getByRole('button', { name: 'Press Enter' }).click()
  await seeOnScreen(page, /login:/)
  await expect(page.getByRole('heading', { name: 'No output yet' })).toBeHidden()
})

test('disconnect keeps what was shown, says so when keys are typed, and reconnects', async ({
  page,
  stack,
}) => {
  await logIn(page)
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('button', { name: 'Leave anyway' }).click()
  await expect(page.getByRole('heading', { name: 'You disconnected' })).toBeVisible()
  await expect.poll(() => stack.sandbox.gatewayConnections()).toBe(0)
  await page.getByRole('textbox', { name: 'Terminal input' }).press('x')
  await expect(page.locator('strong', { hasText: "Not sent: you're not connected." })).toBeVisible()
  await seeOnScreen(page, /root@web-fra-01/)
  await page.getByRole('main').getByRole('button', { name: 'Reconnect' }).click()
  await page.getByRole('button', { name: 'Press Enter' }).click()
  await seeOnScreen(page, /connection lost, back after/)
})
