import type { Page } from '@playwright/test'
import { paths } from '../src/shared/api.ts'
import { startTestProvider, type TestProvider } from '../src/testing/sign-in/provider.ts'
import { expect, seeOnScreen, test as stackTest } from './stack.ts'

const test = stackTest.extend<{ provider: TestProvider; origins: string[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  origins: async ({}, use) => use([]),
  // For the browser it is another site than the product, as `localhost` is not `127.0.0.1`.
  provider: async ({ origins }, use) => {
    const provider = await startTestProvider({ origins: () => origins })
    await use(provider)
    await provider.close()
  },
  env: async ({ provider }, use) =>
    use({
      BMS_CONSOLE_SIGN_IN: 'oidc',
      BMS_CONSOLE_OIDC_ISSUER: provider.issuer,
      BMS_CONSOLE_OIDC_CLIENT_ID: provider.clientId,
      BMS_CONSOLE_OIDC_PROVIDER_NAME: 'Example ID',
      BMS_CONSOLE_ADMIN_GROUPS: 'admins',
      BMS_CONSOLE_OPERATOR_GROUPS: 'operators',
      BMS_CONSOLE_VIEWER_GROUPS: 'viewers',
    }),
  stack: async ({ stack, origins }, use) => {
    origins.push(stack.origin)
    await use(stack)
  },
})

const signInLink = (page: Page) => page.getByRole('link', { name: 'Sign in with Example ID' })
const userButton = (page: Page, name: string) => page.getByRole('button', { name })
const servers = (page: Page) => page.getByRole('link', { name: 'web-fra-01', exact: true })

/** At the provider's page. */
async function continueAs(page: Page, user: string): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Test provider' })).toBeVisible()
  await page.getByLabel('User').fill(user)
  await page.getByRole('button', { name: 'Continue' }).click()
}

async function signInAs(page: Page, user: string): Promise<void> {
  await page.goto('/')
  await signInLink(page).click()
  await continueAs(page, user)
}

test('an admin signs in at the provider, works, and signs out of both', async ({
  page,
  context,
  stack,
  provider,
}) => {
  await signInAs(page, 'alice')
  await expect(servers(page)).toBeVisible()
  await expect(page).toHaveURL(`${stack.origin}/`)

  const cookies = (await context.cookies(stack.origin)).filter(({ name }) => name.startsWith('bms-console'))
  expect(cookies.map(({ name }) => name).sort()).toEqual(['bms-console', 'bms-console-device'])
  for (const cookie of cookies) expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })

  await servers(page).click()
  await seeOnScreen(page, /login:/)
  await page.goto('/')

  await userButton(page, 'alice').click()
  await expect(page.getByRole('menu')).toContainText('Administrator')
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
  await expect(page.getByRole('heading', { name: `Sign out of ${provider.issuer}?` })).toBeVisible()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(signInLink(page)).toBeVisible()
  await expect(page).toHaveURL(/\/sign-in/)

  // The provider has forgotten, too: it asks anew.
  await signInLink(page).click()
  await expect(page.getByRole('heading', { name: 'Test provider' })).toBeVisible()

  expect(provider.secrets.length).toBeGreaterThan(1)
  for (const secret of provider.secrets) expect(stack.log.join('')).not.toContain(secret)
})

test('one who followed a link comes to where it leads, signed in', async ({ page }) => {
  await signInAs(page, 'bob')
  await servers(page).click()
  await seeOnScreen(page, /login:/)
  const console = page.url()

  await page.context().clearCookies()
  await page.goto(console)
  await signInLink(page).click()
  await continueAs(page, 'bob')
  await expect(page).toHaveURL(console)
  // The machine has printed all it had: a key makes it speak, once the line is open.
  await page.getByRole('button', { name: 'Press Enter' }).click()
  await seeOnScreen(page, /login:/)
})

test('two tabs sign in side by side', async ({ page, context }) => {
  const other = await context.newPage()
  for (const tab of [page, other]) {
    await tab.goto('/')
    await signInLink(tab).click()
    await expect(tab.getByRole('heading', { name: 'Test provider' })).toBeVisible()
  }
  await continueAs(page, 'bob')
  await expect(servers(page)).toBeVisible()
  await continueAs(other, 'bob')
  await expect(servers(other)).toBeVisible()
})

test('a viewer sees the servers, and is held to that', async ({ page, stack }) => {
  await signInAs(page, 'eve')
  await expect(servers(page)).toBeVisible()
  await userButton(page, 'eve').click()
  await expect(page.getByRole('menu')).toContainText('Viewer')
  // What the page does not offer the server refuses.
  const id = (await page.locator('a[href*="/console"]').first().getAttribute('href'))?.split('/')[2] ?? ''
  const refused = await page.request.post(paths.power(id), {
    headers: { origin: stack.origin },
    data: { action: 'reboot' },
  })
  expect(await refused.json()).toMatchObject({ error: { cause: 'role-forbids' } })
})

test('somebody without a group is told so, and may try as another', async ({ page, context, provider }) => {
  await signInAs(page, 'mallory')
  await expect(page.getByText("You don't have a role here")).toBeVisible()
  await expect(servers(page)).toHaveCount(0)

  await context.clearCookies({ domain: new URL(provider.issuer).hostname })
  await signInLink(page).click()
  await continueAs(page, 'eve')
  await expect(servers(page)).toBeVisible()
})

test('whoever turns back at the provider stays signed out', async ({ page }) => {
  await page.goto('/')
  await signInLink(page).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('Sign-in failed')).toBeVisible()
  await expect(signInLink(page)).toBeVisible()
})

test('a provider that is down is said, and signing in works once it is back', async ({ page, provider }) => {
  provider.down = true
  await page.goto('/')
  await signInLink(page).click()
  await expect(page.getByText('Sign-in failed')).toBeVisible()
  provider.down = false
  await signInLink(page).click()
  await continueAs(page, 'eve')
  await expect(servers(page)).toBeVisible()
})
