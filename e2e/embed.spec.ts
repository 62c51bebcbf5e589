import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { startLine } from './embed/line.ts'
import { servePortalPage } from './embed/origins.ts'
import { consoleFrame, expect, hear, logIn, seeInTranscript, sign, test, told, type } from './embed/portal.ts'
import { serverId } from './stack.ts'

test.describe('events', () => {
  test('ready, then the states up to live', async ({ page, portal }) => {
    await page.goto(portal.origin)
    await hear(page, { type: 'state', state: 'live', mayType: true })
    const heard = await told(page)
    expect(heard[0]).toEqual({ type: 'ready' })
    const states = heard.flatMap((event) => (event.type === 'state' ? event.state : []))
    expect(states.slice(0, states.indexOf('live'))).toEqual(expect.arrayContaining(['issuing', 'opening']))
    expect(portal.asked).toBe(1)
  })

  test('the machine’s title and its bell', async ({ page, portal, stack }) => {
    await stack.sandbox.killGateway()
    const line = await startLine(stack.sandbox.gatewayHost, {
      greets: 'ready> ',
      answers: '\x1b]0;kernel <b>building</b>\x07done\x07',
    })
    await page.goto(portal.origin)
    await hear(page, { type: 'state', state: 'live' })
    await type(page, 'make\r')
    await hear(page, { type: 'title', title: 'kernel <b>building</b>' })
    await hear(page, { type: 'bell' })
    await line.close()
  })

  test('an error that a person has to see to, and the end', async ({ page, portal }) => {
    const windows = serverId('erp-win-01')
    portal.answer({ server: windows })
    await page.goto(portal.origin)
    await page.evaluate((id) => document.querySelector('bms-console')?.setAttribute('server', id), windows)
    await hear(page, { type: 'error', cause: 'unsupported-os', retries: false })
    await hear(page, { type: 'ended', cause: 'unsupported-os' })
    const error = (await told(page)).findLast((event) => event.type === 'error')
    expect(error?.title).toEqual(expect.stringMatching(/\w/))
    expect(error?.next).toEqual(expect.stringMatching(/\w/))
  })

  for (const [clock, off] of [
    ['right', 0],
    ['a day ahead', 86_400_000],
  ] as const)
    test(`the ticket is about to end: a new one is fetched, and the screen stays, the clock being ${clock}`, async ({
      page,
      portal,
      stack,
    }) => {
      await page.clock.install({ time: Date.now() + off })
      await logIn(page, portal)
      const frame = await consoleFrame(page, stack)
      const before = portal.asked
      await page.clock.fastForward('13:30')
      expect(portal.asked).toBe(before)
      await page.clock.fastForward('01:00')
      await hear(page, { type: 'ticket-expiring' })
      await expect.poll(() => portal.asked).toBe(before + 1)
      await type(page, 'echo still   42\r')
      await seeInTranscript(page, /^still 42/m)
      expect(frame.isDetached()).toBe(false)
      expect((await told(page)).filter((event) => event.type === 'ready')).toHaveLength(1)
    })
})

test.describe('commands', () => {
  test('send types, get transcript reads, focus leads to the terminal, a ticket is renewed', async ({
    page,
    portal,
    stack,
  }) => {
    await logIn(page, portal)
    await type(page, 'echo sent   42\r')
    await seeInTranscript(page, /^sent 42/m)
    await page.evaluate(() => document.querySelector('bms-console')?.focus())
    const frame = await consoleFrame(page, stack)
    await expect(frame.getByRole('textbox', { name: 'Terminal input' })).toBeFocused()
    await page.keyboard.type('echo typed   42\n')
    await seeInTranscript(page, /^typed 42/m)
    const before = portal.asked
    await page.evaluate(() => document.querySelector('bms-console')?.renewTicket())
    expect(portal.asked).toBe(before + 1)
    await type(page, 'echo renewed   42\r')
    await seeInTranscript(page, /^renewed 42/m)
    expect((await told(page)).filter((event) => event.type === 'error')).toEqual([])
  })

  test('paste goes the way of every paste', async ({ page, portal, stack }) => {
    await logIn(page, portal)
    const paste = (text: string) =>
      page.evaluate((pasted) => document.querySelector('bms-console')?.paste(pasted), text)
    await paste('echo pasted   42')
    await type(page, '\r')
    await seeInTranscript(page, /^pasted 42/m)
    await paste('echo one\necho two\n')
    const frame = await consoleFrame(page, stack)
    await expect(frame.getByRole('dialog')).toBeVisible()
  })

  test('disconnect and connect', async ({ page, portal }) => {
    await page.goto(portal.origin)
    await hear(page, { type: 'state', state: 'live' })
    await page.evaluate(() => document.querySelector('bms-console')?.disconnect())
    await hear(page, { type: 'ended', cause: null })
    await page.evaluate(() => {
      Reflect.set(window, 'told', [])
      document.querySelector('bms-console')?.connect()
    })
    await hear(page, { type: 'state', state: 'live' })
  })

  test('set changes theme, language and text size', async ({ page, portal, stack }) => {
    await page.goto(portal.origin)
    await hear(page, { type: 'state', state: 'live' })
    const frame = await consoleFrame(page, stack)
    const scheme = () => frame.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
    const set = (settings: { theme?: 'light' | 'dark'; language?: string; fontSize?: number }) =>
      page.evaluate((given) => document.querySelector('bms-console')?.set(given), settings)
    await set({ theme: 'dark' })
    await expect.poll(scheme).toBe('dark')
    await set({ theme: 'light' })
    await expect.poll(scheme).toBe('light')
    const language = () => frame.evaluate(() => document.documentElement.lang)
    await set({ language: 'de' })
    await expect.poll(language).toBe('de')
    await set({ language: 'en' })
    await expect.poll(language).toBe('en')
    const rowHeight = () =>
      frame.evaluate(() => document.querySelector('.xterm-rows > div')?.getBoundingClientRect().height ?? 0)
    await set({ fontSize: 10 })
    await expect.poll(rowHeight).toBeGreaterThan(0)
    const small = await rowHeight()
    await set({ fontSize: 24 })
    await expect.poll(rowHeight).toBeGreaterThan(small * 1.5)
  })
})

test('a viewer watches', async ({ page, portal }) => {
  portal.answer({ role: 'viewer' })
  await page.goto(portal.origin)
  await hear(page, { type: 'state', state: 'live', mayType: false })
})

/** A page that hands out this ticket, whatever it is asked. */
const handsOut = (ticket: string) => (console: string) =>
  `
    <bms-console src="${console}" server="${serverId('web-fra-01')}"></bms-console>
    <script type="module">
      import '${console}/sdk/bms-console.js'
      const element = document.querySelector('bms-console')
      window.told = []
      for (const type of ['state', 'error', 'ended'])
        element.addEventListener('console-' + type, ({ detail }) => window.told.push({ type, ...detail }))
      element.getTicket = async () => '${ticket}'
    </script>`

test('tickets that are refused say why, and open no console', async ({ page, portal, stack }) => {
  const now = () => Math.floor(Date.now() / 1000)
  const refused = (name: string, detail: RegExp) =>
    test.step(name, async () => {
      await page.goto(portal.origin)
      await hear(page, { type: 'error', cause: 'launch-refused', detail: expect.stringMatching(detail) })
    })
  portal.answer({ iat: now() - 120, exp: now() - 60 })
  await refused('expired', /expired/)
  portal.answer({ exp: now() + 3600 })
  await refused('good for longer than a minute', /60 s/)
  portal.answer({ aud: 'https://other.example' })
  await refused('for another console', /aud/)
  portal.answer({ server: serverId('db-fra-01') })
  await refused('for another server than the address has', /./)

  const claims = {
    sub: 'u-17',
    name: 'Erin',
    role: 'operator',
    server: serverId('web-fra-01'),
    aud: stack.origin,
  } as const
  portal.show(handsOut(await sign(generateKeyPairSync('ed25519').privateKey, claims)))
  await refused('signed by another', /signature/)
  const confused = createSecretKey(Buffer.from(portal.publicKey))
  portal.show(handsOut(await sign(confused, claims, 'HS256')))
  await refused('signed with our public key, taken for a secret', /HS256/)
  const [, payload] = (await portal.ticket()).split('.')
  const header = Buffer.from('{"alg":"none"}').toString('base64url')
  portal.show(handsOut(`${header}.${payload}.`))
  await refused('not signed at all', /none/)

  expect(stack.audit.filter(({ action }) => action === 'open-console')).toEqual([])
})

test('a ticket that was used before is refused', async ({ page, portal, context }) => {
  portal.show(handsOut(await portal.ticket()))
  await page.goto(portal.origin)
  await hear(page, { type: 'state', state: 'live' })
  const second = await context.newPage()
  await second.goto(portal.origin)
  await hear(second, {
    type: 'error',
    cause: 'launch-refused',
    detail: expect.stringMatching(/already used/),
  })
})

test('the page cannot read the console but by the contract', async ({ page, portal }) => {
  await page.goto(portal.origin)
  await hear(page, { type: 'state', state: 'live' })
  const reached = await page.evaluate(() => {
    const frame = document.querySelector('bms-console')?.shadowRoot?.querySelector('iframe')
    const read = (name: string) => {
      try {
        return Reflect.get(frame?.contentWindow ?? {}, name) !== undefined
      } catch {
        return false
      }
    }
    return [
      frame?.contentDocument !== null,
      ...['document', 'localStorage', 'bearer', 'getSelection'].map(read),
    ]
  })
  expect(reached).toEqual([false, false, false, false, false])
})

test('a page that is not on the list gets no console, and its words', async ({ page, stack }) => {
  const foreign = await servePortalPage({
    html: `<bms-console src="${stack.origin}" server="${serverId('web-fra-01')}"></bms-console>
      <script type="module" src="${stack.origin}/sdk/bms-console.js"></script>`,
  })
  await page.goto(foreign.origin)
  await expect(page.getByRole('alert')).toContainText(`Add ${foreign.origin} to BMS_CONSOLE_EMBED_ORIGINS`)
  await foreign.close()
})

test.describe('embedding is off', () => {
  test.use({ env: {} })
  test('the page is told the setting', async ({ page, portal }) => {
    await page.goto(portal.origin)
    await expect(page.getByRole('alert')).toContainText(`BMS_CONSOLE_EMBED_ORIGINS=${portal.origin}`)
  })
})

/** Without the SDK, as the guide has it, and with the least that a frame must be allowed. */
const plainFrame = (console: string) => `
  <iframe src="${console}/embed/${serverId('web-fra-01')}" title="Console" sandbox="allow-scripts allow-same-origin"
    width="900" height="500"></iframe>
  <script>
    const frame = document.querySelector('iframe')
    window.told = []
    const post = (message) => frame.contentWindow.postMessage({ channel: 'bms-console', version: 1, ...message }, '${console}')
    let greeting
    frame.addEventListener('load', () => { greeting = setInterval(() => post({ type: 'hello' }), 200) })
    addEventListener('message', async ({ origin, data }) => {
      if (origin !== '${console}') return
      window.told.push(data)
      if (data.type !== 'ready' || !greeting) return
      greeting = clearInterval(greeting)
      post({ type: 'launch', ticket: await (await fetch('/ticket', { method: 'POST' })).text() })
    })
  </script>`

test('a frame with the least permissions, and no SDK: it obeys its parent’s origin only', async ({
  page,
  portal,
}) => {
  portal.show(plainFrame)
  await page.goto(portal.origin)
  await hear(page, { type: 'state', state: 'live' })
  const attached = page.waitForEvent('frameattached')
  await page.evaluate(() => {
    const other = document.createElement('iframe')
    other.setAttribute('sandbox', 'allow-scripts')
    document.body.append(other)
  })
  const post = (id: string) =>
    window.top?.[0]?.postMessage({ channel: 'bms-console', version: 1, type: 'get-transcript', id }, '*')
  await (await attached).evaluate(post, 'from-null')
  await page.evaluate(post, 'from-parent')
  await hear(page, { type: 'transcript', id: 'from-parent' })
  expect((await told(page)).filter(({ id }) => id === 'from-null')).toEqual([])
})

test('a link with a ticket: it opens, and the ticket is out of the address', async ({
  page,
  portal,
  stack,
}) => {
  const address = `${stack.origin}/embed/${serverId('web-fra-01')}`
  await page.goto(`${address}#ticket=${await portal.ticket()}`)
  await expect.poll(() => stack.audit.some(({ action }) => action === 'open-console')).toBe(true)
  expect(page.url()).toBe(address)
})
