import type { Page } from '@playwright/test'
import { type OpenGateway, test } from './open-gateway.ts'
import { consoleOf, expect, seeOnScreen, serverId, terminalInput } from './stack.ts'

test.use({ hasTouch: true, isMobile: true, transport: 'relay' })

declare global {
  interface Window {
    /** A keyboard on the screen covers so much of the page, and the phone has moved what is seen so far. */
    cover(pixels: number, movedBy?: number): void
  }
}

/** What a phone tells of its keyboard, which no emulation has: the page's size stays, and less of it is seen. */
async function withScreenKeyboard(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let [covered, offsetTop] = [0, 0]
    class Seen extends EventTarget {
      scale = 1
      offsetLeft = 0
      get width() {
        return window.innerWidth
      }
      get height() {
        return window.innerHeight - covered
      }
      get offsetTop() {
        return offsetTop
      }
    }
    const seen = new Seen()
    Object.defineProperty(window, 'visualViewport', { value: seen })
    window.cover = (pixels, movedBy = 0) => {
      covered = pixels
      offsetTop = movedBy
      seen.dispatchEvent(new Event('resize'))
      seen.dispatchEvent(new Event('scroll'))
    }
  })
}

async function open(page: Page): Promise<void> {
  await withScreenKeyboard(page)
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  await terminalInput(page).focus()
}

const rows = (page: Page) => page.locator('.xterm-accessibility-tree [role="listitem"]').count()

/** Fills the screen, so that the cursor is in its last row. */
async function fill(page: Page, gateway: OpenGateway): Promise<void> {
  gateway.print(Array.from({ length: 80 }, (_, index) => `line ${index + 1}\r\n`).join(''))
  gateway.print('login: ')
  await seeOnScreen(page, /^login: *$/m)
}

/** Whether all of the row with this text is in the part of the page that is seen. */
async function isSeen(page: Page, text: string): Promise<boolean> {
  return page.evaluate((wanted) => {
    const rows = [...document.querySelectorAll('.xterm-rows > div')]
    const row = rows.find((each) => each.textContent?.trimEnd().startsWith(wanted))
    const host = document.querySelector('.xterm')?.closest('section')
    const { visualViewport: seen } = window
    if (!row || !host || !seen) return false
    const [box, window_] = [row.getBoundingClientRect(), host.getBoundingClientRect()]
    const bottom = Math.min(window_.bottom, seen.offsetTop + seen.height)
    return box.top >= Math.max(window_.top, seen.offsetTop) - 1 && box.bottom <= bottom + 1
  }, text)
}

for (const [name, size, covered] of [
  ['a phone', { width: 390, height: 844 }, 336],
  ['a phone on its side', { width: 844, height: 390 }, 210],
  ['a tablet', { width: 1024, height: 768 }, 400],
] as const) {
  test.describe(`on ${name}`, () => {
    test.use({ viewport: size })

    test('a keyboard on the screen changes no rows, and the cursor and the keys stay in sight', async ({
      page,
      gateway,
    }) => {
      await open(page)
      await fill(page, gateway)
      const before = await rows(page)
      expect(before).toBeGreaterThanOrEqual(12)
      const keys = page.getByRole('group', { name: 'Extra keys' })
      const bottomOf = async () => {
        const box = await keys.boundingBox()
        return box ? box.y + box.height : Number.POSITIVE_INFINITY
      }
      await page.evaluate((pixels) => window.cover(pixels), covered)
      await expect.poll(() => isSeen(page, 'login:')).toBe(true)
      expect(await bottomOf()).toBeLessThanOrEqual(size.height - covered)
      // The phone may move what is seen instead of the page.
      await page.evaluate((pixels) => window.cover(pixels, 60), covered)
      await expect.poll(() => isSeen(page, 'login:')).toBe(true)
      expect(await bottomOf()).toBeLessThanOrEqual(60 + size.height - covered)
      // What is typed is seen, wherever the cursor goes.
      gateway.print('\x1b[H\x1b[2Jtop of the screen')
      await expect.poll(() => isSeen(page, 'top of the screen')).toBe(true)
      await page.keyboard.insertText('ls')
      await gateway.got(2)
      expect(await rows(page)).toBe(before)
      // The keypad opens above it.
      await page.getByRole('button', { name: 'More keys' }).tap()
      await expect(page.getByRole('button', { name: 'F1', exact: true })).toBeVisible()
      expect(await rows(page)).toBe(before)
      await page.getByRole('button', { name: 'More keys' }).tap()
      await page.evaluate(() => window.cover(0))
      await expect(page.getByRole('button', { name: 'Disconnect' })).toBeInViewport({ ratio: 1 })
      expect(await rows(page)).toBe(before)
      expect(await page.evaluate(() => document.documentElement.style.cssText)).not.toContain('--seen')
    })

    test('nothing speaks of keys that it has not, until one is pressed', async ({ page, gateway }) => {
      await open(page)
      await fill(page, gateway)
      await terminalInput(page).evaluate((input) => input.blur())
      const chord = /(Ctrl|Shift|Alt|⌘|F6)\s?\+?\s?(Shift)?\+?(F6|End|Insert|[CVF0+-])\b/
      const told = () =>
        page.evaluate(() =>
          [...document.querySelectorAll('*')].flatMap((element) => {
            const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
            const isKey = element.closest('[role="group"] button, .xterm, script, style') !== null
            const title = element.getAttribute('title') ?? ''
            return isKey ? [title] : [title, ...own.map((node) => node.textContent ?? '')]
          }),
        )
      const expectNone = async () => expect((await told()).filter((text) => chord.test(text))).toEqual([])
      await expectNone()
      for (const name of ['More tools', 'View', 'Session', 'Keys']) {
        const button = page.getByRole('button', { name, exact: true })
        if (!(await button.isVisible())) continue
        await button.tap()
        await expect(page.getByRole('menu')).toBeVisible()
        await expectNone()
        await expect(page.getByRole('menuitem', { name: 'Keyboard shortcuts' })).toHaveCount(0)
        await page.keyboard.press('Tab')
        await page.mouse.click(2, size.height / 2)
        await expect(page.getByRole('menu')).toHaveCount(0)
      }
      // A keyboard was put on: now they are true.
      await page.keyboard.press('Control')
      await expect.poll(async () => (await told()).some((text) => chord.test(text))).toBe(true)
    })
  })
}

test.describe('several consoles', () => {
  test.use({ viewport: { width: 844, height: 390 } })

  test('are one at a time on a phone on its side, with 12 rows', async ({ page, gateway }) => {
    const ids = ['web-fra-01', 'db-fra-01'].map(serverId)
    await page.goto(`/consoles?servers=${ids.join(',')}`)
    await expect(page.getByRole('tab')).toHaveCount(2)
    await seeOnScreen(page, /ready/)
    expect(gateway.typed).toBe('')
    await expect.poll(() => rows(page)).toBeGreaterThanOrEqual(12)
    await expect(page.getByRole('group', { name: 'Extra keys' })).toBeInViewport({ ratio: 1 })
  })
})
