import type { BrowserContext, Page } from '@playwright/test'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { anotherPerson, expect, prompt, seeOnScreen, test as stackTest, typeLogin, watch } from './stack.ts'
import { tells } from './told.ts'

/** Behind a proxy that says who comes: each browser sends what the proxy would. */
const test = stackTest.extend<{ person: (name: string) => Promise<Page> }>({
  env: { BMS_CONSOLE_TRUSTED_PROXIES: '127.0.0.1' },
  person: async ({ browser, stack }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (name) => {
      const context = await anotherPerson(browser, stack)
      contexts.push(context)
      await context.setExtraHTTPHeaders({ 'x-forwarded-user': name })
      const page = await context.newPage()
      page.on('dialog', (dialog) => void dialog.accept())
      return page
    })
    for (const context of contexts) await context.close()
  },
})

/** Opens the console of web-fra-01, and signs in there. */
async function work(page: Page): Promise<void> {
  await watch(page, /login:/)
  await typeLogin(page)
}

const row = (page: Page) => page.getByRole('row', { name: /web-fra-01/ })
const openFromList = (page: Page) => page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
/** The list of few servers: the others have nothing more for axe. */
const FEW = '/?q=web-fra-01'

test.describe('a console on the relay', () => {
  test.use({ transport: 'relay' })

  test('is marked in the list; who opens it watches, reads whose it is, and disturbs nobody', async ({
    person,
  }) => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    await work(ada)
    await bob.goto('/')
    const mark = row(bob).getByText('In use by Ada')
    await expect(mark).toBeVisible()
    await expect(mark).toHaveAttribute('title', /^In use by Ada since .* No one else is on this console\.$/)
    await expect(bob.getByText('In use by')).toHaveCount(1)

    const told = expect(bob.getByText("Ada has the keyboard. You're watching")).toBeVisible()
    await openFromList(bob)
    await told
    await seeOnScreen(bob, prompt)
    await expect(ada).toHaveTitle('web-fra-01 · Live · BMS Console')
    await ada.keyboard.type('echo still mine\n')
    await seeOnScreen(bob, /^still mine$/m)

    await bob.getByRole('button', { name: '2 viewers' }).click()
    const taken = tells(ada, "Bob took the keyboard. You're watching now")
    await bob.getByRole('menuitem', { name: 'Take keyboard from Ada' }).click()
    await taken

    const bobsOther = await bob.context().newPage()
    await bobsOther.goto('/')
    await expect(row(bobsOther).getByText('In use by you')).toHaveAttribute(
      'title',
      /1 other viewer is on it/,
    )
  })

  test('axe finds nothing at its mark in the list', async ({ person }) => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    await watch(ada, /login:/)
    await bob.goto(FEW)
    await expect(row(bob).getByText('In use by Ada')).toBeVisible()
    await inBothThemes(bob, () => expectAccessible(bob))
  })
})

test.describe('a direct line', () => {
  /** Ada has the line open, and Bob has asked for it. */
  async function ask(person: (name: string) => Promise<Page>) {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    await work(ada)
    await bob.goto(FEW)
    await expect(row(bob).getByText('Opened by Ada')).toBeVisible()
    await openFromList(bob)
    const question = bob.getByRole('alert')
    await expect(question).toContainText('Ada opened it')
    return { ada, bob, question }
  }

  test('is asked about before a second page opens it, in true words', async ({ person, stack }) => {
    const { ada, bob, question } = await ask(person)
    await expect(question).toContainText("Direct lines can't be seen from here")
    expect(stack.sandbox.gatewayConnections()).toBe(1)
    await bob.getByRole('main').getByRole('link', { name: 'All servers' }).click()
    const mark = row(bob).getByText('Opened by Ada')
    await expect(mark).toHaveAttribute('title', /Whether it's still open can't be seen from here\.$/)
    await ada.keyboard.type('echo undisturbed\n')
    await seeOnScreen(ada, /^undisturbed$/m)

    // A reload is the same page, and is not asked.
    await ada.reload()
    await expect(ada).toHaveTitle(/Connected/)
    await seeOnScreen(ada, /^undisturbed$/m)
  })

  test('is opened anyway by a person only, and the page that leaves it says so', async ({
    person,
    stack,
  }) => {
    const { bob, question } = await ask(person)
    await bob.getByRole('button', { name: 'Open anyway' }).click()
    await expect(question).toHaveCount(0)
    await expect.poll(() => stack.sandbox.gatewayConnections()).toBe(2)

    await bob.getByRole('banner').getByRole('link', { name: 'All servers' }).click()
    await expect(row(bob)).toBeVisible()
    await expect(row(bob).getByText(/Opened by/)).toHaveCount(0)
  })

  test('axe finds nothing at its mark in the list', async ({ person }) => {
    const [ada, bob] = [await person('Ada'), await person('Bob')]
    await watch(ada, /login:/)
    await bob.goto(FEW)
    await expect(row(bob).getByText('Opened by Ada')).toBeVisible()
    await inBothThemes(bob, () => expectAccessible(bob))
  })

  for (const width of [1440, 390])
    test(`axe finds nothing at the question, ${width} pixels wide`, async ({ person }) => {
      const { bob } = await ask(person)
      await atEachWidth(bob, [width], () => inBothThemes(bob, () => expectAccessible(bob)))
    })
})
