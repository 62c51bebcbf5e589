import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from '@playwright/test'
import { chooseItem } from './bar.ts'
import { consoleFrame, logIn, test as portalTest, seeInTranscript, type } from './embed/portal.ts'
import {
  consoleOf,
  expect,
  type Stack,
  seeOnScreen,
  serverId,
  test as stackTest,
  typeLogin,
} from './stack.ts'

// The host has other things at its root. What is asked for there is another's, so nothing of ours may ask for it.

const BASE = '/console'
const ID = serverId('web-fra-01')

/** All that the browser asks this host for, WebSockets included. */
function watchRequests(context: BrowserContext, stack: Stack): () => string[] {
  const asked: string[] = []
  const keep = (address: string) => {
    const url = new URL(address)
    if (url.host === new URL(stack.origin).host) asked.push(url.pathname)
  }
  const watch = (page: Page) => {
    page.on('websocket', (socket) => keep(socket.url()))
    page.on('framenavigated', (frame) => keep(frame.url()))
  }
  context.on('request', (request) => keep(request.url()))
  context.on('page', watch)
  for (const page of context.pages()) watch(page)
  return () => asked
}

/** What the server refused as not there: a request that the browser does not tell of would be among it. */
const notThere = ({ log }: Stack) =>
  log.filter((line) => line.includes('"msg":"request"') && line.includes('"status":404'))

const test = stackTest.extend({
  transport: 'relay',
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from the pattern
  env: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'below-path-'))
    await use({
      BMS_CONSOLE_BASE_PATH: `${BASE}/`,
      BMS_CONSOLE_LINE_LOG_DIR: join(dir, 'lines'),
      BMS_CONSOLE_RECORDINGS: 'always',
      BMS_CONSOLE_RECORDINGS_DIR: join(dir, 'recordings'),
    })
    await rm(dir, { recursive: true })
  },
})

test.use({ contextOptions: { permissions: ['clipboard-read', 'clipboard-write'] } })

/** Nothing was asked for that is not below the path, and nothing that is not there. */
function expectWithin(asked: readonly string[], stack: Stack): void {
  expect(asked.filter((path) => path !== BASE && !path.startsWith(`${BASE}/`))).toEqual([])
  expect(notThere(stack)).toEqual([])
}

test('the list and a console are below the path, also after a reload', async ({ page, context, stack }) => {
  const asked = watchRequests(context, stack)
  await page.goto(BASE)
  await expect(page).toHaveURL(`${stack.address}/`)
  const icon = page.getByRole('banner').locator('img')
  await expect.poll(() => icon.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)

  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  await expect(page).toHaveURL(`${stack.address}/servers/${ID}/console`)
  await seeOnScreen(page, /login:/)
  await typeLogin(page)
  await page.keyboard.type('echo below   42\n')
  await seeOnScreen(page, /^below 42/m)

  await page.reload()
  await seeOnScreen(page, /^below 42/m)
  await page.keyboard.type('echo again   43\n')
  await seeOnScreen(page, /^again 43/m)
  expectWithin(asked(), stack)
  expect(asked()).toContainEqual(expect.stringMatching(/^\/console\/api\/consoles\/[^/]+\/relay$/))
})

test('a console leads to its history, whose download is below the path', async ({ page, context, stack }) => {
  const asked = watchRequests(context, stack)
  await page.goto(BASE + consoleOf('web-fra-01'))
  await seeOnScreen(page, /login:/)
  const opened = context.waitForEvent('page')
  await chooseItem(page, 'Session', 'History')
  const tab = await opened
  await expect(tab).toHaveURL(`${stack.address}/servers/${ID}/history`)
  await expect(tab.getByText(/login:/).first()).toBeVisible()
  const downloaded = tab.waitForEvent('download')
  await tab.getByRole('link', { name: /^Download/ }).click()
  expect(new URL((await downloaded).url()).pathname).toBe(`${BASE}/api/servers/${ID}/log/raw`)
  expectWithin(asked(), stack)
})

test('the palette leads to the other pages, and they are below the path', async ({
  page,
  context,
  stack,
}) => {
  const asked = watchRequests(context, stack)
  await page.goto(`${BASE}/servers/${ID}/`)
  await expect(page.getByRole('heading', { name: 'web-fra-01' })).toBeVisible()
  for (const [name, at] of [
    ['Recordings', '/recordings'],
    ['Consoles', '/consoles'],
    ['Audit log', '/audit'],
    ['Servers', '/'],
  ] as const) {
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Go to or do' })
    await palette.getByRole('option', { name, exact: true }).click()
    await expect(page).toHaveURL(stack.address + at)
  }
  await expect(page.getByRole('grid')).toBeVisible()
  expectWithin(asked(), stack)
})

test.describe('where one signs in', () => {
  test.use({ signInMode: 'iam' })

  test('a link leads to the sign-in and back, and the cookie stays below the path', async ({
    page,
    context,
    stack,
  }) => {
    const asked = watchRequests(context, stack)
    await page.goto(`${BASE}/?q=db-fra`)
    await expect(page).toHaveURL(`${stack.address}/sign-in?to=${encodeURIComponent('/?q=db-fra')}`)
    const { reader } = stack.sandbox.users
    await page.getByRole('textbox', { name: 'Account name' }).fill(reader.domain)
    await page.getByRole('textbox', { name: 'User name' }).fill(reader.name)
    await page.getByLabel('Password', { exact: true }).fill(reader.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(page).toHaveURL(`${stack.address}/?q=db-fra`)
    await expect(page.getByRole('rowheader')).toContainText(['db-fra-01'])
    for (const cookie of await context.cookies())
      expect([cookie.name, cookie.path]).toEqual([cookie.name, BASE])

    await page.getByRole('button', { name: `User menu for ${reader.name}` }).click()
    await page.getByRole('menuitem', { name: 'Projects' }).click()
    await expect(page).toHaveURL(new RegExp(`^${stack.address}/projects\\?to=`))
    expectWithin(asked(), stack)
  })
})

portalTest.describe('embedded', () => {
  portalTest.use({
    env: async ({ standing }, use) =>
      use({
        BMS_CONSOLE_BASE_PATH: BASE,
        BMS_CONSOLE_EMBED_ORIGINS: standing.origin,
        BMS_CONSOLE_LAUNCH_KEY: standing.publicKey,
      }),
  })

  portalTest(
    'the SDK, its frame and the console are below the path',
    async ({ page, context, portal, stack }) => {
      const asked = watchRequests(context, stack)
      await logIn(page, portal)
      await type(page, 'echo below   42\r')
      await seeInTranscript(page, /^below 42/m)
      const frame = await consoleFrame(page, stack)
      expect(new URL(frame.url()).pathname).toBe(`${BASE}/embed/${ID}`)
      await page.evaluate(() => document.querySelector('bms-console')?.renewTicket())
      expectWithin(asked(), stack)
    },
  )
})
