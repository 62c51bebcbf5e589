import { expectAccessible } from './axe.ts'
import { test } from './open-gateway.ts'
import { consoleOf, expect, seeOnScreen } from './stack.ts'

const server = 'web-fra-01'

/** Only the browser knows this name. */
const NAME = 'gateway.test'
const named = (address: string) => address.replace('127.0.0.1', NAME)

test.use({
  transport: 'auto',
  launchOptions: async ({ launchOptions }, use) =>
    use({
      ...launchOptions,
      args: [...(launchOptions.args ?? []), `--host-resolver-rules=MAP ${NAME} 127.0.0.1`],
    }),
})

test.describe('a gateway that only the browser reaches', () => {
  test.use({
    sandboxOptions: async ({ gateway }, use) =>
      use({ issueUrl: () => `http://${named(gateway.address)}/?token=e2e` }),
    gateways: async ({ gateway }, use) => use(named(gateway.address)),
  })

  test('is opened by the browser, which says so, why, and what is not kept', async ({
    page,
    gateway,
    stack,
  }) => {
    await page.goto(consoleOf(server))
    await seeOnScreen(page, /^ready$/m)
    await expect(
      page.getByRole('heading', { name: 'Your browser connects to the gateway itself' }),
    ).toBeVisible()
    await page.getByText("Why BMS Console can't reach it").click()
    await expect(page.getByText("Its name doesn't resolve.")).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'OK' }).click()
    await page.keyboard.type('date')
    await gateway.got(4)
    expect(gateway.typed).toBe('date')
    expect(stack.audit.at(-1)?.detail).toBe('direct: this server cannot reach the gateway (name-unknown)')
  })
})

test.describe('a gateway that nobody reaches', () => {
  test.use({
    sandboxOptions: { issueUrl: () => 'http://nowhere.test:6083/?token=e2e' },
    gateways: 'nowhere.test:6083',
  })

  test('is on the relay, after the browser has tried', async ({ page }) => {
    await page.goto(consoleOf(server))
    await expect(page.getByRole('heading', { name: "Your browser can't get through either" })).toBeVisible()
    await expect(page.getByRole('alert')).toContainText("Its name doesn't resolve.")
    await expect(page.getByText('Via relay')).toBeVisible()
  })
})
