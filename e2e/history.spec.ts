import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expectAccessible, inBothThemes } from './axe.ts'
import { chooseItem } from './bar.ts'
import { test as openGatewayTest } from './open-gateway.ts'
import { consoleOf, expect, logIn, screen, seeOnScreen, serverId, test as stackTest, watch } from './stack.ts'

const test = stackTest.extend<{ dir: string }>({
  // Playwright wants the braces: a fixture's first argument names what it needs.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  dir: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'bms-console-lines-'))
    await use(dir)
    await rm(dir, { recursive: true, force: true })
  },
  env: async ({ dir }, use) => use({ BMS_CONSOLE_LINE_LOG_DIR: dir }),
})
test.use({ transport: 'relay' })

const log = (page: Page) => page.getByRole('region', { name: 'Log' })
const boots = (page: Page) => page.getByRole('navigation', { name: 'Boots' }).getByRole('button')

/** Reboots web-fra-01 from its shell, until it asks for a login again. */
async function reboot(page: Page): Promise<void> {
  // Then the next prompt on the screen is that of the new boot.
  await page.keyboard.type('clear\n')
  await expect.poll(() => screen(page)).not.toContain('login:')
  await page.keyboard.type('reboot\n')
  await seeOnScreen(page, /login: *$/m)
}

test('what a server has printed is there after its console has closed: boots, lines and times', async ({
  page,
  context,
}) => {
  test.setTimeout(120_000)
  await logIn(page)
  await reboot(page)
  const opening = context.waitForEvent('page')
  await chooseItem(page, 'Session', 'History')
  const history = await opening
  await expect(history.getByRole('heading', { name: 'History of web-fra-01' })).toBeVisible()
  await expect(log(history).getByText('login:').last()).toBeVisible()

  // What is said now comes by itself.
  await page.keyboard.type('root\nsandbox\n')
  await expect(log(history).getByText('root@web-fra-01').last()).toBeVisible()

  // The machine booted when its console was opened, and then it was rebooted.
  await expect(boots(history)).toHaveCount(2, { timeout: 20_000 })
  await expect(boots(history).last()).toContainText('Restarted')
  await boots(history).first().click()
  await expect(log(history).getByText('Boot', { exact: true }).last()).toBeVisible()
  await expect(log(history).getByText('UEFI Firmware 3.42').first()).toBeVisible()
  await expect(
    log(history)
      .getByText(/Linux version/)
      .first(),
  ).toBeVisible()
  await history.getByRole('button', { name: 'Jump to end' }).click()
  await expect(log(history).getByText('root@web-fra-01').last()).toBeVisible()

  const raw = await history.request.get(`/api/servers/${serverId('web-fra-01')}/log/raw`)
  expect((await raw.body()).toString('latin1')).toContain('UEFI Firmware 3.42')
})

test('the page is accessible, by keyboard too, and fits a phone', async ({ page }) => {
  await watch(page, /login:/)
  await page.goto('/')
  await page.getByRole('checkbox', { name: 'Select web-fra-01' }).click()
  await page.getByRole('link', { name: 'History of web-fra-01' }).focus()
  await expectAccessible(page)
  await page.keyboard.press('Enter')
  await expect(log(page).getByText('login:').last()).toBeVisible()
  await inBothThemes(page, () => expectAccessible(page))
  await page.setViewportSize({ width: 390, height: 844 })
  await expectAccessible(page)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBeLessThanOrEqual(390)
  await log(page).focus()
  await page.keyboard.press('Home')
  await expect(log(page).getByText('Nothing before this is kept')).toBeVisible()
})

test.describe('a long log', () => {
  const gatewayTest = openGatewayTest.extend<{ dir: string }>({
    // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
    dir: async ({}, use) => {
      const dir = await mkdtemp(join(tmpdir(), 'bms-console-lines-'))
      await use(dir)
      await rm(dir, { recursive: true, force: true })
    },
    env: async ({ dir }, use) => use({ BMS_CONSOLE_LINE_LOG_DIR: dir }),
  })
  gatewayTest.use({ transport: 'relay' })

  /** The numbers of the lines in view, from the top */
  const inView = (page: Page) =>
    log(page).evaluate((box) => {
      const { top, bottom } = box.getBoundingClientRect()
      return [...box.querySelectorAll('[data-kind="line"]')]
        .map((row) => ({ row, y: row.getBoundingClientRect().top }))
        .filter(({ y }) => y >= top - 1 && y < bottom - 22)
        .sort((a, b) => a.y - b.y)
        .flatMap(({ row }) => /number (\d+)/.exec(row.textContent ?? '')?.[1] ?? [])
        .map(Number)
    })

  gatewayTest('scrolls back to its begin, and no line jumps or is missing', async ({ page, gateway }) => {
    test.setTimeout(120_000)
    await page.goto(consoleOf('web-fra-01'))
    await seeOnScreen(page, /ready/)
    const count = 1_500
    gateway.print(Array.from({ length: count }, (_, index) => `number ${index}\r\n`).join(''))
    await seeOnScreen(page, new RegExp(`number ${count - 1}`))
    await page.goto(`/servers/${serverId('web-fra-01')}/history`)
    await expect(log(page).getByText(`number ${count - 1}`, { exact: true })).toBeVisible()
    let [top = 0] = await inView(page)
    while (top > 0) {
      // Older lines come in time, or the step is not whole.
      await expect
        .poll(() =>
          log(page).evaluate((box) => box.scrollTop > 440 || /Nothing before/.test(box.textContent ?? '')),
        )
        .toBe(true)
      await log(page).evaluate((box) => {
        box.scrollTop -= 440
      })
      const next = Math.max(0, top - 20)
      await expect.poll(async () => (await inView(page))[0], { intervals: [20, 50, 100] }).toBe(next)
      const shown = await inView(page)
      expect(shown).toEqual(shown.map((_, index) => next + index))
      top = next
    }
    await expect(log(page).getByText('ready', { exact: true })).toBeVisible()
  })

  const older = (page: Page) => page.getByRole('region', { name: 'Log' })
  const onScreen = async (page: Page) =>
    [...(await screen(page)).matchAll(/number (\d+)/g)].map(([, number]) => Number(number))
  /** The log's, with the terminal's own rows at its end; the terminal's where the log is closed. */
  const inSight = async (page: Page) => {
    // It does not wait for a log: that may close at any moment.
    const read = await older(page).evaluateAll(async ([box]) => {
      if (!box) return null
      // A log that was scrolled has its rows again in the next frame.
      await new Promise(requestAnimationFrame)
      if (!box.isConnected) return null
      const { top, bottom } = box.getBoundingClientRect()
      return [...box.querySelectorAll('[data-kind="line"], [data-kind="live"]')]
        .map((row) => ({ row, y: row.getBoundingClientRect() }))
        .filter(({ y }) => y.top >= top - 1 && y.bottom <= bottom + 1)
        .sort((a, b) => a.y.top - b.y.top)
        .flatMap(({ row }) => /number (\d+)/.exec(row.textContent ?? '')?.[1] ?? [])
        .map(Number)
    })
    return read ?? onScreen(page)
  }
  const expectRun = (numbers: readonly number[]) => {
    expect(numbers.length).toBeGreaterThan(5)
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
  }

  gatewayTest.describe('longer than the terminal has', () => {
    // The relay keeps the newest 160 KiB then.
    gatewayTest.use({ consoleConfig: { ringBytes: 16 * 1024 } })

    gatewayTest(
      'goes on where the terminal ends, and leads back: no line is missing, and none is there twice',
      async ({ page, gateway }) => {
        test.setTimeout(180_000)
        await page.goto(consoleOf('web-fra-01'))
        await seeOnScreen(page, /ready/)
        const count = 3_000
        const text = Array.from({ length: count }, (_, index) => `number ${index} ${'.'.repeat(70)}\r\n`)
        for (let from = 0; from < count; from += 500) {
          gateway.print(text.slice(from, from + 500).join(''))
          await seeOnScreen(page, new RegExp(`number ${from + 499} `))
        }
        // The relay has the newest lines only.
        await page.reload()
        await seeOnScreen(page, new RegExp(`number ${count - 1} `))
        await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')

        let [top = 0] = await onScreen(page)
        while (!(await older(page).isVisible())) {
          const before = await onScreen(page)
          expectRun(before)
          const lowest = before[0] ?? 0
          await page.keyboard.press('Shift+PageUp')
          // A page higher, in the terminal or in the log.
          await expect
            .poll(async () => (await older(page).isVisible()) || ((await onScreen(page))[0] ?? 0) < lowest)
            .toBe(true)
          top = lowest
        }
        await expect.poll(async () => (await inSight(page)).length).toBeGreaterThan(5)
        const first = await inSight(page)
        expectRun(first)
        expect(top).toBeGreaterThan(500)
        // The first page of the log touches what was in the terminal.
        expect(first.at(-1)).toBeGreaterThanOrEqual(top - 1)
        expect(first[0]).toBeLessThan(top)

        let seen = first[0] ?? 0
        while (seen > 0) {
          await page.keyboard.press('Shift+PageUp')
          await expect
            .poll(async () => (await inSight(page))[0] ?? seen, { intervals: [20, 50] })
            .toBeLessThan(seen)
          const numbers = await inSight(page)
          expectRun(numbers)
          expect(numbers.at(-1)).toBeGreaterThanOrEqual(seen - 1)
          seen = numbers[0] ?? 0
        }
        await page.keyboard.press('Shift+PageUp')
        await expect(older(page).getByText('ready', { exact: true })).toBeVisible()

        // Down again, and on into the terminal
        await older(page).evaluate((box) => {
          box.scrollTop = box.scrollHeight - 4 * box.clientHeight
        })
        await expect.poll(async () => (await inSight(page))[0] ?? 0).toBeGreaterThan(100)
        let last = (await inSight(page)).at(-1) ?? 0
        for (;;) {
          await page.keyboard.press('Shift+PageDown')
          await expect
            .poll(async () => (await inSight(page)).at(-1) ?? 0, { intervals: [20, 50] })
            .toBeGreaterThan(last)
          const numbers = await inSight(page)
          expectRun(numbers)
          expect(numbers[0]).toBeLessThanOrEqual(last + 1)
          last = numbers.at(-1) ?? 0
          if (!(await older(page).isVisible())) break
        }
        expect(last).toBeLessThan(count - 100)

        // The line goes on meanwhile.
        await expect(async () => {
          await page.keyboard.press('Shift+PageUp')
          await expect(older(page)).toBeVisible({ timeout: 500 })
        }).toPass()
        gateway.print(`number ${count} .\r\n`)
        await page.getByRole('button', { name: 'Back to live' }).click()
        await expect(older(page)).toBeHidden()
        await seeOnScreen(page, new RegExp(`number ${count} `))
        await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
      },
    )

    gatewayTest('goes on by the wheel, too, and back', async ({ page, gateway }) => {
      test.setTimeout(180_000)
      await page.goto(consoleOf('web-fra-01'))
      await seeOnScreen(page, /ready/)
      const count = 3_000
      for (let from = 0; from < count; from += 500) {
        const rows = Array.from({ length: 500 }, (_, row) => `number ${from + row} ${'.'.repeat(70)}\r\n`)
        gateway.print(rows.join(''))
        await seeOnScreen(page, new RegExp(`number ${from + 499} `))
      }
      // The relay has the newest lines only.
      await page.reload()
      await seeOnScreen(page, new RegExp(`number ${count - 1} `))
      // A turn of the wheel is only some rows of the terminal, however large it is: the scrollbar is the short way.
      const terminal = page.getByRole('region', { name: 'Serial console' })
      await terminal.hover()
      await terminal.locator('.scrollbar.vertical .slider').hover()
      await page.mouse.down()
      await page.mouse.move(0, 0, { steps: 4 })
      await page.mouse.up()
      await terminal.hover()
      await expect(async () => {
        for (let turn = 0; turn < 4; turn += 1) await page.mouse.wheel(0, -1_000)
        await expect(older(page)).toBeVisible({ timeout: 100 })
      }).toPass({ timeout: 60_000, intervals: [0] })
      await expect.poll(async () => (await inSight(page)).length).toBeGreaterThan(5)
      expectRun(await inSight(page))
      await expect(async () => {
        await page.mouse.wheel(0, 2_000)
        expectRun(await inSight(page))
        await expect(older(page)).toBeHidden({ timeout: 100 })
      }).toPass({ timeout: 60_000, intervals: [0] })
      expectRun(await onScreen(page))
    })

    const boot = (name: string) => `[    0.000000] Linux version ${name} (builder@host) #1 SMP\r\n`
    const numbered = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => `number ${from + index} ${'.'.repeat(70)}\r\n`).join('')

    gatewayTest('shows each boot in place, and follows the terminal’s place', async ({ page, gateway }) => {
      test.setTimeout(180_000)
      await page.goto(consoleOf('web-fra-01'))
      await seeOnScreen(page, /ready/)
      gateway.print(boot('6.1.0-first') + numbered(0, 400))
      await seeOnScreen(page, /number 399 /)
      gateway.print('Kernel panic - not syncing: Fatal exception\r\n')
      const long = `long ${'x'.repeat(300)} end`
      gateway.print(`${boot('6.1.0-second')}${long}\r\n${numbered(400, 900)}`)
      await seeOnScreen(page, /number 899 /)
      for (let from = 900; from < 3_000; from += 700) {
        gateway.print(numbered(from, from + 700))
        await seeOnScreen(page, new RegExp(`number ${from + 699} `))
      }
      // The relay has the newest lines only.
      await page.reload()
      await seeOnScreen(page, /number 2999 /)

      await chooseItem(page, 'Session', 'Since this boot')
      const second = older(page).getByText('Linux version 6.1.0-second')
      await expect(second).toBeInViewport()
      await expect(older(page)).toBeFocused()

      // It lies where the terminal's rows are, and its lines are wrapped at the same columns.
      const box = (selector: string) =>
        page
          .locator(selector)
          .first()
          .evaluate((element) => {
            const { top, height } = element.getBoundingClientRect()
            return [Math.round(top), Math.round(height)]
          })
      const placeOfLog = () =>
        older(page).evaluate((element) => {
          const { top, height } = element.getBoundingClientRect()
          return [Math.round(top), Math.round(height)]
        })
      const pieces = () => older(page).locator('[data-kind="more"]').count()
      const same = () =>
        expect
          .poll(async () => JSON.stringify(await placeOfLog()) === JSON.stringify(await box('.xterm-screen')))
          .toBe(true)
      await same()
      await expect.poll(pieces).toBeGreaterThan(0)
      const wide = await pieces()
      await page.setViewportSize({ width: 700, height: 500 })
      await expect.poll(pieces).toBeGreaterThan(wide)
      await same()
      await expect(second).toBeInViewport()
      // Nothing is wider than its place.
      await expect
        .poll(() => older(page).evaluate((element) => element.scrollWidth <= element.clientWidth))
        .toBe(true)
      await inBothThemes(page, () => expectAccessible(page))
      await page.setViewportSize({ width: 1280, height: 720 })
      await expect.poll(pieces).toBe(wide)

      // The boot before
      await chooseItem(page, 'Session', 'Boots…')
      const dialog = page.getByRole('dialog', { name: 'Boots' })
      await expect(dialog.getByRole('listitem')).toHaveCount(2, { timeout: 20_000 })
      await inBothThemes(page, () => expectAccessible(page))
      await dialog.getByRole('button', { name: 'Panicked' }).click()
      await expect(dialog).toBeHidden()
      await expect(older(page).getByText('Linux version 6.1.0-first')).toBeInViewport()
      await expect(older(page)).toBeFocused()
      await page.keyboard.press('Escape')
      await expect(older(page)).toBeHidden()
    })
  })
})
