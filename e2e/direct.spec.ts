import type { Page, Route } from '@playwright/test'
import { IssuedConsole, paths } from '../src/shared/api.ts'
import { expectAccessible } from './axe.ts'
import { test as openGatewayTest } from './open-gateway.ts'
import { consoleOf, expect, type Stack, seeOnScreen, serverId, test } from './stack.ts'

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
      await route.fulfill({ response: await route.fetch({ url: origin + pathname + search, headers }) })
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
