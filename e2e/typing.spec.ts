import type { Page } from '@playwright/test'
import { Network } from '../src/testing/faults/network.ts'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { KeyGateway } from './faults/key-gateway.ts'
import { skipInWorkers } from './faults/worker-clock.ts'
import { freePort } from './lab/tools.ts'
import { test as base, consoleOf, expect, seeOnScreen } from './stack.ts'

interface Typing {
  /** Between the browser and BMS Console. */
  network: Network
  /** Behind BMS Console. */
  gateway: KeyGateway
}

const test = base.extend<Typing>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  network: async ({}, use) => {
    const network = await Network.start(await freePort())
    await use(network)
    await network.close()
  },
  env: async ({ network }, use) =>
    use({
      BMS_CONSOLE_PORT: String(network.target),
      BMS_CONSOLE_PUBLIC_ORIGINS: `http://127.0.0.1:${network.target},${network.origin}`,
    }),
  baseURL: async ({ network }, use) => use(network.origin),
  originAllowed: true,
  gateway: async ({ stack }, use) => {
    await stack.sandbox.killGateway()
    const gateway = new KeyGateway(stack.sandbox.gatewayHost)
    await gateway.start()
    await use(gateway)
    await gateway.stop()
  },
  // Leaving a live console asks first.
  page: async ({ page }, use) => {
    page.on('dialog', (dialog) => void dialog.accept())
    await use(page)
  },
})

const lost = (page: Page, title: string) => page.getByRole('heading', { name: title })
const live = (page: Page) => page.getByRole('banner').getByText('Live', { exact: true })

async function open(page: Page): Promise<void> {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /login:/)
  await expect(live(page)).toBeVisible()
}

test.describe('over relay', () => {
  test.use({ transport: 'relay' })

  test('keys typed while the line is down are shown as not sent, and one key sends them, once', async ({
    page,
    gateway,
  }) => {
    await open(page)
    await page.keyboard.type('ro')
    await expect.poll(() => gateway.received).toBe('ro')
    // Until then nobody knows that they arrived.
    await expect.poll(() => gateway.proved).toBe(2)
    await gateway.stop()
    await expect(page.getByRole('alert')).toBeVisible()
    await page.keyboard.type('ot')
    await expect(lost(page, '2 keys were not sent')).toBeVisible()
    await expect(page.getByText('ot', { exact: true })).toHaveCount(0)
    await inBothThemes(page, () => atEachWidth(page, [1440, 390], () => expectAccessible(page)))
    await gateway.start()
    await expect(live(page)).toBeVisible()
    // Nothing goes by itself over a line that broke.
    expect(gateway.received).toBe('ro')
    await page.getByText('Show keys').click()
    await expect(page.getByText('ot', { exact: true })).toBeVisible()
    await page.getByRole('textbox', { name: 'Terminal input' }).focus()
    await page.keyboard.press('Control+F6')
    await page.keyboard.press('Enter')
    await expect.poll(() => gateway.received).toBe('root')
    await expect(lost(page, '2 keys were not sent')).toHaveCount(0)
    // The next key belongs to the terminal again.
    await page.keyboard.type('!')
    await expect.poll(() => gateway.received).toBe('root!')
  })

  test('a short cut of the network loses no key, types none twice, and nobody is asked', async ({
    page,
    network,
    gateway,
  }) => {
    await open(page)
    await page.keyboard.type('abc')
    await expect.poll(() => gateway.received).toBe('abc')
    network.cut()
    await page.keyboard.type('def')
    await expect.poll(() => gateway.received).toBe('abcdef')
    await expect(lost(page, 'keys')).toHaveCount(0)
  })

  test('a network that passes nothing is told while it lasts, and given up', async ({
    page,
    network,
    gateway,
    stack,
  }) => {
    await open(page)
    network.swallow()
    await page.keyboard.type('x')
    await skipInWorkers(page, 12_000)
    await expect(page.getByRole('heading', { name: "BMS Console doesn't answer" })).toBeVisible()
    await expect(page.getByText(/^No answer for \d\d s$/)).toBeVisible()
    await expect(page.getByRole('banner').getByText('No answer')).toBeVisible()
    // Long enough for the key to be too old to go by itself.
    await page.waitForTimeout(4_000)
    await skipInWorkers(page, 18_000)
    stack.clock.skip(30_000)
    await expect(lost(page, '1 key was not sent')).toBeVisible()
    await expect(live(page)).toBeVisible()
    await page.getByRole('button', { name: 'Send again' }).click()
    await expect.poll(() => gateway.received).toBe('x')
  })

  test('after a reload the page says how many keys never arrived', async ({ page, network, gateway }) => {
    await open(page)
    network.swallow()
    await page.keyboard.type('secret')
    await page.reload()
    await expect(lost(page, '6 keys were not sent')).toBeVisible()
    await expect(page.getByRole('paragraph').filter({ hasText: "They can't be sent again" })).toBeVisible()
    expect(gateway.received).toBe('')
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await expect(lost(page, '6 keys were not sent')).toHaveCount(0)
    await page.keyboard.type('a')
    await expect.poll(() => gateway.received).toBe('a')
  })

  test('a duplicated tab is another viewer, and throws nobody out', async ({ page, gateway, context }) => {
    await open(page)
    const opening = context.waitForEvent('page')
    // A window that a page opens gets a copy of its storage, as a duplicated tab does.
    await page.evaluate(() => void window.open(location.href))
    const copy = await opening
    copy.on('dialog', (dialog) => void dialog.accept())
    await expect(page.getByRole('button', { name: '2 viewers' })).toBeVisible()
    await expect(copy.getByRole('banner').getByText('Watching')).toBeVisible()
    await expect(live(page)).toBeVisible()
    await page.keyboard.type('mine')
    await expect.poll(() => gateway.received).toBe('mine')
    // The first tab is the same viewer after a reload, although its copy is there.
    await page.reload()
    await expect(live(page)).toBeVisible()
    await expect(page.getByRole('button', { name: '2 viewers' })).toBeVisible()
  })
})

test.describe('over direct', () => {
  test.use({ transport: 'direct' })

  test('keys before a drop may not have arrived, and sending them again says that they may be doubled', async ({
    page,
    gateway,
  }) => {
    await open(page)
    await page.keyboard.type('ls')
    await expect.poll(() => gateway.received).toBe('ls')
    await gateway.stop()
    await expect(lost(page, '2 keys may not have arrived')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Send again' })).toBeDisabled()
    await gateway.start()
    await expect(live(page)).toBeVisible()
    await expect(page.getByRole('paragraph').filter({ hasText: 'would be typed twice' })).toBeVisible()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    expect(gateway.received).toBe('ls')
  })
})
