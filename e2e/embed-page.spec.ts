import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FrameLocator, Page } from '@playwright/test'
import { EMBED_VERSION, EmbedEvent } from '../src/shared/embed.ts'
import { launchTicket } from '../src/testing/launch-ticket.ts'
import { expectAccessible, inBothThemes } from './axe.ts'
import { expect, intervals, type Stack, seeOnScreen, test as stackTest } from './stack.ts'

// The page to embed by itself, and in a plain page of another site: the contract as it goes over the wire.

const SECRET = 'a secret that portal and console share'
const SERVER = 'web-fra-01'

/** A portal on another site, with nothing but a frame and a note of all that comes out of it. */
const test = stackTest.extend<{ portal: string; serverId: string }>({
  transport: 'relay',
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  portal: async ({}, use) => {
    const site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<!doctype html><title>Portal</title><link rel="icon" href="data:,">
        <style>body { margin: 0 } iframe { border: 0; width: 100vw; height: 100vh }</style>
        <script>
          window.heard = []
          addEventListener('message', ({ origin, data }) => window.heard.push({ origin, data }))
        </script>`)
    })
    await new Promise<void>((resolve) => site.listen(0, 'localhost', resolve))
    await use(`http://localhost:${(site.address() as AddressInfo).port}`)
    await new Promise((resolve) => {
      site.close(resolve)
      site.closeAllConnections()
    })
  },
  env: async ({ portal }, use) =>
    use({ BMS_CONSOLE_EMBED_ORIGINS: portal, BMS_CONSOLE_LAUNCH_SECRET: SECRET }),
  serverId: async ({ stack }, use) => {
    const answer = await fetch(`${stack.origin}/api/servers`)
    const { servers } = (await answer.json()) as { servers: { id: string; name: string }[] }
    await use(servers.find(({ name }) => name === SERVER)?.id ?? '')
  },
})

const ticketFor = (stack: Stack, server: string, claims: Record<string, unknown> = {}) =>
  launchTicket(SECRET, stack.origin, { server, ...claims })

/** Puts the console into the portal's page. @returns what is in the frame */
async function embed(page: Page, portal: string, address: string): Promise<FrameLocator> {
  await page.goto(portal)
  await page.evaluate((src) => {
    const frame = document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin')
    frame.allow = 'clipboard-read; clipboard-write'
    frame.src = src
    document.body.append(frame)
  }, address)
  return page.frameLocator('iframe')
}

async function post(page: Page, stack: Stack, command: Record<string, unknown>): Promise<void> {
  await page.evaluate(([message, target]) => window[0]?.postMessage(message, target), [
    { channel: 'bms-console', version: EMBED_VERSION, ...command },
    stack.origin,
  ] as const)
}

/** The events that the portal got, each parsed; all are of the console's origin. */
async function events(page: Page, stack: Stack): Promise<EmbedEvent[]> {
  const heard = (await page.evaluate(() => Reflect.get(window, 'heard'))) as {
    origin: string
    data: unknown
  }[]
  return heard.map(({ origin, data }) => {
    expect(origin).toBe(stack.origin)
    return EmbedEvent.parse(data)
  })
}

const types = async (page: Page, stack: Stack) => (await events(page, stack)).map(({ type }) => type)

async function live(page: Page, stack: Stack): Promise<void> {
  const reached = async () =>
    (await events(page, stack)).some(
      (event) => event.type === 'state' && event.state === 'live' && event.mayType,
    )
  await expect.poll(reached, { intervals }).toBe(true)
}

async function transcript(page: Page, stack: Stack): Promise<string> {
  const id = crypto.randomUUID()
  await post(page, stack, { type: 'get-transcript', id })
  const found = async () =>
    (await events(page, stack)).find((event) => event.type === 'transcript' && event.id === id)
  await expect.poll(found, { intervals }).toBeDefined()
  const event = await found()
  return event?.type === 'transcript' ? event.text : ''
}

/** The frame may take a moment to listen, and does not say when: a portal greets until it is answered. */
async function greet(page: Page, stack: Stack): Promise<void> {
  await expect
    .poll(async () => {
      await post(page, stack, { type: 'hello' })
      return types(page, stack)
    })
    .toContain('ready')
}

/** Greets, launches, and logs in by what the portal sends. */
async function launchAndLogIn(page: Page, stack: Stack, serverId: string): Promise<void> {
  await greet(page, stack)
  await post(page, stack, { type: 'launch', ticket: await ticketFor(stack, serverId) })
  await live(page, stack)
  await expect.poll(() => transcript(page, stack), { intervals }).toMatch(/login:/)
  await post(page, stack, { type: 'send', text: 'root\r' })
  await expect.poll(() => transcript(page, stack), { intervals }).toMatch(/Password:/)
  await post(page, stack, { type: 'send', text: 'sandbox\r' })
  await expect.poll(() => transcript(page, stack), { intervals }).toMatch(/root@web-fra-01/)
}

test.describe('on its own', () => {
  test('a ticket in the address opens the console, and is gone from the address', async ({
    page,
    stack,
    serverId,
  }) => {
    const cookies: (string | undefined)[] = []
    page.on('request', async (request) => cookies.push((await request.allHeaders()).cookie))
    await page.goto(`/embed/${serverId}#ticket=${await ticketFor(stack, serverId, { theme: 'dark' })}`)
    expect(page.url()).not.toContain('ticket')
    await seeOnScreen(page, /login:/)
    await expect(page.getByRole('heading', { name: SERVER })).toBeVisible()
    await page.keyboard.type('root\n')
    await seeOnScreen(page, /Password:/)
    expect(cookies.filter(Boolean)).toEqual([])
    expect(await page.context().cookies()).toEqual([])
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
    expect(stored).not.toMatch(/ey[\w-]+\.|bearer/i)
    // What the portal wants is no choice of this person's.
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
    expect(stored).not.toContain('dark')

    await page.reload()
    await expect(page.getByRole('alert')).toContainText('Open this console from the portal')
  })

  test('keys typed while the line is down wait for a person, also in a low frame', async ({
    page,
    stack,
    serverId,
  }) => {
    await page.setViewportSize({ width: 390, height: 300 })
    await page.goto(`/embed/${serverId}#ticket=${await ticketFor(stack, serverId)}`)
    await seeOnScreen(page, /login:/)
    await stack.sandbox.killGateway()
    await expect(page.getByRole('alert')).toBeVisible()
    await page.keyboard.type('root')
    await expect(page.getByRole('heading', { name: '4 keys were not sent' })).toBeVisible()
    await inBothThemes(page, () => expectAccessible(page))
    await stack.sandbox.restoreGateway()
    const again = page.getByRole('button', { name: 'Send again' })
    await expect(again).toBeEnabled()
    await again.click()
    await seeOnScreen(page, /back after \d+ s ──\n\s*root\s*$/)
    await expect(page.getByRole('heading', { name: '4 keys were not sent' })).toHaveCount(0)
  })

  test('its settings survive a browser that blocks storage', async ({ page, stack, serverId }) => {
    await page.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('blocked', 'SecurityError')
          },
        })
    })
    await page.goto(`/embed/${serverId}#ticket=${await ticketFor(stack, serverId, { theme: 'dark' })}`)
    await expect(page.getByRole('banner').getByText('Live')).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  })

  test('a ticket that was used, or is for another server, is told with its reason', async ({
    page,
    stack,
    serverId,
  }) => {
    const ticket = await ticketFor(stack, serverId)
    await page.goto(`/embed/${serverId}#ticket=${ticket}`)
    await expect(page.getByRole('banner').getByText('Live')).toBeVisible()
    await page.goto('about:blank')
    await page.goto(`/embed/${serverId}#ticket=${ticket}`)
    await expect(page.getByRole('alert')).toContainText('ticket is not valid')
    await page.goto('about:blank')
    await page.goto(`/embed/another#ticket=${await ticketFor(stack, serverId)}`)
    await expect(page.getByRole('alert')).toContainText('ticket is not valid')
    await page.getByText('Technical details', { exact: true }).click()
    await expect(page.getByText(`The ticket is for the server ${serverId}.`)).toBeVisible()
  })

  test('who may only watch types nothing', async ({ page, stack, serverId }) => {
    await page.goto(`/embed/${serverId}#ticket=${await ticketFor(stack, serverId, { role: 'viewer' })}`)
    await expect(page.getByRole('banner').getByText('Watching')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Send keys' })).toBeDisabled()
    await page.getByRole('region', { name: 'Serial console' }).click()
    await page.keyboard.type('x')
    await expect(page.getByText('Not sent: your role can only watch').first()).toBeVisible()
  })

  test('all of the bar is reached by keys, and the terminal left', async ({ page, stack, serverId }) => {
    await page.goto(`/embed/${serverId}#ticket=${await ticketFor(stack, serverId)}`)
    await seeOnScreen(page, /login:/)
    await page.keyboard.press('Control+F6')
    for (const name of [/^Terminal size/, 'Find', 'Send keys']) {
      await page.keyboard.press('Tab')
      await expect(page.getByRole('button', { name })).toBeFocused()
    }
    await page.keyboard.press('Enter')
    const keys = page.getByRole('dialog', { name: 'Send keys' })
    // Its code loads when it is opened.
    await expect(keys).toBeVisible()
    await page.keyboard.press('Tab')
    await expect(keys.getByRole('button', { name: 'Ctrl+C' })).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(keys).toBeHidden()
    await page.getByRole('button', { name: 'Disconnect' }).press('Enter')
    await expect(page.getByRole('heading', { name: 'You disconnected' })).toBeVisible()
    await page.getByRole('banner').getByRole('button', { name: 'Reconnect' }).press('Enter')
    await expect(page.getByRole('banner').getByText('Live')).toBeVisible()
  })
})

test.describe('embedding is off', () => {
  test.use({ env: {} })
  test('the page names the setting', async ({ page }) => {
    await page.goto('/embed/any')
    await expect(page.getByRole('alert')).toContainText('BMS_CONSOLE_EMBED_ORIGINS')
  })
})

test.describe('in a page of another site', () => {
  test('says nothing before it is greeted, then every step', async ({ page, portal, stack, serverId }) => {
    const frame = await embed(page, portal, `${stack.origin}/embed/${serverId}`)
    await expect(frame.getByText('Waiting for the portal')).toBeVisible()
    await post(page, stack, { type: 'get-transcript', id: 'too early' })
    await post(page, stack, { type: 'hello', version: 99 })
    await post(page, stack, { type: 'hello' })
    await expect.poll(() => types(page, stack), { intervals }).toEqual(['ready'])
    await post(page, stack, { type: 'launch', ticket: await ticketFor(stack, serverId) })
    await live(page, stack)
    const states = (await events(page, stack)).flatMap((event) => (event.type === 'state' ? event.state : []))
    expect(states.slice(0, 2)).toEqual(['issuing', 'opening'])
    expect(states.at(-1)).toBe('live')
  })

  test('types, pastes with a question, and gives its text', async ({ page, portal, stack, serverId }) => {
    const frame = await embed(page, portal, `${stack.origin}/embed/${serverId}`)
    await launchAndLogIn(page, stack, serverId)

    await post(page, stack, { type: 'paste', text: 'echo one\necho two\n' })
    const dialog = frame.getByRole('dialog', { name: 'Paste 2 lines?' })
    await expect(dialog).toBeVisible()
    await dialog.getByRole('button', { name: 'Paste' }).click()
    await expect.poll(() => transcript(page, stack), { intervals }).toMatch(/^two$/m)
  })

  test('shows how far a long paste is, and cancels it', async ({ page, portal, stack, serverId }) => {
    await page.setViewportSize({ width: 390, height: 300 })
    const frame = await embed(page, portal, `${stack.origin}/embed/${serverId}`)
    await launchAndLogIn(page, stack, serverId)
    await post(page, stack, { type: 'paste', text: 'echo one\n'.repeat(50_000) })
    await frame.getByRole('dialog').getByRole('button', { name: 'Paste' }).click()
    await expect(frame.getByRole('progressbar', { name: 'Paste' })).toHaveAttribute(
      'aria-valuetext',
      /^[\d,]+ of 450,000 bytes, \d:\d\d left$/,
    )
    const card = frame.getByRole('region', { name: 'Paste' })
    await card.getByRole('button', { name: 'Cancel' }).click()
    await expect(card).toHaveCount(0)
    await expect(frame.getByText(/^Paste cancelled after [\d,]+ of 450,000 bytes/)).toBeVisible()
    await expect(frame.getByRole('textbox', { name: 'Terminal input' })).toBeFocused()

    // Also where a notice and the words of a stopped paste leave no room, its buttons are in the frame.
    await post(page, stack, { type: 'paste', text: 'echo one\n'.repeat(50_000) })
    await frame.getByRole('dialog').getByRole('button', { name: 'Paste' }).click()
    await expect(card).toBeVisible()
    await post(page, stack, { type: 'disconnect' })
    const discard = card.getByRole('button', { name: 'Discard the rest' })
    await expect(discard).toBeInViewport({ ratio: 1 })
    await discard.click()
    await expect(card).toHaveCount(0)
  })

  test('disconnects, connects, takes the focus', async ({ page, portal, stack, serverId }) => {
    const frame = await embed(page, portal, `${stack.origin}/embed/${serverId}`)
    await launchAndLogIn(page, stack, serverId)
    await post(page, stack, { type: 'disconnect' })
    await expect.poll(() => types(page, stack), { intervals }).toContain('ended')
    const ended = (await events(page, stack)).find((event) => event.type === 'ended')
    expect(ended).toMatchObject({ cause: null })
    await post(page, stack, { type: 'connect' })
    const last = async () => (await events(page, stack)).findLast((event) => event.type === 'state')
    await expect.poll(last).toMatchObject({ state: 'live' })
    expect(await transcript(page, stack)).toMatch(/root@web-fra-01/)
    await post(page, stack, { type: 'focus' })
    await expect(frame.getByRole('textbox', { name: 'Terminal input' })).toBeFocused()
  })

  test('looks as it is told, in the language that it is told', async ({ page, portal, stack, serverId }) => {
    const frame = await embed(page, portal, `${stack.origin}/embed/${serverId}`)
    await greet(page, stack)
    await post(page, stack, { type: 'set', theme: 'dark', language: 'de', fontSize: 20 })
    await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark')
    await expect(frame.getByText('Warten auf das Portal')).toBeVisible()
    await post(page, stack, { type: 'set', theme: 'light' })
    await expect(frame.locator('html')).toHaveAttribute('data-theme', 'light')
  })

  test('a new ticket keeps the screen and the line; one of another user is refused, and the console goes on', async ({
    page,
    portal,
    stack,
    serverId,
  }) => {
    await embed(page, portal, `${stack.origin}/embed/${serverId}`)
    await launchAndLogIn(page, stack, serverId)
    const before = (await types(page, stack)).filter((type) => type === 'state').length
    const renewed = page.waitForResponse((response) => response.url().endsWith('/api/embed/exchange'))
    await post(page, stack, { type: 'renew-ticket', ticket: await ticketFor(stack, serverId) })
    const response = await renewed
    expect(response.ok()).toBe(true)
    expect((await response.request().allHeaders()).authorization).toMatch(/^Bearer /)
    await post(page, stack, { type: 'send', text: 'hostname\r' })
    await expect.poll(() => transcript(page, stack), { intervals }).toMatch(/^web-fra-01$/m)
    expect((await types(page, stack)).filter((type) => type === 'state')).toHaveLength(before)

    await post(page, stack, {
      type: 'renew-ticket',
      ticket: await ticketFor(stack, serverId, { sub: 'u-18' }),
    })
    await expect.poll(() => types(page, stack), { intervals }).toContain('error')
    const error = (await events(page, stack)).find((event) => event.type === 'error')
    expect(error).toMatchObject({ cause: 'launch-refused', retries: false })
    expect(await types(page, stack)).not.toContain('ended')
  })

  test('a page that is not listed hears nothing', async ({ page, stack, serverId }) => {
    // Its own policy out of the way, as behind a proxy that drops it.
    await page.route('**/embed/**', async (route) => {
      const response = await route.fetch()
      const headers = { ...response.headers() }
      delete headers['content-security-policy']
      await route.fulfill({ response, headers })
    })
    await page.route('http://stranger.localhost/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<script>window.heard = []; addEventListener('message', ({ origin, data }) => heard.push({ origin, data }))</script><body></body>`,
      }),
    )
    const frame = await embed(page, 'http://stranger.localhost/', `${stack.origin}/embed/${serverId}`)
    await expect(frame.getByRole('alert')).toContainText('add its origin, http://stranger.localhost')
    await post(page, stack, { type: 'hello' })
    await post(page, stack, { type: 'launch', ticket: await ticketFor(stack, serverId) })
    await frame.locator('body').evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)))
    expect(await events(page, stack)).toEqual([])
    await expect(frame.getByRole('alert')).toBeVisible()
  })
})

test('axe finds nothing in a frame of 390 by 300', async ({ page, stack, serverId }) => {
  const check = () => inBothThemes(page, () => expectAccessible(page))
  await page.setViewportSize({ width: 390, height: 300 })
  await page.goto(`/embed/${serverId}#ticket=${await ticketFor(stack, serverId)}`)
  await seeOnScreen(page, /login:/)
  await check()
  await page.getByRole('button', { name: 'Send keys' }).click()
  await expect(page.getByRole('dialog', { name: 'Send keys' })).toBeVisible()
  await check()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await expect(page.getByRole('heading', { name: 'You disconnected' })).toBeVisible()
  await check()
  await page.reload()
  await expect(page.getByRole('alert')).toBeVisible()
  await check()
})

for (const [language, menu, encoding] of [
  ['de', /^Terminalgröße/, 'Zeichensatz'],
  ['zh', /^终端大小/, '编码'],
] as const) {
  test(`speaks ${language} in all of its menus, and reads the line in another encoding`, async ({
    page,
    stack,
    serverId,
  }) => {
    await page.goto(`/embed/${serverId}#ticket=${await ticketFor(stack, serverId, { language })}`)
    await seeOnScreen(page, /login:/)
    await page.getByRole('button', { name: menu }).click()
    await page.getByRole('combobox', { name: encoding }).selectOption('gbk')
    await expect(page.getByRole('combobox', { name: encoding })).toBeHidden()
    await expect(page.getByText(/GBK/).first()).toBeAttached()
    expect(await page.evaluate(() => localStorage.getItem('bms-console.servers'))).toContain(
      '"encoding":"gbk"',
    )
    // A text that is missing shows its name.
    const said = await page.evaluate(() =>
      [...document.querySelectorAll('button, select, legend, input')].flatMap((each) => [
        each.textContent ?? '',
        each.getAttribute('aria-label') ?? '',
        each.getAttribute('title') ?? '',
      ]),
    )
    expect(said.filter((text) => /^[a-z]+\.[a-zA-Z.]+$/.test(text.trim()))).toEqual([])
  })
}

test.describe('on a touch screen', () => {
  test.use({ hasTouch: true, isMobile: true })

  test('the keypad stays open, below the terminal or beside it', async ({ page, stack, serverId }) => {
    await page.setViewportSize({ width: 390, height: 700 })
    await page.goto(`/embed/${serverId}#ticket=${await ticketFor(stack, serverId)}`)
    await seeOnScreen(page, /login:/)
    await page.getByRole('button', { name: 'More keys' }).tap()
    const key = page.getByRole('button', { name: 'F2', exact: true })
    await key.tap()
    await key.tap()
    for (const [width, height] of [
      [390, 700],
      [844, 390],
      [1000, 700],
    ] as const) {
      await page.setViewportSize({ width, height })
      const [pad, terminal] = [await key.boundingBox(), await page.locator('.xterm').boundingBox()]
      if (!pad || !terminal) throw new Error('one of them is not there')
      const apart = pad.y >= terminal.y + terminal.height || pad.x >= terminal.x + terminal.width
      expect(apart, `${width}x${height}`).toBe(true)
      expect(terminal.height, `${width}x${height}`).toBeGreaterThan(150)
      await expectAccessible(page)
    }
  })
})

test.describe('a portal with a bar of its own', () => {
  const keysHeard = async (page: Page, stack: Stack) =>
    (await events(page, stack)).flatMap((event) => (event.type === 'key' ? [event.keys] : []))
  const sizeHeard = async (page: Page, stack: Stack) => {
    const sizes = (await events(page, stack)).flatMap((event) => (event.type === 'size' ? [event] : []))
    const { columns, rows } = sizes.at(-1) ?? {}
    return { columns, rows }
  }

  test('the console’s bar goes, and messages do what it did', async ({ page, stack, portal, serverId }) => {
    const frame = await embed(page, portal, `${stack.origin}/embed/${serverId}`)
    await greet(page, stack)
    await post(page, stack, { type: 'set', chrome: 'none' })
    await post(page, stack, { type: 'launch', ticket: await ticketFor(stack, serverId) })
    await live(page, stack)
    await expect(frame.getByRole('group', { name: 'Console tools' })).toHaveCount(0)
    const terminal = await frame.getByRole('region', { name: 'Serial console' }).boundingBox()
    expect(terminal?.y).toBeLessThan(12)

    await post(page, stack, { type: 'set-size', size: { columns: 80, rows: 24 } })
    await expect.poll(() => sizeHeard(page, stack), { intervals }).toEqual({ columns: 80, rows: 24 })
    await post(page, stack, { type: 'find' })
    await expect(frame.getByRole('textbox', { name: 'Find', exact: true })).toBeFocused()
    await page.keyboard.press('Escape')
    await post(page, stack, { type: 'keypad' })
    await expect(frame.getByRole('group', { name: 'Extra keys' })).toBeVisible()
    // In a low frame it is beside the terminal, for a mouse, too.
    await page.setViewportSize({ width: 800, height: 500 })
    const [pad, beside] = [
      await frame.getByRole('group', { name: 'Extra keys' }).boundingBox(),
      await frame.getByRole('region', { name: 'Serial console' }).boundingBox(),
    ]
    expect(pad?.x).toBeGreaterThanOrEqual((beside?.x ?? 0) + (beside?.width ?? 800))
    expect(beside?.height).toBeGreaterThan(400)

    // Who leaves the terminal finds the frame's own place for the focus.
    const input = frame.getByRole('textbox', { name: 'Terminal input' })
    await input.focus()
    await page.keyboard.press('Control+F6')
    await expect(input).not.toBeFocused()
    await post(page, stack, { type: 'set', chrome: 'bar' })
    await expect(frame.getByRole('button', { name: 'Terminal size: 80 columns, 24 rows' })).toBeVisible()
  })

  test('its shortcuts leave the frame, and no other key does', async ({ page, stack, portal, serverId }) => {
    const frame = await embed(page, portal, `${stack.origin}/embed/${serverId}`)
    await launchAndLogIn(page, stack, serverId)
    await post(page, stack, { type: 'set', passKeys: ['Ctrl+K', 'Ctrl+Shift+P', 'F1'] })
    await frame.getByRole('textbox', { name: 'Terminal input' }).focus()
    await page.keyboard.type('echo one')
    for (const keys of ['Control+k', 'Control+Shift+P', 'F1', 'Control+u']) await page.keyboard.press(keys)
    await page.keyboard.type('echo two\n')
    await expect.poll(() => transcript(page, stack), { intervals }).toMatch(/^two$/m)
    expect(await transcript(page, stack)).not.toMatch(/^one$/m)
    expect(await keysHeard(page, stack)).toEqual(['Ctrl+K', 'Ctrl+Shift+P', 'F1'])
    // A letter alone is no shortcut, so the list as a whole is not taken.
    await post(page, stack, { type: 'set', passKeys: ['e'] })
    await page.keyboard.type('echo three\n')
    await expect.poll(() => transcript(page, stack), { intervals }).toMatch(/^three$/m)
  })

  test('the bar has the size and the search', async ({ page, stack, portal, serverId }) => {
    const frame = await embed(page, portal, `${stack.origin}/embed/${serverId}`)
    await launchAndLogIn(page, stack, serverId)
    await frame.getByRole('button', { name: /^Terminal size/ }).click()
    await frame.getByRole('button', { name: '80 × 25' }).click()
    await expect(frame.getByRole('button', { name: 'Terminal size: 80 columns, 25 rows' })).toBeVisible()
    await frame.getByRole('button', { name: 'Find' }).click()
    await frame.getByRole('textbox', { name: 'Find', exact: true }).fill('Password')
    await expect(frame.getByRole('search').getByRole('status')).toHaveText(/^(\d+) of \1$/)
  })
})
