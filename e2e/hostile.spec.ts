import type { BrowserContext, Page } from '@playwright/test'
import { launchTicket } from '../src/testing/launch-ticket.ts'
import { COLOUR, questions } from '../src/testing/web/questions.ts'
import { test as gatewayTest, type OpenGateway } from './open-gateway.ts'
import { anotherPerson, consoleOf, expect, intervals, type Stack, seeOnScreen, serverId } from './stack.ts'

// All that could make a terminal type, or reach the clipboard or the window, in the whole page.
// `terminal/questions.test.tsx` has the same table for the terminal alone.

declare global {
  interface Window {
    /** What no machine may do to the page */
    touched: string[]
  }
}

/** Notes each use of the clipboard, each window, each message outside of the page, and each title. */
function noteTouches(): void {
  window.touched = []
  const note = (owner: object, name: string) => {
    const original: unknown = Reflect.get(owner, name)
    if (typeof original !== 'function') return
    Reflect.set(owner, name, (...args: unknown[]) => {
      window.touched.push(name)
      return Reflect.apply(original, owner, args)
    })
  }
  for (const name of ['readText', 'writeText', 'read', 'write']) note(navigator.clipboard, name)
  for (const name of ['open', 'print', 'alert', 'moveTo', 'moveBy', 'resizeTo', 'resizeBy', 'close'])
    note(window, name)
  document.execCommand = (command) => {
    window.touched.push(command)
    return false
  }
}

const ID = serverId('web-fra-01')

/** A terminal of the size that the table is made for */
const small = JSON.stringify([[ID, { size: { columns: 80, rows: 24 } }]])

async function prepare(context: BrowserContext, origin: string): Promise<void> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin })
  await context.addInitScript((servers) => localStorage.setItem('bms-console.servers', servers), small)
  await context.addInitScript(noteTouches)
}

const test = gatewayTest.extend<{ other: Page }>({
  page: async ({ page, context, stack }, use) => {
    await prepare(context, stack.origin)
    await use(page)
  },
  other: async ({ browser, stack }, use) => {
    const context = await anotherPerson(browser, stack)
    await prepare(context, stack.origin)
    const page = await context.newPage()
    page.on('dialog', (dialog) => void dialog.accept())
    await use(page)
    await context.close()
  },
})

const CLIPBOARD = 'what a person has copied'

async function open(page: Page, text: RegExp): Promise<void> {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, text)
}

/** What a machine must not change */
async function belongings(page: Page) {
  const state = await page.evaluate(async () => {
    const { touched } = window
    window.touched = []
    const clipboard = await navigator.clipboard.readText()
    window.touched = []
    const { innerWidth, innerHeight, screenX, screenY } = window
    return { touched, clipboard, title: document.title, window: [innerWidth, innerHeight, screenX, screenY] }
  })
  return { ...state, url: page.url(), pages: page.context().pages().length }
}

/** Has something on the clipboard, and notes what a machine must not change. */
async function claim(page: Page): Promise<Awaited<ReturnType<typeof belongings>>> {
  await page.bringToFront()
  await page.evaluate((text) => navigator.clipboard.writeText(text), CLIPBOARD)
  await belongings(page)
  const claimed = await belongings(page)
  expect(claimed).toMatchObject({ clipboard: CLIPBOARD, touched: [] })
  return claimed
}

/** Asks for a mode that no terminal has. The answer shows what was said before it. */
const [ASK, ANSWER] = ['\x1b[77$p', '\x1b[77;0$y']

/** Prints the whole table, each text on a terminal that is as it was at first. @returns what came back for each */
async function askAll(gateway: OpenGateway): Promise<Record<string, string>> {
  gateway.typed = ''
  gateway.print(`${questions.map(({ text }) => `\x1bc${text}${ASK}`).join('')}\x1bc`, ID)
  const answers = () => gateway.typed.split(ANSWER)
  await expect.poll(() => answers().length, { intervals }).toBe(questions.length + 1)
  expect(answers().at(-1)).toBe('')
  const said = answers().map((answer) => answer.replaceAll(/rgb:[\da-f]{4}\/[\da-f]{4}\/[\da-f]{4}/g, COLOUR))
  return Object.fromEntries(questions.map(({ name }, index) => [name, said[index] ?? '']))
}

const expected = Object.fromEntries(questions.map(({ name, shown }) => [name, shown]))

/** The line is as it was: a question is answered once, and nothing else came. */
async function expectSilence(gateway: OpenGateway): Promise<void> {
  gateway.print(ASK, ID)
  await expect.poll(() => gateway.typed, { intervals }).toBe(ANSWER)
}

test.describe('on a shared line', () => {
  test.use({ transport: 'relay' })

  test('what a machine asks is answered by the writer’s page alone, once, and never from history', async ({
    page,
    other,
    gateway,
  }) => {
    await open(page, /ready/)
    await open(other, /ready/)
    await expect(other).toHaveTitle(/Watching/)
    const before = [await claim(other), await claim(page)]
    expect(await askAll(gateway)).toEqual(expected)
    gateway.print('all was asked\r\n')
    for (const each of [page, other]) await seeOnScreen(each, /all was asked/)
    expect([await belongings(other), await belongings(page)]).toEqual(before)

    // All of it comes again, as history, to the writer and to who watches.
    gateway.typed = ''
    for (const each of [page, other]) {
      await each.reload()
      await seeOnScreen(each, /all was asked/)
    }
    await expect(page).toHaveTitle(/Live/)
    await expect(other).toHaveTitle(/Watching/)
    await expectSilence(gateway)
    expect([await belongings(other), await belongings(page)]).toEqual(before)
  })
})

test.describe('on a direct line', () => {
  test.use({ transport: 'direct' })

  test('what a machine asks is answered once, and no more after a reload', async ({ page, gateway }) => {
    await open(page, /ready/)
    const before = await claim(page)
    expect(await askAll(gateway)).toEqual(expected)
    gateway.print('all was asked\r\n')
    await seeOnScreen(page, /all was asked/)
    expect(await belongings(page)).toEqual(before)
    gateway.typed = ''
    await page.reload()
    // The tab shows what it saw before the new line has said anything.
    await seeOnScreen(page, /all was asked[\s\S]*ready/)
    await expectSilence(gateway)
    expect(await belongings(page)).toEqual(before)
  })
})

test.describe('in the page to embed', () => {
  const SECRET = 'a secret that portal and console share'
  test.use({
    transport: 'relay',
    env: { BMS_CONSOLE_EMBED_ORIGINS: 'https://portal.example.com', BMS_CONSOLE_LAUNCH_SECRET: SECRET },
  })

  /** Opens the page by a new ticket, as a portal does after a reload. */
  async function launch(page: Page, { origin }: Stack, text: RegExp): Promise<void> {
    const ticket = await launchTicket(SECRET, origin, { server: ID })
    await page.goto('about:blank')
    await page.goto(`/embed/${ID}#ticket=${ticket}`)
    await seeOnScreen(page, text)
    await expect(page.getByRole('banner').getByText('Live')).toBeVisible()
    await expect(page).toHaveTitle('web-fra-01')
  }

  test('what a machine asks is answered once, and never from history', async ({ page, gateway, stack }) => {
    await launch(page, stack, /ready/)
    const before = await claim(page)
    expect(await askAll(gateway)).toEqual(expected)
    gateway.print('all was asked\r\n', ID)
    await seeOnScreen(page, /all was asked/)
    expect(await belongings(page)).toEqual(before)

    gateway.typed = ''
    await launch(page, stack, /all was asked/)
    await expectSilence(gateway)
    expect(await belongings(page)).toEqual({ ...before, url: page.url() })
  })
})

test.describe('in one of two panes', () => {
  test.use({ transport: 'relay' })
  const OTHER = serverId('db-fra-01')

  test('what a machine asks is answered on its own line, also while keys go to both', async ({
    page,
    gateway,
  }) => {
    const paneOf = (name: string) => page.getByRole('region', { name, exact: true })
    const [pane, other] = [paneOf('web-fra-01'), paneOf('db-fra-01')]
    const bothAreReady = async () => {
      for (const each of [pane, other]) await expect(each.locator('header').getByText('Live')).toBeVisible()
    }
    await page.goto(`/consoles?servers=${ID},${OTHER}`)
    await bothAreReady()
    await page.getByRole('button', { name: 'Type to several' }).click()
    await other.getByRole('checkbox', { name: 'Type to db-fra-01, too' }).check()
    await pane.getByRole('textbox').focus()
    await page.keyboard.type('both')
    for (const id of [ID, OTHER]) await expect.poll(() => gateway.typedAt.get(id), { intervals }).toBe('both')
    const before = await claim(page)
    expect(await askAll(gateway)).toEqual(expected)
    gateway.print('all was asked\r\n', ID)
    await seeOnScreen(page, /all was asked/)
    expect(await belongings(page)).toEqual(before)
    expect(gateway.typedAt.get(OTHER)).toBe('both')

    gateway.typed = ''
    await page.reload()
    await bothAreReady()
    await seeOnScreen(page, /all was asked/)
    await expectSilence(gateway)
    expect(gateway.typedAt.get(OTHER)).toBe('both')
    expect(await belongings(page)).toEqual(before)
  })
})
