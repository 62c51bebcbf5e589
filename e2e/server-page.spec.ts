import type { Page } from '@playwright/test'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { anotherPerson, expect, type Stack, serverId, test as stackTest } from './stack.ts'

/** Behind a proxy that says who comes. */
const test = stackTest.extend<{ open: (name: string, group: 'watchers' | 'crew') => Promise<Page> }>({
  transport: 'relay',
  env: {
    BMS_CONSOLE_TRUSTED_PROXIES: '127.0.0.1',
    BMS_CONSOLE_GROUPS_HEADER: 'x-forwarded-groups',
    BMS_CONSOLE_VIEWER_GROUPS: 'watchers',
    BMS_CONSOLE_OPERATOR_GROUPS: 'crew',
    BMS_CONSOLE_ADMIN_GROUPS: 'chiefs',
  },
  open: async ({ browser, stack }, use) => {
    const people = await Promise.all([0, 1].map(() => anotherPerson(browser, stack)))
    let next = 0
    await use(async (name, group) => {
      const context = people[next++]
      if (!context) throw new Error('two people are enough')
      await context.setExtraHTTPHeaders({ 'x-forwarded-user': name, 'x-forwarded-groups': group })
      const page = await context.newPage()
      page.on('dialog', (dialog) => void dialog.accept())
      return page
    })
    for (const context of people) await context.close()
  },
})

const address = ({ origin }: Stack, rest = '') => `${origin}/servers/${serverId('db-fra-01')}${rest}`
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

test('a server’s page has its facts, who is and was at its console, and the way to both', async ({
  open,
  stack,
}) => {
  const ada = await open('Ada', 'crew')
  await ada.goto(address(stack, '/console'))
  await expect(ada.getByRole('banner').getByText('Live')).toBeVisible()
  const bob = await open('Bob', 'crew')
  await bob.goto(address(stack))
  await expect(section(bob, 'Overview')).toContainText('Primary of the order database')
  await expect(section(bob, 'Disks').getByRole('row')).toHaveCount(4)
  const console = section(bob, 'Console')
  await expect(bob.getByText(/In use by Ada since .*No one else is on this console\./)).toBeVisible()
  await expect(console.getByRole('listitem')).toHaveText(/Ada.*has the keyboard/)
  await expect(console.getByRole('row', { name: /Ada/ })).toContainText('Open now')
  // From the console its name leads here, and Ada's visit is over then.
  await ada.getByRole('link', { name: 'db-fra-01', exact: true }).click()
  await expect(ada.getByRole('heading', { level: 1 })).toHaveText('db-fra-01')
  await expect(bob.getByRole('button', { name: 'Power on…' })).toBeDisabled()
  await expect(bob.getByText('Power on: Already on')).toBeVisible()
  await bob.getByRole('button', { name: 'Reboot…', exact: true }).click()
  await bob.getByRole('dialog').getByRole('button', { name: 'Reboot' }).click()
  await bob.getByRole('dialog').getByRole('button', { name: 'Leave it running' }).click()
  // Nobody reloads the page: it asks anew once the cloud has accepted.
  await expect(section(bob, 'Power history').getByRole('row', { name: /Bob/ })).toContainText(
    'Accepted by the cloud',
  )
  await expect(console.getByRole('row', { name: /Ada/ })).toContainText(/Writer\s*Left/, { timeout: 30_000 })
})

test.describe('while a machine takes its time', () => {
  // Longer than any look at the server is apart, so that the state is seen, and for a while.
  test.use({ sandboxOptions: { powerMs: 8_000 } })

  test('the page says that the server reboots, until it has', async ({ open, stack }) => {
    const page = await open('Ada', 'crew')
    await page.goto(address(stack))
    const state = (name: string) => page.getByRole('main').getByText(name, { exact: true })
    await expect(state('Active')).toBeVisible()
    await page.getByRole('button', { name: 'Reboot…', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Reboot' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave it running' }).click()
    await expect(state('Rebooting')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Reboot…', exact: true })).toBeDisabled()
    await expect(state('Active')).toBeVisible({ timeout: 30_000 })
    await expect(state('Rebooting')).toHaveCount(0)
  })
})

test('an address may name a section, and a copied command has no secret', async ({ open, stack }) => {
  const page = await open('Ada', 'crew')
  await page.goto(address(stack, '#api'))
  const calls = section(page, 'CLI and API')
  await expect(calls).toBeInViewport()
  await expect(calls).toBeFocused()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stack.origin })
  await calls.getByRole('button', { name: 'Copy Get a token' }).click()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain('"password":"<password>"')
  expect(copied).not.toContain(stack.sandbox.credentials.password)
})

test('a viewer sees the server, and not who was at its console', async ({ open, stack }) => {
  const page = await open('Vic', 'watchers')
  await page.goto(address(stack))
  await expect(section(page, 'Console')).toContainText("Your role doesn't show who was at this console.")
  await expect(section(page, 'Power history')).toHaveCount(0)
  await page.goto(`${stack.origin}/servers/none`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Server not found')
  await inBothThemes(page, () => expectAccessible(page))
})

test('axe finds nothing, and nothing sticks out', async ({ open, stack }) => {
  const page = await open('Ada', 'crew')
  await page.goto(address(stack))
  await expect(section(page, 'CLI and API')).toBeVisible()
  await expect(section(page, 'Power history')).toContainText('Nobody switched the power')
  await inBothThemes(page, () =>
    atEachWidth(page, [390, 1024, 1440], async () => {
      await expect
        .poll(() =>
          page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        )
        .toBe(0)
      await expectAccessible(page)
    }),
  )
})
