import type { Page, Route } from '@playwright/test'
import { IssuedConsole, paths } from '../src/shared/api.ts'
import { expectAccessible } from './axe.ts'
import { test as openGatewayTest } from './open-gateway.ts'
import { consoleOf, expect, type Stack, screen, seeOnScreen, serverId, test } from './stack.ts'

const server = 'web-fra-01'
const alert = (page: Page) => page.getByRole('alert')

/** The server believes that the browser can open this link. */
const answerWith = (page: Page, url: string) =>
  page.route(`**${paths.issueConsole(serverId(server))}`, (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({
          json: IssuedConsole.parse({ transport: 'direct', url, expiresInMs: 600_000, sysrq: null }),
        })
      : route.continue(),
  )

test.describe('a gateway without TLS, from a page on https', () => {
  const page443 = 'https://console.test'
  test.use({
    env: { BMS_CONSOLE_PUBLIC_ORIGINS: page443 },
    sandboxOptions: { issueUrl: () => 'http://gateway.test:6083/?token=e2e' },
    gateways: 'gateway.test:6083',
    baseURL: page443,
  })

  /** What a proxy does that has the certificate: no name and no certificate is needed here. */
  async function serveOverTls(page: Page, { origin }: Stack) {
    await page.context().route(`${page443}/**`, async (route: Route) => {
      const { pathname, search } = new URL(route.request().url())
      const headers = { ...route.request().headers(), host: new URL(page443).host }
      // What a page warms for later may still be on its way when the server has gone.
      const response = await route.fetch({ url: origin + pathname + search, headers }).catch(() => null)
      await (response ? route.fulfill({ response }) : route.abort()).catch(() => {})
    })
  }

  test('is named by the server, which knows both addresses', async ({ page, stack }) => {
    await serveOverTls(page, stack)
    await page.goto(consoleOf(server))
    await expect(alert(page)).toContainText("The browser won't open an unencrypted gateway")
    await expect(alert(page)).toContainText('BMS_CONSOLE_TRANSPORT to relay')
    await page.getByText('Technical details').click()
    await expect(
      page.getByText('The page is at https://console.test, the gateway at ws://gateway.test:6083.'),
    ).toBeVisible()
    await expectAccessible(page)
    await expect(page).toHaveTitle(`${server} · Ended · BMS Console`)
  })

  test('is named by the page, too, at once: its worker says what the browser refused', async ({
    page,
    stack,
  }) => {
    await serveOverTls(page, stack)
    await answerWith(page, 'ws://gateway.test:6083/?token=e2e')
    await page.goto(consoleOf(server))
    await expect(alert(page)).toContainText("The browser won't open an unencrypted gateway")
    await expect(page).toHaveTitle(`${server} · Ended · BMS Console`)
  })
})

test.describe('a gateway that the page’s policy does not name', () => {
  test.use({
    sandboxOptions: { issueUrl: () => 'http://[::1]:6083/?token=e2e' },
    gateways: '[::1]:6083',
  })

  test('is named by the server: no policy can name an IPv6 address', async ({ page }) => {
    await page.goto(consoleOf(server))
    await expect(alert(page)).toContainText("This page isn't allowed to reach the gateway")
    await page.getByText('Technical details').click()
    await expect(page.getByText('The gateway is at [::1]:6083')).toBeVisible()
    await expectAccessible(page)
  })

  test('is named by the page, too, at once, though the browser never says that the socket is closed', async ({
    page,
  }) => {
    await answerWith(page, 'ws://[::1]:6083/?token=e2e')
    await page.goto(consoleOf(server))
    // Sooner than the page's own patience of 15 s.
    await expect(alert(page)).toContainText("This page isn't allowed to reach the gateway", {
      timeout: 10_000,
    })
    await expect(alert(page)).toContainText('IPv6')
    await expect(page).toHaveTitle(`${server} · Ended · BMS Console`)
  })
})

openGatewayTest.describe('a gateway that selects no subprotocol', () => {
  openGatewayTest(
    'opens, since it is asked again without the offer, and is typed into',
    async ({ page, gateway }) => {
      gateway.selectsNone()
      await page.goto(consoleOf(server))
      await seeOnScreen(page, /^ready$/m)
      await page.keyboard.type('date')
      await gateway.got(4)
      expect(gateway.typed).toBe('date')
      await expect(page).toHaveTitle(`${server} · Live · BMS Console`)
    },
  )
})

openGatewayTest.describe('a direct line, when its page is loaded anew', () => {
  const seam = /this page was away; what came meanwhile is missing/

  openGatewayTest(
    'shows again what this tab had seen, with a seam, and answers nothing of it',
    async ({ page, gateway }) => {
      await page.goto(consoleOf(server))
      await seeOnScreen(page, /^ready$/m)
      gateway.print('where is the cursor? \x1b[6n\r\nthe last words before\r\n')
      await gateway.got(6)
      const answer = gateway.typed
      await seeOnScreen(page, /^the last words before\s*$/m)
      await page.reload()
      await seeOnScreen(
        page,
        /^the last words before\s*\n── this page was away; what came meanwhile is missing ──\s*\nready\s*$/m,
      )
      await page.keyboard.type('x')
      await gateway.got(answer.length + 1)
      expect(gateway.typed).toBe(`${answer}x`)

      // Again: each reload has its place, and nothing comes twice.
      await page.reload()
      await expect.poll(async () => (await screen(page)).match(new RegExp(seam, 'g'))?.length).toBe(2)
      expect((await screen(page)).match(/the last words before/g)).toHaveLength(1)

      // The list and back is the same page.
      await page.getByRole('banner').getByRole('link', { name: 'All servers' }).click()
      await page.getByRole('link', { name: server, exact: true }).click()
      await seeOnScreen(page, /^the last words before\s*$/m)
    },
  )

  openGatewayTest(
    'is nothing that another tab shows, nor a copy of this one',
    async ({ page, gateway, context }) => {
      await page.goto(consoleOf(server))
      await seeOnScreen(page, /^ready$/m)
      gateway.print('for this tab alone\r\n')
      await seeOnScreen(page, /^for this tab alone$/m)
      expect(await page.evaluate(() => Object.values(sessionStorage).join())).not.toContain('leftAt')
      // As the tab is while its page loads anew, which is when a copy could have it.
      const copied = await page.evaluate(() => {
        dispatchEvent(new PageTransitionEvent('pagehide'))
        return JSON.stringify({ ...sessionStorage })
      })
      expect(copied).toContain('leftAt')
      const copy = await context.newPage()
      copy.on('dialog', (dialog) => void dialog.accept())
      await copy.addInitScript((stored: string) => {
        for (const [key, value] of Object.entries<string>(JSON.parse(stored)))
          sessionStorage.setItem(key, value)
      }, copied)
      await copy.goto(consoleOf(server))
      await seeOnScreen(copy, /^ready$/m)
      expect(await screen(copy)).not.toContain('for this tab alone')
    },
  )
})
