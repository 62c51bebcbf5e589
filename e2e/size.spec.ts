import type { Locator, Page } from '@playwright/test'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { test as gatewayTest } from './open-gateway.ts'
import {
  anotherPerson,
  expect,
  intervals,
  logIn,
  prompt,
  seeOnScreen,
  test as stackTest,
  terminalInput,
  watch,
} from './stack.ts'

const test = stackTest.extend({
  page: async ({ page }, use) => {
    page.on('dialog', (dialog) => void dialog.accept())
    await use(page)
  },
})

const rows = (page: Page) => page.locator('.xterm-accessibility-tree [role="listitem"]').count()

test.describe('notices lie over the terminal', () => {
  gatewayTest.use({ transport: 'relay', consoleConfig: { idleMs: 90_000 } })

  gatewayTest('and change its rows never', async ({ page, gateway, stack, browser }) => {
    await watch(page, /ready/)
    const before = await rows(page)
    const unchanged = async (shown: Locator) => {
      await expect(shown).toBeVisible()
      expect(await rows(page)).toBe(before)
    }
    gateway.drop()
    await unchanged(page.getByRole('heading', { level: 2 }).first())
    await page.getByRole('button', { name: 'Find' }).click()
    await unchanged(page.getByRole('search'))
    await page.keyboard.press('Escape')
    await terminalInput(page).press('x')
    gateway.goOn()
    await unchanged(page.getByText('Live', { exact: true }).first())
    stack.clock.skip(60_000)
    await unchanged(page.getByRole('button', { name: 'Stay connected' }))

    const context = await anotherPerson(browser, stack)
    const other = await context.newPage()
    // The one who writes decides: with a window of another size the rows would change.
    await other.setViewportSize({ width: 1440, height: 900 })
    await watch(other, /ready/)
    await unchanged(page.getByRole('button', { name: '2 viewers' }))
    await other.getByRole('button', { name: '2 viewers' }).click()
    await other.getByRole('menuitem', { name: 'Take keyboard' }).click()
    await terminalInput(page).press('x')
    await unchanged(page.getByRole('heading', { name: "Not sent: you're watching" }))
    await context.close()
  })
})

test.describe('a shared line', () => {
  test.use({ transport: 'relay' })

  test('has the writer’s size in each terminal', async ({ page, browser, stack }) => {
    await logIn(page)
    const context = await anotherPerson(browser, stack)
    const other = await context.newPage()
    await other.setViewportSize({ width: 1024, height: 600 })
    await watch(other, prompt)
    const writers = await rows(page)
    await expect.poll(() => rows(other), { intervals }).toBe(writers)

    await other.getByRole('button', { name: '2 viewers' }).click()
    await other.getByRole('menuitem', { name: 'Take keyboard' }).click()
    await expect.poll(() => rows(page), { intervals }).toBeLessThan(writers)
    await expect.poll(async () => (await rows(page)) - (await rows(other)), { intervals }).toBe(0)
    await context.close()
  })
})

const chip = (page: Page) => page.getByRole('button', { name: /^Terminal size/ })
const item = (page: Page, name: string) => page.getByRole('menuitem', { name })

/** @returns columns and rows, as the chip says */
async function sizeOf(page: Page): Promise<[string, string]> {
  const [columns = '', rows = ''] = ((await chip(page).textContent()) ?? '').trim().split(' × ')
  return [columns, rows]
}

async function choose(page: Page, size: string): Promise<void> {
  await chip(page).click()
  await page.getByRole('menuitemradio', { name: size }).click()
  await expect(page.getByRole('menu')).toHaveCount(0)
}

test.describe('the size', () => {
  test('is told to the server, which then writes for it', async ({ page }) => {
    await logIn(page)
    const [columns, rows] = await sizeOf(page)
    await page.keyboard.type('stty size\n')
    await seeOnScreen(page, /^24 80$/m)
    const offer = page.getByRole('heading', { name: 'The server writes for 80 × 24 characters' })
    await expect(offer).toBeVisible()
    await page.getByRole('button', { name: 'Set size on server' }).click()
    await expect(offer).toHaveCount(0)
    await seeOnScreen(page, `  stty rows ${rows} cols ${columns}`)
    await page.keyboard.type('stty size\n')
    await seeOnScreen(page, new RegExp(`^${rows} ${columns}$`, 'm'))
  })

  test('is what a program hears that asks for it', async ({ page }) => {
    await logIn(page)
    const [columns, rows] = await sizeOf(page)
    await page.keyboard.type('resize\n')
    await seeOnScreen(page, `LINES=${rows};`)
    await page.keyboard.type('stty size\n')
    await seeOnScreen(page, new RegExp(`^${rows} ${columns}$`, 'm'))
  })

  test('is fixed where somebody chose that, also after a reload', async ({ page }) => {
    await logIn(page)
    await choose(page, '80 × 24')
    await expect.poll(() => rows(page), { intervals }).toBe(24)
    await expect(terminalInput(page)).toBeFocused()
    await page.reload()
    await expect(chip(page)).toHaveText('80 × 24')
    await expect.poll(() => rows(page), { intervals }).toBe(24)
    await page.setViewportSize({ width: 844, height: 390 })
    expect(await rows(page)).toBe(24)
    // A low window has the choices in its menu only.
    await page.getByRole('button', { name: 'More tools' }).click()
    await page.getByRole('menuitem', { name: /^Terminal size/ }).press('ArrowRight')
    await page.getByRole('menuitemradio', { name: 'Fit to window' }).press('Enter')
    await expect.poll(() => rows(page), { intervals }).toBeLessThan(24)
  })

  test('is asked about where no shell waits', async ({ page }) => {
    await watch(page, /login: $/m)
    await chip(page).click()
    await item(page, 'Set size on server').click()
    const dialog = page.getByRole('dialog', { name: 'Type this without a shell prompt?' })
    await expect(dialog).toContainText(/stty rows \d+ cols \d+/)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toHaveCount(0)
    await expect(terminalInput(page)).toBeFocused()
  })

  test('has choices that are accessible at each width', async ({ page }) => {
    await logIn(page)
    await choose(page, '80 × 24')
    await atEachWidth(page, [1440, 1024, 390], () => inBothThemes(page, () => expectAccessible(page)))
    await page.setViewportSize({ width: 1024, height: 768 })
    await chip(page).click()
    await expect(page.getByRole('menu')).toBeVisible()
    await expectAccessible(page, { menu: true })
    await page.getByRole('menuitemradio', { name: 'Custom size' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectAccessible(page)
  })
})

gatewayTest.describe('a machine that asks the terminal', () => {
  gatewayTest('hears its size, and nothing else of the window', async ({ page, gateway }) => {
    await watch(page, /ready/)
    const [columns, rows] = await sizeOf(page)
    const before = gateway.typed.length
    gateway.print('\x1b[21t\x1b[13t\x1b[14t\x1b[18t\x1b7\x1b[999;999H\x1b[6n\x1b8')
    const answer = `\x1b[8;${rows};${columns}t\x1b[${rows};${columns}R`
    await gateway.got(before + answer.length)
    expect(gateway.typed.slice(before)).toBe(answer)
  })
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  test('two fingers change the size of the text, and a fixed terminal is panned then', async ({ page }) => {
    await logIn(page)
    const fitting = await rows(page)
    await pinch(page, 60, 120)
    await expect.poll(() => rows(page), { intervals }).toBeLessThan(fitting)

    await page.getByRole('button', { name: 'More tools' }).click()
    await page.getByRole('menuitem', { name: /^Terminal size/ }).click()
    await page.getByRole('menuitemradio', { name: '80 × 24' }).click()
    await expect.poll(() => rows(page), { intervals }).toBe(24)
    const width = () => page.locator('.xterm-screen').evaluate((screen) => screen.clientWidth)
    expect(await width()).toBeLessThan(390)
    await pinch(page, 60, 120)
    await expect.poll(width, { intervals }).toBeGreaterThan(390)
    expect(await rows(page)).toBe(24)
    await pinch(page, 120, 30)
    await expect.poll(width, { intervals }).toBeLessThan(390)
  })
})

/** Two fingers on the terminal move from so far apart to so far apart. */
async function pinch(page: Page, from: number, to: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) =>
    devtools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [195 - apart / 2, 195 + apart / 2].map((x) => ({ x, y: 420 })),
    })
  await touch('touchStart', from)
  for (let step = 1; step <= 5; step++) await touch('touchMove', from + ((to - from) * step) / 5)
  await touch('touchEnd', to)
  await devtools.detach()
}
