import type { Page } from '@playwright/test'
import type { SandboxUser } from '../src/sandbox/directory.ts'
import { totpCode } from '../src/sandbox/totp.ts'
import { expectAccessible } from './axe.ts'
import { anotherPerson, expect, seeOnScreen, test } from './stack.ts'

/** What each cloud calls the projects of alice, and where they can be. */
const clouds = {
  huawei: {
    domainLabel: 'Account name',
    tokens: '/v3/auth/tokens',
    first: { region: 'eu-de', project: 'eu-de' },
    second: { region: 'eu-nl', project: 'eu-nl' },
    offered: 2,
    /** How many for somebody with one project, who is not asked where there is nothing to choose. */
    offeredOfOne: 1,
  },
  openstack: {
    tokens: '/identity/v3/auth/tokens',
    domainLabel: 'Domain',
    first: { region: 'eu-de', project: 'platform' },
    second: { region: 'eu-nl', project: 'research' },
    // Keystone's projects are in each region.
    offered: 4,
    offeredOfOne: 2,
  },
} as const

test.use({ transport: 'relay', signInMode: 'iam' })

async function fill(page: Page, { domain, name, password }: SandboxUser, typed = password): Promise<void> {
  await page.getByRole('textbox', { name: /^(Account name|Domain)$/ }).fill(domain)
  await page.getByRole('textbox', { name: 'User name' }).fill(name)
  await page.getByLabel('Password', { exact: true }).fill(typed)
}

const submit = (page: Page) => page.getByRole('button', { name: 'Sign in', exact: true }).click()

async function signIn(page: Page, user: SandboxUser): Promise<void> {
  await page.goto('/')
  await fill(page, user)
  await submit(page)
}

const project = (page: Page, { region, project: name }: { region: string; project: string }) =>
  page.getByRole('group', { name: region }).getByRole('checkbox', { name, exact: true })

async function choose(page: Page, place: { region: string; project: string }): Promise<void> {
  await project(page, place).check()
  await page.getByRole('button', { name: 'Show servers' }).click()
}

const userMenu = (page: Page, name: string) => page.getByRole('button', { name: `User menu for ${name}` })

const servers = (page: Page) => page.getByRole('rowheader')

for (const sandboxCloud of ['huawei', 'openstack'] as const) {
  const cloud = clouds[sandboxCloud]

  test.describe(`with the users of ${sandboxCloud}`, () => {
    test.use({ sandboxCloud })

    test('a wrong password is said so; with the right one come the servers of the chosen projects only', async ({
      page,
      stack,
    }) => {
      const { alice } = stack.sandbox.users
      await page.goto('/')
      await expect(page).toHaveURL(/\/sign-in/)
      await expect(page.getByRole('textbox', { name: cloud.domainLabel, exact: true })).toHaveValue('sandbox')
      await fill(page, alice, 'not the password')
      await submit(page)
      await expect(page.getByText('The cloud rejected these credentials')).toBeVisible()
      await expectAccessible(page)
      await fill(page, alice)
      await submit(page)

      await expect(page.getByRole('heading', { name: 'Choose projects' })).toBeVisible()
      await expect(page.getByRole('group').getByRole('checkbox')).toHaveCount(cloud.offered)
      await expect(page.getByRole('button', { name: 'Show servers' })).toBeDisabled()
      await expectAccessible(page)
      await choose(page, cloud.second)
      await expect(servers(page)).toContainText(['lab-ams-01', 'lab-ams-02', 'spare-ams-03'])

      await userMenu(page, 'alice').click()
      await page.getByRole('menuitem', { name: 'Projects' }).click()
      await expect(project(page, cloud.second)).toBeChecked()
      await choose(page, cloud.first)
      await expect(servers(page)).toHaveCount(12)

      await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
      await seeOnScreen(page, /login:/)
      // Nobody who reads the log or the page's requests learns what signs in.
      const { sandbox, log, audit } = stack
      for (const secret of [alice.password, ...sandbox.iamTokens])
        expect(JSON.stringify([log, audit])).not.toContain(secret)
    })

    test('where one wanted to go is where one comes after the sign-in', async ({ page, stack }) => {
      await page.goto('/?q=db-fra')
      await fill(page, stack.sandbox.users.reader)
      await submit(page)
      if (cloud.offeredOfOne > 1) await choose(page, cloud.first)
      await expect(page).toHaveURL(/\/\?q=db-fra$/)
      await expect(servers(page)).toContainText(['db-fra-01'])
    })

    test('the code of an authenticator app is asked for where the account has one', async ({
      page,
      stack,
    }) => {
      const { mfa } = stack.sandbox.users
      await signIn(page, mfa)
      const code = page.getByRole('textbox', { name: 'Code' })
      await expect(code).toBeFocused()
      await expect(code).toHaveAccessibleDescription('Enter the code from your authenticator app')
      const good = totpCode(mfa.totpSecret ?? '', Date.now())
      await code.fill(good === '000000' ? '000001' : '000000')
      await submit(page)
      await expect(page.getByText('The cloud rejected these credentials')).toBeVisible()
      await code.fill(totpCode(mfa.totpSecret ?? '', Date.now()))
      await submit(page)
      if (cloud.offeredOfOne > 1) await choose(page, cloud.first)
      await expect(servers(page)).toHaveCount(9)
      await expect(userMenu(page, 'mia')).toBeVisible()
    })

    test('a token can be pasted, also one that is no more', async ({ page, stack }) => {
      const { sandbox } = stack
      const { domain, name, password } = sandbox.users.alice
      const answer = await fetch(new URL(cloud.tokens, sandbox.apiEndpoint), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          auth: {
            identity: {
              methods: ['password'],
              password: { user: { name, password, domain: { name: domain } } },
            },
            scope: { project: { id: sandbox.projects.first.id } },
          },
        }),
      })
      const token = answer.headers.get('x-subject-token') ?? ''
      await page.goto('/')
      await page.getByRole('button', { name: 'Use a token instead' }).click()
      const field = page.getByLabel('Token', { exact: true })
      await field.fill(`${token.slice(0, -4)}AAAA`)
      await submit(page)
      await expect(page.getByText('The cloud rejected these credentials')).toBeVisible()
      // As it comes out of a terminal, in several lines.
      await field.fill(token.replace(/.{60}/g, '$&\n'))
      await submit(page)
      await choose(page, cloud.first)
      await expect(servers(page)).toHaveCount(9)
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
      expect(kept).not.toContain(token.slice(0, 40))
    })

    test('a console that the cloud does not allow this user is refused with words', async ({
      page,
      stack,
    }) => {
      await signIn(page, stack.sandbox.users.reader)
      if (cloud.offeredOfOne > 1) await choose(page, cloud.first)
      await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
      await expect(page.getByRole('heading', { name: "You don't have permission" })).toBeVisible()
      expect(stack.sandbox.issuedTokens).toEqual([])
    })

    test('signing out leads back to the sign-in, and everywhere ends the console at another browser', async ({
      page,
      browser,
      stack,
    }) => {
      const { alice } = stack.sandbox.users
      const otherBrowser = await anotherPerson(browser, stack)
      const other = await otherBrowser.newPage()
      other.on('dialog', (dialog) => void dialog.accept())
      for (const each of [page, other]) {
        await signIn(each, alice)
        await choose(each, cloud.first)
        await expect(servers(each)).toHaveCount(9)
      }
      await other.getByRole('link', { name: 'web-fra-01', exact: true }).click()
      await seeOnScreen(other, /login:/)
      expect(stack.sandbox.gatewayConnections()).toBe(1)

      await userMenu(page, 'alice').click()
      await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
      await expect(page).toHaveURL(/\/sign-in/)
      await page.goto('/')
      await expect(page).toHaveURL(/\/sign-in/)
      // That was this browser only.
      await other.keyboard.type('root\n')
      await seeOnScreen(other, /Password:/)

      await signIn(page, alice)
      await choose(page, cloud.first)
      await userMenu(page, 'alice').click()
      await page.getByRole('menuitem', { name: /^Sign out everywhere/ }).click()
      await page.getByRole('button', { name: 'Sign out everywhere' }).click()
      await expect(page).toHaveURL(/\/sign-in/)
      await expect(other.getByRole('heading', { name: "You're signed out" })).toBeVisible()
      await otherBrowser.close()
    })
  })
}

test('guesses are refused before the cloud is asked, and hold up nobody else', async ({ page, stack }) => {
  const { sandbox } = stack
  const { reader, mfa } = sandbox.users
  const asked = () => sandbox.requests.filter(({ path }) => path === '/v3/auth/tokens').length
  await page.goto('/')
  for (let guess = 1; guess <= 2; guess++) {
    await fill(page, reader, `guess ${guess}`)
    await submit(page)
    await expect.poll(asked).toBe(guess)
    await expect(page.getByText('The cloud rejected these credentials')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled()
  }
  await fill(page, reader, 'guess 3')
  await submit(page)
  await expect.poll(asked).toBe(3)
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled()
  await fill(page, reader)
  await submit(page)
  await expect(page.getByText('Too many failed sign-ins')).toBeVisible()
  await expect(page.getByText(/^Try again in [45]:\d\d$/)).toBeVisible()
  expect(asked()).toBe(3)
  // Another user is not held up.
  await fill(page, mfa)
  await submit(page)
  await expect(page.getByRole('textbox', { name: 'Code' })).toBeVisible()
})

test.describe('left alone', () => {
  test.use({ signInIdleMs: 40_000 })

  test('a sign-in ends, and its console with it', async ({ page, stack }) => {
    await signIn(page, stack.sandbox.users.operator)
    await choose(page, clouds.huawei.first)
    await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
    await seeOnScreen(page, /login:/)
    stack.clock.skip(40_000)
    await expect(page.getByRole('heading', { name: "You're signed out" })).toBeVisible()
    await expect.poll(() => stack.sandbox.gatewayConnections()).toBe(0)
  })
})
