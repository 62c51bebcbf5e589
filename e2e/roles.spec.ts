import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { chooseItem, openMenu } from './bar.ts'
import {
  anotherPerson,
  expect,
  logIn,
  prompt,
  type Stack,
  screen,
  seeOnScreen,
  test as stackTest,
  terminalInput,
  watch,
} from './stack.ts'
import { tells } from './told.ts'

/** Behind a proxy that says who comes: each browser sends what the proxy would. */
interface People {
  open: (name: string, group: 'watchers' | 'crew' | 'chiefs') => Promise<Page>
}

const behindProxy = {
  BMS_CONSOLE_TRUSTED_PROXIES: '127.0.0.1',
  BMS_CONSOLE_GROUPS_HEADER: 'x-forwarded-groups',
  BMS_CONSOLE_VIEWER_GROUPS: 'watchers',
  BMS_CONSOLE_OPERATOR_GROUPS: 'crew',
  BMS_CONSOLE_ADMIN_GROUPS: 'chiefs',
}

const test = stackTest.extend<People>({
  transport: 'relay',
  env: behindProxy,
  open: async ({ browser, stack }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (name, group) => {
      const context = await person(browser, stack, name, group)
      contexts.push(context)
      const page = await context.newPage()
      page.on('dialog', (dialog) => void dialog.accept())
      return page
    })
    for (const context of contexts) await context.close()
  },
})

async function person(browser: Browser, stack: Stack, name: string, group: string): Promise<BrowserContext> {
  const context = await anotherPerson(browser, stack)
  await context.setExtraHTTPHeaders({ 'x-forwarded-user': name, 'x-forwarded-groups': group })
  return context
}

async function viewersMenu(page: Page, count: number) {
  await page.getByRole('button', { name: count === 1 ? '1 viewer' : `${count} viewers` }).click()
  return page.getByRole('menu')
}

test('a viewer sees what the operator types, and cannot type; both read each other’s names', async ({
  open,
  stack,
}) => {
  const [ada, vic] = [await open('Ada', 'crew'), await open('Vic', 'watchers')]
  await logIn(ada)
  const joined = tells(ada, 'Vic joined')
  await watch(vic, prompt)
  await joined
  await expect(vic).toHaveTitle('web-fra-01 · Watching · BMS Console')
  await ada.keyboard.type('echo by the operator\n')
  await seeOnScreen(vic, /^by the operator$/m)

  for (const name of ['Keys', 'Paste']) {
    await expect(vic.getByRole('button', { name, exact: true })).toBeDisabled()
    await expect(vic.getByRole('button', { name, exact: true })).toHaveAccessibleDescription(
      'Your role can only watch',
    )
  }
  await terminalInput(vic).pressSequentially('echo by the viewer\n')
  await expect(vic.getByRole('heading', { name: 'Not sent: your role can only watch' })).toBeVisible()
  await expect(vic.getByRole('main').getByRole('button', { name: 'Take keyboard' })).toHaveCount(0)
  await ada.keyboard.type('echo by the operator again\n')
  await seeOnScreen(vic, /^by the operator again$/m)
  expect(await screen(vic)).not.toContain('by the viewer')

  const menu = await viewersMenu(vic, 2)
  await expect(menu).toContainText(/Ada\s*owner\s*has the keyboard/)
  await expect(menu).toContainText(/Vic \(you\)\s*can only watch/)
  const take = menu.getByRole('menuitem', { name: 'Take keyboard' })
  await expect(take).toBeDisabled()
  await expect(take).toContainText('Your role can only watch')
  await expect(menu.getByRole('menuitem', { name: 'End for everyone' })).toHaveCount(0)
  await vic.keyboard.press('Escape')

  const adasMenu = await viewersMenu(ada, 2)
  await expect(adasMenu.getByRole('menuitem')).toHaveText(['Release keyboard', 'End for everyone…'])
  await adasMenu.getByRole('menuitem', { name: 'Release keyboard' }).click()
  await ada.close()
  // Left alone, a viewer does not come to have the keyboard. An open shell is not theirs to close, either.
  const alone = await viewersMenu(vic, 1)
  await expect(alone.getByRole('menuitem', { name: 'Take keyboard' })).toBeDisabled()
  await vic.keyboard.press('Escape')
  await vic.getByRole('link', { name: 'All servers' }).click()
  await expect(vic.getByRole('heading', { name: 'Servers' })).toBeVisible()

  await expect
    .poll(() => stack.audit.map(({ action, user }) => `${user?.name} ${action}`))
    .toEqual(['Ada open-console', 'Vic open-console', 'Ada close-console', 'Vic close-console'])
})

test('a viewer who comes first opens the console, and the operator gets the keyboard', async ({ open }) => {
  const [vic, ada] = [await open('Vic', 'watchers'), await open('Ada', 'crew')]
  await watch(vic, /login:/)
  await expect(vic).toHaveTitle(/Watching/)
  await watch(ada, /login:/)
  await expect(ada).toHaveTitle(/Live/)
  await terminalInput(ada).pressSequentially('root\n')
  await seeOnScreen(vic, /Password:/)
})

test('an operator does not end an admin’s console; an admin ends an operator’s, who reads by whom', async ({
  open,
}) => {
  const [ann, ada] = [await open('Ann', 'chiefs'), await open('Ada', 'crew')]
  await watch(ann, /login:/)
  await watch(ada, /login:/)
  const adasMenu = await viewersMenu(ada, 2)
  await expect(adasMenu.getByRole('menuitem', { name: 'Take keyboard' })).toBeVisible()
  await expect(adasMenu.getByRole('menuitem', { name: 'End for everyone' })).toHaveCount(0)
  await ada.keyboard.press('Escape')
  await (await viewersMenu(ann, 2)).getByRole('menuitem', { name: 'End for everyone…' }).click()
  await ann.getByRole('dialog').getByRole('button', { name: 'End for everyone' }).click()
  await expect(ada.getByRole('alert')).toContainText('This console was ended for everyone')

  await ada.getByRole('main').getByRole('button', { name: 'Reconnect' }).click()
  await expect(ada).toHaveTitle(/Live|Connected/)
  await ann.getByRole('main').getByRole('button', { name: 'Reconnect' }).click()
  const menu = await viewersMenu(ann, 2)
  await expect(menu).toContainText(/Ada\s*owner/)
  await menu.getByRole('menuitem', { name: 'End for everyone…' }).click()
  await ann.getByRole('dialog').getByRole('button', { name: 'End for everyone' }).click()
  await expect(ada.getByRole('alert')).toContainText('This console was ended for everyone')
  await ada.getByText('Technical details', { exact: true }).click()
  await expect(ada.getByRole('main')).toContainText('Ann ended it.')
  await expect(ann.getByRole('heading', { name: 'You ended this console for everyone' })).toBeVisible()
})

test('two tabs of one person are told apart', async ({ open }) => {
  const [ada, bob] = [await open('Ada', 'crew'), await open('Bob', 'crew')]
  await watch(ada, /login:/)
  await watch(bob, /login:/)
  const second = await ada.context().newPage()
  const joined = tells(bob, 'Ada, tab 2 joined')
  await watch(second, /login:/)
  await joined
  const menu = await viewersMenu(bob, 3)
  await expect(menu).toContainText(/Ada, tab 1\s*owner\s*has the keyboard/)
  await expect(menu).toContainText('Ada, tab 2')
  await expect(menu).toContainText('Bob (you)')
})

const recordable = test.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  env: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'recordings-'))
    await use({ ...behindProxy, BMS_CONSOLE_RECORDINGS: 'on-demand', BMS_CONSOLE_RECORDINGS_DIR: dir })
    await rm(dir, { recursive: true })
  },
})

recordable(
  'a viewer may not record, and reads why; the recording bears the operator’s name',
  async ({ open, stack }) => {
    const [ada, vic] = [await open('Ada', 'crew'), await open('Vic', 'watchers')]
    await watch(ada, /login:/)
    await watch(vic, /login:/)
    for (const width of [1440, 390]) {
      await vic.setViewportSize({ width, height: 844 })
      await openMenu(vic, 'Session')
      const item = vic.getByRole('menuitem', { name: 'Record' })
      await expect(item).toBeDisabled()
      await expect(item).toContainText("Your role can't record")
      await vic.keyboard.press('Escape')
    }
    await chooseItem(ada, 'Session', 'Record')
    await expect(vic.getByTitle('The output of this console is being recorded')).toBeVisible()
    expect(stack.audit.map(({ action, user }) => `${user?.name} ${action}`)).toContain('Ada start-recording')
    await ada.goto('/recordings')
    await expect(ada.getByRole('row', { name: /web-fra-01/ })).toContainText('Ada')
  },
)

test.describe('over direct', () => {
  test.use({ transport: 'direct' })
  test('a viewer is refused, and reads why; an operator is not', async ({ open }) => {
    const [vic, ada] = [await open('Vic', 'watchers'), await open('Ada', 'crew')]
    await vic.goto('/')
    await vic.getByRole('link', { name: 'web-fra-01', exact: true }).click()
    const alert = vic.getByRole('alert')
    await expect(alert).toContainText("Your role doesn't allow this")
    await vic.getByText('Technical details', { exact: true }).click()
    await expect(vic.getByRole('main')).toContainText('a read-only console needs BMS_CONSOLE_TRANSPORT=relay')
    await logIn(ada)
  })
})

test('axe finds nothing where one may watch only', async ({ open }) => {
  test.slow()
  const [ada, vic] = [await open('Ada', 'crew'), await open('Vic', 'watchers')]
  await watch(ada, /login:/)
  await watch(vic, /login:/)
  await terminalInput(vic).press('x')
  await expect(vic.getByRole('heading', { name: 'Not sent: your role can only watch' })).toBeVisible()
  await atEachWidth(vic, [1440, 390], async () => {
    await inBothThemes(vic, () => expectAccessible(vic))
    await expect(await viewersMenu(vic, 2)).toBeVisible()
    await inBothThemes(vic, () => expectAccessible(vic, { menu: true }))
    await vic.keyboard.press('Escape')
    await expect(vic.getByRole('menu')).toHaveCount(0)
  })
})
