import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page, WebSocket } from '@playwright/test'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { chooseItem, openMenu } from './bar.ts'
import {
  anotherPerson,
  expect,
  logIn,
  prompt,
  screen,
  seeOnScreen,
  test as stackTest,
  terminalInput,
  watch,
} from './stack.ts'
import { tells } from './told.ts'

interface Shared {
  /** A second person's page. The first person's is `page`. */
  other: Page
  /** An empty folder for recordings. */
  folder: string
}

const test = stackTest.extend<Shared>({
  transport: 'relay',
  // Leaving a live console asks first.
  page: async ({ page }, use) => {
    page.on('dialog', (dialog) => void dialog.accept())
    await use(page)
  },
  other: async ({ browser, stack }, use) => {
    const context = await anotherPerson(browser, stack)
    await use(await context.newPage())
    await context.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  folder: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'recordings-'))
    await use(dir)
    await rm(dir, { recursive: true })
  },
})

const viewersButton = (page: Page, count = 2) => page.getByRole('button', { name: `${count} viewers` })
const recordingMark = (page: Page) => page.getByTitle('The output of this console is being recorded')

async function choose(page: Page, item: string): Promise<void> {
  await viewersButton(page).click()
  await page.getByRole('menuitem', { name: item }).click()
  await expect(page.getByRole('menu')).toHaveCount(0)
}

/** All that the terminal holds, by the page's own download. */
async function scrollback(page: Page): Promise<string> {
  const downloading = page.waitForEvent('download')
  await chooseItem(page, 'Session', 'Download scrollback')
  return readFile(await (await downloading).path(), 'utf8')
}

test('one writes, another watches and sees the same; keys of the watcher do nothing, and it says why', async ({
  page,
  other,
}) => {
  await logIn(page)
  await expect(page.getByRole('button', { name: /viewer/ })).toHaveCount(0)
  const joined = tells(page, 'Local user 2 joined')
  await watch(other, prompt)
  await joined
  await expect(other).toHaveTitle('web-fra-01 · Watching · BMS Console')
  await expect(page).toHaveTitle('web-fra-01 · Live · BMS Console')
  await expect(viewersButton(page)).toBeVisible()

  await page.keyboard.type('echo by the writer\n')
  await seeOnScreen(other, /^by the writer$/m)

  for (const name of ['Keys', 'Paste']) {
    await expect(page.getByRole('button', { name, exact: true })).toBeEnabled()
    await expect(other.getByRole('button', { name, exact: true })).toBeDisabled()
    await expect(other.getByRole('button', { name, exact: true })).toHaveAccessibleDescription(
      "You're watching. Take the keyboard to type.",
    )
  }
  await terminalInput(other).pressSequentially('echo by the watcher\n')
  await expect(other.getByRole('heading', { name: "Not sent: you're watching" })).toBeVisible()
  await expect(other.getByRole('main')).toContainText('Local user 1 has the keyboard')
  await page.keyboard.type('echo by the writer again\n')
  await seeOnScreen(other, /^by the writer again$/m)
  expect(await screen(other)).not.toContain('by the watcher')

  const taken = tells(page, "Local user 2 took the keyboard. You're watching now")
  await other.getByRole('main').getByRole('button', { name: 'Take keyboard' }).click()
  await taken
  await expect(other.getByRole('heading', { name: "Not sent: you're watching" })).toBeHidden()
  // The focus went back to where one types.
  await other.keyboard.type('echo taken\n')
  await seeOnScreen(page, /^taken$/m)

  const left = tells(page, 'Local user 2 left')
  await other.close()
  await left
})

test('several lines pasted by one who watches are not even asked about', async ({ page, other }) => {
  await logIn(page)
  await watch(other, prompt)
  await other.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await other.evaluate(() => navigator.clipboard.writeText('echo one\necho two\n'))
  await terminalInput(other).press('Control+Shift+V')
  await expect(other.getByRole('heading', { name: "Not sent: you're watching" })).toBeVisible()
  await expect(other.getByRole('dialog')).toHaveCount(0)
})

test('the keyboard is taken, handed over and let go, and everybody reads of it', async ({ page, other }) => {
  await logIn(page)
  await watch(other, prompt)

  await viewersButton(other).click()
  const menu = other.getByRole('menu')
  await expect(menu).toContainText(/Local user 1\s*owner\s*has the keyboard/)
  await expect(menu).toHaveAccessibleDescription(
    /Local user 1 ?owner ?has the keyboard.*Local user 2 \(you\)/,
  )
  await expect(menu.getByRole('menuitem')).toHaveText([
    'Take keyboard from Local user 1',
    'End for everyone…',
  ])
  const taken = [
    tells(other, 'You have the keyboard now'),
    tells(page, "Local user 2 took the keyboard. You're watching now"),
  ]
  await menu.getByRole('menuitem', { name: 'Take keyboard' }).click()
  await Promise.all(taken)
  await expect(other).toHaveTitle(/Live/)
  await expect(page).toHaveTitle(/Watching/)

  const handed = [tells(page, 'You have the keyboard now'), tells(other, 'Local user 1 has the keyboard now')]
  await choose(other, 'Hand over keyboard to Local user 1 (owner)')
  await Promise.all(handed)
  await expect(other).toHaveTitle(/Watching/)
  await terminalInput(page).pressSequentially('echo handed\n')
  await seeOnScreen(other, /^handed$/m)

  const free = tells(other, 'No one has the keyboard now')
  await choose(page, 'Release keyboard')
  await free
  await expect(page).toHaveTitle(/Watching/)
  await terminalInput(other).press('x')
  await expect(other.getByRole('main')).toContainText('No one has the keyboard. Take it to type.')
  const again = tells(page, 'Local user 2 has the keyboard now')
  await choose(other, 'Take keyboard')
  await again
  await other.keyboard.type('echo free\n')
  await seeOnScreen(page, /^free$/m)
})

test('on a small screen the marks are there too, and the quick keys of one who watches are off', async ({
  page,
  other,
}) => {
  await other.setViewportSize({ width: 390, height: 844 })
  await logIn(page)
  await watch(other, prompt)
  const tab = other.getByRole('button', { name: 'Tab', exact: true })
  await expect(tab).toBeDisabled()
  await expect(tab).toHaveAccessibleDescription("You're watching. Take the keyboard to type.")
  await choose(other, 'Take keyboard')
  await expect(tab).toBeEnabled()
  await other.getByRole('button', { name: 'Ctrl+C' }).click()
  await seeOnScreen(page, /\^C/)
})

test('one who is left alone without the keyboard can still take it', async ({ page, other }) => {
  await logIn(page)
  await watch(other, prompt)
  await choose(page, 'Release keyboard')
  await page.close()
  await other.getByRole('button', { name: '1 viewer' }).click()
  await other.getByRole('menuitem', { name: 'Take keyboard' }).click()
  await expect(other).toHaveTitle(/Live/)
  await expect(other.getByRole('button', { name: /viewer/ })).toHaveCount(0)
})

test('the owner ends it for all, after a question, and both read what happened and what to do', async ({
  page,
  other,
  stack,
}) => {
  await logIn(page)
  await watch(other, prompt)
  await choose(page, 'End for everyone…')
  const dialog = page.getByRole('dialog', { name: 'End this console for everyone?' })
  await expect(dialog).toContainText('1 other viewer')
  await expect(dialog).toContainText('The server keeps running')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.keyboard.type('echo still here\n')
  await seeOnScreen(other, /^still here$/m)

  await choose(page, 'End for everyone…')
  await dialog.getByRole('button', { name: 'End for everyone' }).click()
  await expect(page.getByRole('heading', { name: 'You ended this console for everyone' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('Reconnect to start a new')
  await expect(other.getByRole('alert')).toContainText('This console was ended for everyone')
  await expect(other.getByRole('alert')).toContainText('Ask the person who ended it before you reconnect.')
  await expect.poll(() => stack.sandbox.gatewayConnections()).toBe(0)
  await page.getByRole('main').getByRole('button', { name: 'Reconnect' }).click()
  await page.getByRole('button', { name: 'Press Enter' }).click()
  await expect(page).toHaveTitle(/Live/)
})

test('a reload keeps the scrollback, nothing doubled, and the keyboard; a second tab gets all of it', async ({
  page,
  context,
}) => {
  await logIn(page)
  await page.keyboard.type('seq 200\n')
  await seeOnScreen(page, /^200\n.*root@web-fra-01/m)
  const before = await scrollback(page)
  expect(before).toContain('Linux version 6')
  await page.reload()
  await seeOnScreen(page, /^200\n.*root@web-fra-01/m)
  expect(await scrollback(page)).toBe(before)
  await expect(page).toHaveTitle(/Live/)

  const second = await context.newPage()
  await second.goto(page.url())
  await seeOnScreen(second, /^200\n.*root@web-fra-01/m)
  expect(await scrollback(second)).toBe(before)
  await expect(second).toHaveTitle(/Watching/)
  await terminalInput(page).pressSequentially('echo mine\n')
  await seeOnScreen(second, /^mine$/m)
})

test('a gateway that goes and comes back leaves a seam with both, who stay with the relay', async ({
  page,
  other,
  stack,
}) => {
  const sockets: WebSocket[] = []
  for (const each of [page, other]) each.on('websocket', (socket) => void sockets.push(socket))
  await logIn(page)
  await watch(other, prompt)
  await stack.sandbox.killGateway()
  for (const each of [page, other]) await expect(each.getByText('Retrying in')).toBeVisible()
  await stack.sandbox.restoreGateway()
  await expect(other.getByRole('main')).toContainText('Someone with the keyboard can press Enter')
  await expect(other.getByRole('button', { name: 'Press Enter' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Press Enter' }).click()
  for (const each of [page, other]) {
    await seeOnScreen(each, /connection lost, back after/)
    expect((await screen(each)).match(/connection lost, back after/g)).toHaveLength(1)
  }
  await expect(page).toHaveTitle(/Live/)
  await expect(other).toHaveTitle(/Watching/)
  expect(sockets).toHaveLength(2)
  expect(sockets.map((socket) => socket.isClosed())).toEqual([false, false])
})

const recordable = test.extend({
  env: async ({ folder }, use) => {
    await use({ BMS_CONSOLE_RECORDINGS: 'on-demand', BMS_CONSOLE_RECORDINGS_DIR: folder })
  },
})

recordable(
  'the writer records, the watcher sees that, and the recording is found and plays',
  async ({ page, other }) => {
    await logIn(page)
    await watch(other, prompt)
    await expect(recordingMark(other)).toHaveCount(0)
    await openMenu(other, 'Session')
    await expect(other.getByRole('menu')).toBeVisible()
    await expect(other.getByRole('menuitem', { name: 'Record', exact: true })).toHaveCount(0)
    await other.keyboard.press('Escape')
    await chooseItem(page, 'Session', 'Record')
    for (const each of [page, other]) {
      await expect(recordingMark(each)).toHaveText('Recording')
      await expect(
        each.getByRole('status').filter({ hasText: 'This console is now being recorded' }),
      ).toBeVisible()
    }
    await page.keyboard.type('echo kept for later\n')
    await seeOnScreen(other, /^kept for later$/m)
    await chooseItem(page, 'Session', 'Stop recording')
    for (const each of [page, other]) {
      await expect(recordingMark(each)).toHaveCount(0)
      await expect(each.getByText('Recording stopped')).toBeVisible()
    }
    await page.keyboard.type('echo said afterwards\n')
    await seeOnScreen(other, /^said afterwards$/m)

    await page.goto('/recordings')
    const search = page.getByRole('searchbox', { name: 'Search output' })
    await expect(page.getByRole('rowheader')).toHaveText(['web-fra-01'])
    await expect(page.getByRole('row', { name: /web-fra-01/ })).toContainText('Complete')
    await search.fill('kept for later')
    await search.press('Enter')
    await page
      .getByRole('link', { name: /kept for later/ })
      .first()
      .click()
    const player = page.getByRole('region', { name: 'Player' })
    await player.getByRole('button', { name: 'Play', exact: true }).click()
    await expect(player).toContainText(/echo kept for later\s+kept for later/)
    await page.goto('/recordings')
    await search.fill('said afterwards')
    await search.press('Enter')
    await expect(page.getByText('Nothing found')).toBeVisible()
  },
)

test.describe('an idle limit', () => {
  test.use({ consoleConfig: { idleMs: 60_000 } })
  test('is announced to both; staying or typing puts it off; else it ends with its cause', async ({
    page,
    other,
    stack,
  }) => {
    await watch(page, /login:/)
    await watch(other, /login:/)
    // The announcement comes half a limit before the end.
    stack.clock.skip(30_000)
    const alert = (each: Page) => each.getByRole('alert')
    for (const each of [page, other]) {
      await expect(alert(each)).toContainText('No one has typed for a while')
      await expect(each.getByText(/Ends in 0:[0-3]\d/)).toBeVisible()
    }
    // A watcher may stay, too.
    await other.getByRole('button', { name: 'Stay connected' }).click()
    for (const each of [page, other]) await expect(alert(each)).toHaveCount(0)

    stack.clock.skip(30_000)
    await expect(alert(page)).toContainText('No one has typed for a while')
    await terminalInput(page).press('Enter')
    for (const each of [page, other]) await expect(alert(each)).toHaveCount(0)

    stack.clock.skip(30_000)
    await expect(alert(page)).toContainText('No one has typed for a while')
    stack.clock.skip(30_000)
    for (const each of [page, other]) {
      await expect(alert(each)).toContainText('The session timed out')
      await expect(alert(each)).toContainText('Reconnect to continue.')
      await expect(each.getByRole('main').getByRole('button', { name: 'Reconnect' })).toBeVisible()
    }
  })
})

test.describe('a time limit', () => {
  test.use({ consoleConfig: { totalMs: 60_000 } })
  test('is announced, and ends the session with its cause', async ({ page, stack }) => {
    await watch(page, /login:/)
    stack.clock.skip(30_000)
    const alert = page.getByRole('alert')
    await expect(alert).toContainText('The session is about to reach its time limit')
    await expect(page.getByRole('button', { name: 'Stay connected' })).toBeVisible()
    stack.clock.skip(30_000)
    await expect(alert).toContainText('The session reached its time limit')
    await expect(alert).toContainText('Reconnect to start a new')
  })
})

recordable('axe finds nothing on a shared, recorded console', async ({ page, other }) => {
  test.slow()
  await watch(page, /login:/)
  await watch(other, /login:/)
  await chooseItem(page, 'Session', 'Record')
  await expect(recordingMark(page)).toBeVisible()
  await expect(recordingMark(other)).toBeVisible()
  await terminalInput(other).press('x')
  await expect(other.getByRole('heading', { name: "Not sent: you're watching" })).toBeVisible()
  for (const each of [page, other]) {
    await atEachWidth(each, [1440, 390], async () => {
      await inBothThemes(each, () => expectAccessible(each))
      await viewersButton(each).click()
      await expect(each.getByRole('menu')).toBeVisible()
      await inBothThemes(each, () => expectAccessible(each, { menu: true }))
      await each.keyboard.press('Escape')
      await expect(each.getByRole('menu')).toHaveCount(0)
    })
  }
  await choose(page, 'End for everyone…')
  await expect(page.getByRole('dialog')).toBeVisible()
  await atEachWidth(page, [1440, 390], () => inBothThemes(page, () => expectAccessible(page)))
})

test.describe('a limit far off', () => {
  test.use({ consoleConfig: { idleMs: 60_000 } })
  test('axe finds nothing on its announcement, in both themes', async ({ page, stack }) => {
    await watch(page, /login:/)
    stack.clock.skip(30_000)
    await expect(page.getByRole('button', { name: 'Stay connected' })).toBeVisible()
    await inBothThemes(page, () => expectAccessible(page))
  })
})
