import type { CDPSession, Page } from '@playwright/test'
import { type OpenGateway, test } from './open-gateway.ts'
import { consoleOf, expect, seeOnScreen, terminalInput } from './stack.ts'

test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } })

type Place = { x: number; y: number }

/** Fingers as the browser gets them from a touch screen. */
async function hand(page: Page) {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', at: Place | null, time = Date.now()) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [at] : [], timestamp: time / 1_000 })
  /** A finger that comes and does not leave: each 16 ms a step, however long the computer takes. @returns until when */
  const pull = async (from: Place, to: Place) => {
    const [steps, began] = [12, Date.now()]
    const move = (step: number) => {
      const part = step / steps
      const at = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
      return send('touchMove', at, began + step * 16)
    }
    // Its first move comes together with it: what rests before it moves, selects, and a busy computer has it rest.
    await Promise.all([send('touchStart', from, began), move(1)])
    for (let step = 2; step <= steps; step++) await move(step)
    return began + steps * 16
  }
  return {
    down: (at: Place) => send('touchStart', at),
    move: (at: Place) => send('touchMove', at),
    up: () => send('touchEnd', null),
    /** It leaves while it moves. */
    async drag(from: Place, to: Place) {
      const until = await pull(from, to)
      await send('touchEnd', null, until + 16)
    },
    /** It rests before it leaves. */
    async put(from: Place, to: Place) {
      const until = await pull(from, to)
      await send('touchEnd', null, until + 200)
    },
    tap: (at: Place) => page.touchscreen.tap(at.x, at.y),
  }
}

/** A place in the terminal, in parts of its width and height. */
async function inTerminal(page: Page, x: number, y: number): Promise<Place> {
  const box = await page.locator('.xterm-screen').boundingBox()
  if (!box) throw new Error('no terminal')
  return { x: box.x + box.width * x, y: box.y + box.height * y }
}

/** Where a text stands on the screen: the middle of its first cell. */
async function placeOf(page: Page, text: string): Promise<Place> {
  const place = await page.evaluate((wanted) => {
    const rows = document.querySelector('.xterm-rows')
    const nodes = rows && document.createTreeWalker(rows, NodeFilter.SHOW_TEXT)
    while (nodes?.nextNode()) {
      const at = nodes.currentNode.textContent?.indexOf(wanted) ?? -1
      if (at < 0) continue
      const range = document.createRange()
      range.setStart(nodes.currentNode, at)
      range.setEnd(nodes.currentNode, at + 1)
      const { x, y, width, height } = range.getBoundingClientRect()
      return { x: x + width / 2, y: y + height / 2 }
    }
    return null
  }, text)
  if (!place) throw new Error(`no ${text}`)
  return place
}

/** Opens a console whose machine has printed these lines. Nothing has the focus, so no keyboard is on the screen. */
async function open(page: Page, gateway: OpenGateway, text: string): Promise<void> {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  gateway.print(text)
  await terminalInput(page).evaluate((input) => input.blur())
}

/** The number of the first line that is shown, once the terminal stands. The screen reader's tree would come later. */
async function top(page: Page): Promise<number> {
  const first = () =>
    page.evaluate(() =>
      Number(/line (\d+)/.exec(document.querySelector('.xterm-rows')?.textContent ?? '')?.[1]),
    )
  let before = 0
  const stands = async () => {
    const last = before
    before = await first()
    return before === last
  }
  await expect.poll(stands, { intervals: [300] }).toBe(true)
  return before
}

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}\r\n`).join('')

test('a drag scrolls the history and brings no keyboard up; a tap does', async ({ page, gateway }) => {
  await open(page, gateway, lines(400))
  await seeOnScreen(page, /line 400$/m)
  const { put, drag, tap } = await hand(page)
  const before = await top(page)
  const [from, to] = [await inTerminal(page, 0.5, 0.2), await inTerminal(page, 0.5, 0.8)]
  await put(from, to)
  const dragged = await top(page)
  expect(dragged).toBeLessThan(before - 10)
  await drag(from, to)
  // It goes on by itself, further than the finger went.
  await expect.poll(async () => dragged - (await top(page))).toBeGreaterThan(before - dragged)
  const flung = await top(page)
  // A finger that comes while it still goes would stop it, and mean no tap.
  await put(to, from)
  expect(await top(page)).toBeGreaterThan(flung)
  await expect(terminalInput(page)).not.toBeFocused()
  expect(gateway.typed).toBe('')
  await tap(await inTerminal(page, 0.5, 0.5))
  await expect(terminalInput(page)).toBeFocused()
})

test('a drag is a wheel for a program that has the screen or the mouse', async ({ page, gateway }) => {
  await open(page, gateway, `${lines(100)}\x1b[?1049hpager`)
  await seeOnScreen(page, /pager/)
  const { drag } = await hand(page)
  const [low, high] = [await inTerminal(page, 0.5, 0.8), await inTerminal(page, 0.5, 0.4)]
  await terminalInput(page).focus()
  /** What a drag types. A key comes behind it: without one, the rest of it may still be under way. */
  const typedBy = async (from: Place, to: Place) => {
    gateway.typed = ''
    await drag(from, to)
    await page.keyboard.press('.')
    await expect.poll(() => gateway.typed).toMatch(/\.$/)
    return gateway.typed.slice(0, -1)
  }
  expect(await typedBy(low, high)).toMatch(/^(\x1b\[B){5,}$/)
  expect(await typedBy(high, low)).toMatch(/^(\x1b\[A){5,}$/)
  gateway.print('\x1b[?1000h\x1b[?1006hmouse')
  await seeOnScreen(page, /mouse/)
  expect(await typedBy(low, high)).toMatch(/^(\x1b\[<65;\d+;\d+M)+$/)
})

test('a finger that rests selects a word, goes on to more, and copies it', async ({
  page,
  gateway,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(page, gateway, 'see /var/log/syslog now\r\n')
  await seeOnScreen(page, /syslog/)
  const { down, move, up, tap } = await hand(page)
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  const tools = page.getByRole('group', { name: 'Selection' })
  const word = await placeOf(page, 'var')
  await down(word)
  await expect(tools).toBeVisible()
  await up()
  await expect(terminalInput(page)).not.toBeFocused()
  await tools.getByRole('button', { name: 'Copy' }).tap()
  await expect(page.getByText('Copied')).toBeVisible()
  await expect(tools).toBeHidden()
  expect(await clipboard()).toBe('/var/log/syslog')

  await down(word)
  await expect(tools).toBeVisible()
  await move(await placeOf(page, 'now'))
  await up()
  await tools.getByRole('button', { name: 'Copy' }).tap()
  await expect(tools).toBeHidden()
  expect(await clipboard()).toBe('/var/log/syslog n')

  // A tap beside it lets it go, and is no click.
  await down(word)
  await expect(tools).toBeVisible()
  await up()
  await tap(await inTerminal(page, 0.5, 0.6))
  await expect(tools).toBeHidden()
  expect(gateway.typed).toBe('')
})
