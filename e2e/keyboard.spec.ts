import type { CDPSession, Page } from '@playwright/test'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { KeyGateway } from './faults/key-gateway.ts'
import { test as base, consoleOf, expect, seeOnScreen, terminalInput } from './stack.ts'

interface Keyboards {
  /** Behind BMS Console: it notes each key and says nothing. */
  gateway: KeyGateway
  cdp: CDPSession
}

const test = base.extend<Keyboards>({
  gateway: async ({ stack }, use) => {
    await stack.sandbox.killGateway()
    const gateway = new KeyGateway(stack.sandbox.gatewayHost)
    await gateway.start()
    await use(gateway)
    await gateway.stop()
  },
  page: async ({ page }, use) => {
    page.on('dialog', (dialog) => void dialog.accept())
    await use(page)
  },
  cdp: async ({ page }, use) => use(await page.context().newCDPSession(page)),
})

async function open(page: Page): Promise<void> {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /login:/)
  await expect(page.getByRole('banner').getByText('Live', { exact: true })).toBeVisible()
}

const bits = { a: 1, c: 2, m: 4, s: 8 } as const
type Held = '' | 'a' | 'c' | 'm' | 's' | 'cs' | 'as'

/** What a browser tells of a key: what is held, the character of its label, its place, its number. */
type Key = readonly [held: Held, key: string, code: string, keyCode: number]

/** Presses a key of a keyboard with another layout than this computer's. */
async function press(cdp: CDPSession, ...[held, key, code, keyCode]: Key): Promise<void> {
  const modifiers = [...held].reduce((all, each) => all | bits[each as keyof typeof bits], 0)
  const types = !held.includes('c') && !held.includes('m') && key.length === 1
  const event = { modifiers, key, code, windowsVirtualKeyCode: keyCode, nativeVirtualKeyCode: keyCode }
  await cdp.send('Input.dispatchKeyEvent', {
    ...event,
    type: types ? 'keyDown' : 'rawKeyDown',
    ...(types ? { text: key, unmodifiedText: key } : {}),
  })
  await cdp.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' })
}

/** As Android does: which key it is, only the text tells. */
async function touch(cdp: CDPSession, text: string): Promise<void> {
  const event = { key: 'Unidentified', code: '', windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 }
  await cdp.send('Input.dispatchKeyEvent', { ...event, type: 'rawKeyDown' })
  await cdp.send('Input.insertText', { text })
  await cdp.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' })
}

const settings = (page: Page) => page.evaluate(() => localStorage.getItem('bms-console.settings') ?? '')
const sizeOf = async (page: Page) => Number(/"fontSize":(\d+)/.exec(await settings(page))?.[1] ?? 14)

const typed: Record<string, readonly (readonly [string, Key, string])[]> = {
  US: [
    ['a', ['', 'a', 'KeyA', 65], 'a'],
    ['A', ['s', 'A', 'KeyA', 65], 'A'],
    ['Ctrl+Shift+-', ['cs', '_', 'Minus', 189], '\x1f'],
    ['Ctrl+/', ['c', '/', 'Slash', 191], '\x1f'],
    ['Ctrl+Shift+6', ['cs', '^', 'Digit6', 54], '\x1e'],
    ['Ctrl+Space', ['c', ' ', 'Space', 32], '\0'],
    ['Ctrl+\\', ['c', '\\', 'Backslash', 220], '\x1c'],
    ['Ctrl+C', ['c', 'c', 'KeyC', 67], '\x03'],
    ['Alt+B', ['a', 'b', 'KeyB', 66], '\x1bb'],
    ['F5', ['', 'F5', 'F5', 116], '\x1b[15~'],
    ['Enter', ['', 'Enter', 'Enter', 13], '\r'],
    ['Backspace', ['', 'Backspace', 'Backspace', 8], '\x7f'],
  ],
  German: [
    ['z, at the US y', ['', 'z', 'KeyY', 90], 'z'],
    ['ö', ['', 'ö', 'Semicolon', 192], 'ö'],
    ['Ctrl+Y, at the US z', ['c', 'y', 'KeyZ', 89], '\x19'],
    ['Ctrl+ß, at the US -', ['c', 'ß', 'Minus', 219], ''],
    ['Ctrl+Shift+7', ['cs', '/', 'Digit7', 55], '\x1f'],
    ['Alt+#, which has the number of the US /', ['a', '#', 'Backslash', 191], '\x1b#'],
  ],
  French: [
    ['a, at the US q', ['', 'a', 'KeyQ', 65], 'a'],
    ['é, at the US 2', ['', 'é', 'Digit2', 50], 'é'],
    ['1, with Shift', ['s', '1', 'Digit1', 49], '1'],
    ['Ctrl+A, at the US q', ['c', 'a', 'KeyQ', 65], '\x01'],
    ['Ctrl+_, at the US 8', ['c', '_', 'Digit8', 56], '\x1f'],
    ['Ctrl+è, at the US 7', ['c', 'è', 'Digit7', 55], ''],
  ],
}

for (const [layout, keys] of Object.entries(typed)) {
  test(`the keys of a ${layout} keyboard are typed by their labels`, async ({ page, gateway, cdp }) => {
    await open(page)
    for (const [name, key, bytes] of keys) {
      const before = gateway.received
      await press(cdp, ...key)
      // Something that surely comes shows that nothing else came before it.
      await press(cdp, '', 'x', 'KeyX', 88)
      await expect.poll(() => gateway.received.slice(before.length), { message: name }).toBe(`${bytes}x`)
    }
  })
}

test('text grows and shrinks by the labels of German keys, and nothing is typed', async ({
  page,
  gateway,
  cdp,
}) => {
  await open(page)
  await press(cdp, 'cs', '*', 'BracketRight', 187)
  await expect.poll(() => sizeOf(page)).toBe(15)
  await press(cdp, 'cs', '_', 'Slash', 189)
  await press(cdp, 'cs', '_', 'Slash', 189)
  await expect.poll(() => sizeOf(page)).toBe(13)
  // At the places of the US + and -
  await press(cdp, 'cs', '?', 'Minus', 219)
  await press(cdp, 'cs', '`', 'Equal', 221)
  await press(cdp, '', 'x', 'KeyX', 88)
  await expect.poll(() => gateway.received).toBe('\x7fx')
  expect(await sizeOf(page)).toBe(13)
})

const mac = (layout: Record<string, string>) => `
  Object.defineProperty(Navigator.prototype, 'platform', { get: () => 'MacIntel' })
  Object.defineProperty(Navigator.prototype, 'keyboard', {
    get: () => ({ getLayoutMap: async () => new Map(Object.entries(${JSON.stringify(layout)})) }),
  })`

test('Option types what a German Mac has behind it', async ({ page, gateway, cdp }) => {
  await page.addInitScript(mac({ BracketLeft: 'ü', KeyY: 'z' }))
  await open(page)
  await press(cdp, 'a', '@', 'KeyL', 76)
  await press(cdp, 'a', '[', 'Digit5', 53)
  await press(cdp, 'a', '|', 'Digit7', 55)
  await press(cdp, 'a', '€', 'KeyE', 69)
  await expect.poll(() => gateway.received).toBe('@[|€')
  await press(cdp, 'm', '-', 'Slash', 189)
  await expect.poll(() => sizeOf(page)).toBe(13)
})

test('Option is Meta on a US Mac, and a setting says otherwise', async ({ page, gateway, cdp }) => {
  await page.addInitScript(mac({ BracketLeft: '[', KeyY: 'y' }))
  await open(page)
  await press(cdp, 'a', '∫', 'KeyB', 66)
  await expect.poll(() => gateway.received).toBe('\x1bb')
  await page.getByRole('button', { name: 'Keys', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Keyboard for this server…' }).click()
  await page.getByLabel('Option key, on all servers').selectOption('Characters')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(terminalInput(page)).toBeFocused()
  await press(cdp, 'a', '∫', 'KeyB', 66)
  await expect.poll(() => gateway.received).toBe('\x1bb∫')
})

test('an Android keyboard types each character once, and takes Ctrl from the screen', async ({
  page,
  gateway,
  cdp,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page)
  for (const text of ['l', 's', ' ']) await touch(cdp, text)
  await expect.poll(() => gateway.received).toBe('ls ')
  const ctrl = page.getByRole('button', { name: 'Ctrl', exact: true })
  await ctrl.click()
  await expect(ctrl).toHaveAttribute('aria-pressed', 'true')
  await touch(cdp, 'c')
  await expect.poll(() => gateway.received).toBe('ls \x03')
  await expect(ctrl).toHaveAttribute('aria-pressed', 'false')
  await touch(cdp, 'c')
  await expect.poll(() => gateway.received).toBe('ls \x03c')
  // It composes words, and sends them when they are whole. With Ctrl it need not wait.
  const compose = (text: string) =>
    cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  await ctrl.click()
  await compose('d')
  await expect.poll(() => gateway.received).toBe('ls \x03c\x04')
  for (const text of ['w', 'wh', 'who']) await compose(text)
  await cdp.send('Input.insertText', { text: 'who' })
  await expect.poll(() => gateway.received).toBe('ls \x03c\x04who')
})

test('an Android keyboard types each character once, faster than the page can look', async ({
  page,
  gateway,
  cdp,
}) => {
  await open(page)
  const text = 'journalctl --boot --no-pager | less '.repeat(5)
  await Promise.all([...text].map((character) => touch(cdp, character)))
  await expect.poll(() => gateway.received).toBe(text)
})

for (const screenReader of [true, false]) {
  test(`text without keys is typed once, ${screenReader ? 'with' : 'without'} screen reader mode`, async ({
    page,
    gateway,
    cdp,
  }) => {
    await page.addInitScript(
      (on) => localStorage.setItem('bms-console.settings', JSON.stringify({ screenReader: on })),
      screenReader,
    )
    await page.goto(consoleOf('web-fra-01'))
    await expect(page.getByRole('banner').getByText('Live', { exact: true })).toBeVisible()
    // Dictation, and an emoji picker that a key has opened whose release went elsewhere.
    await cdp.send('Input.insertText', { text: 'uname -r' })
    await cdp.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Meta',
      code: 'MetaLeft',
      windowsVirtualKeyCode: 91,
    })
    await cdp.send('Input.insertText', { text: '🖥️é' })
    await page.keyboard.type('Abc')
    await expect.poll(() => gateway.received).toBe('uname -r🖥️éAbc')
  })
}

test('the keypad stays open, beside the terminal and not over it', async ({ page, gateway }) => {
  await open(page)
  await page.getByRole('button', { name: 'Keys', exact: true }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Keypad' }).click()
  const keypad = page.getByRole('group', { name: 'Keypad' })
  for (let presses = 0; presses < 3; presses++) await keypad.getByRole('button', { name: 'F2' }).click()
  await expect.poll(() => gateway.received).toBe('\x1bOQ'.repeat(3))
  await expect(terminalInput(page)).toBeFocused()
  // What the product takes for itself: Ctrl+F6
  await page.getByRole('button', { name: 'Ctrl', exact: true }).click()
  await keypad.getByRole('button', { name: 'F6' }).click()
  await keypad.getByRole('button', { name: 'Ctrl+^' }).click()
  await expect.poll(() => gateway.received.slice(9)).toBe('\x1b[17;5~\x1e')
  // Locked by two presses, it is for the keys of this keyboard, too.
  await page.getByRole('button', { name: 'Ctrl', exact: true }).dblclick()
  await page.keyboard.type('ak')
  await page.getByRole('button', { name: 'Ctrl, locked' }).click()
  await page.keyboard.type('k')
  await expect.poll(() => gateway.received.slice(17)).toBe('\x01\x0bk')
  for (const [width, height] of [
    [1440, 900],
    [844, 390],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height })
    const key = keypad.getByRole('button', { name: 'F1', exact: true })
    const [pad, terminal] = [await key.boundingBox(), await page.locator('.xterm').boundingBox()]
    if (!pad || !terminal) throw new Error('one of them is not there')
    const apart = pad.y >= terminal.y + terminal.height || pad.x >= terminal.x + terminal.width
    expect(apart, `${width}x${height}`).toBe(true)
    expect(terminal.height, `${width}x${height}`).toBeGreaterThan(150)
  }
  await inBothThemes(page, () => atEachWidth(page, [1440, 390], () => expectAccessible(page)))
  expect(await settings(page)).toContain('"keypad":true')
  await page.getByRole('button', { name: 'More keys' }).click()
  await expect(keypad).toHaveCount(0)
})

for (const transport of ['direct', 'relay'] as const) {
  test.describe(`over ${transport}`, () => {
    test.use({ transport })

    test('each server gets the keys that its machine expects, also after a reload', async ({
      page,
      gateway,
      cdp,
    }) => {
      await open(page)
      await page.getByRole('button', { name: 'Keys', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Keyboard for this server…' }).click()
      await inBothThemes(page, () => atEachWidth(page, [1440, 390], () => expectAccessible(page)))
      await page.getByLabel('Backspace sends').selectOption('^H (BS), for older firmware')
      await page.getByLabel('Enter sends').selectOption('CR LF')
      await page.getByLabel('Function keys').selectOption('Firmware, VT-UTF8 (F5 is Esc 5)')
      await page.getByRole('checkbox', { name: /Local echo/ }).check()
      await page.getByRole('button', { name: 'Save' }).click()
      const type = async () => {
        await page.keyboard.type('abc')
        await page.keyboard.press('Backspace')
        await page.keyboard.press('Enter')
        await press(cdp, '', 'F2', 'F2', 113)
        await press(cdp, 'c', 'm', 'KeyM', 77)
        await page.keyboard.press('Control+Backspace')
      }
      await type()
      await expect.poll(() => gateway.received).toBe('abc\b\r\n\x1b2\r\x7f')
      // The machine shows nothing of it.
      await seeOnScreen(page, /login: ab\s/)
      await open(page)
      await type()
      await expect.poll(() => gateway.received).toBe('abc\b\r\n\x1b2\r\x7f'.repeat(2))
      await page.goto(consoleOf('db-fra-01'))
      await seeOnScreen(page, /login:/)
      await page.keyboard.press('Enter')
      await expect.poll(() => gateway.received.slice(20)).toBe('\r')
    })
  })
}

test("a gateway's own escapes are asked about, and nothing typed is lost", async ({ page, gateway }) => {
  await open(page)
  await page.getByRole('button', { name: 'Keys', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Keyboard for this server…' }).click()
  for (const name of [/start of a line/, /telnet/, /iLO/]) await page.getByRole('checkbox', { name }).check()
  await page.getByRole('button', { name: 'Save' }).click()
  const tilde = page.getByRole('dialog', { name: 'Send ~. to the gateway of web-fra-01?' })
  await page.keyboard.type('ls ~.\n')
  await expect.poll(() => gateway.received).toBe('ls ~.\r')
  await page.keyboard.type('~.')
  await expect(tilde).toBeVisible()
  expect(gateway.received).toBe('ls ~.\r~')
  await tilde.getByRole('button', { name: 'Don’t send' }).click()
  await page.keyboard.type('x')
  await expect.poll(() => gateway.received).toBe('ls ~.\r~x')
  await page.keyboard.press('Control+]')
  await page
    .getByRole('dialog', { name: 'Send Ctrl+] to the gateway of web-fra-01?' })
    .getByRole('button', { name: 'Send', exact: true })
    .click()
  await expect.poll(() => gateway.received).toBe('ls ~.\r~x\x1d')
  await page.keyboard.press('Escape')
  await page.keyboard.type('(')
  await page
    .getByRole('dialog', { name: 'Send Esc ( to the gateway of web-fra-01?' })
    .getByRole('button', { name: 'Send', exact: true })
    .click()
  await page.keyboard.type('y')
  await expect.poll(() => gateway.received).toBe('ls ~.\r~x\x1d\x1b(y')
  await terminalInput(page).evaluate((input) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', '~.')
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  const paste = page.getByRole('dialog', { name: 'Paste 1 line?' })
  await expect(paste).toContainText('It has ~. at the start of a line')
  await paste.getByRole('button', { name: 'Paste' }).click()
  await expect.poll(() => gateway.received).toBe('ls ~.\r~x\x1d\x1b(y~.')
})

test('full screen tells whether the browser gave its keys away', async ({ page, gateway }) => {
  await page.addInitScript(() => {
    const locked: string[][] = []
    Object.assign(window, { locked })
    Object.defineProperty(Navigator.prototype, 'keyboard', {
      get: () => ({ lock: async (codes: string[]) => void locked.push(codes), unlock: () => locked.pop() }),
    })
  })
  await open(page)
  const locked = () => page.evaluate(() => Reflect.get(window, 'locked'))
  await page.getByRole('button', { name: 'View' }).click()
  await page.getByRole('menuitem', { name: 'Full screen' }).click()
  await expect(
    page.getByText(/^Hold Esc to exit full screen\. Ctrl\+W, Ctrl\+N, Ctrl\+T, F11 go/),
  ).toBeVisible()
  expect(await locked()).toEqual([['Escape', 'F11', 'KeyW', 'KeyN', 'KeyT']])
  await page.evaluate(() => document.exitFullscreen())
  await expect.poll(locked).toEqual([])
  expect(gateway.received).toBe('')
})
