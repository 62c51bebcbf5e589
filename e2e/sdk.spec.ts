import { expect, type FrameLocator, type Page, test } from '@playwright/test'
import { build } from 'vite'
import { type FakeConsole, type Site, serveFakeConsole, servePortalPage } from './embed/origins.ts'

/** A portal's page with the element, around a console that is what each test says. */
const sites: Site[] = []
test.afterEach(async () => {
  for (const site of sites.splice(0)) await site.close()
})

const fine: FakeConsole = { check: { enabled: true, allowed: true }, headers: {} }
const refusing = { 'content-security-policy': "frame-ancestors 'none'" }

interface Around {
  fake?: Partial<FakeConsole>
  /** Instead of the fake console's */
  src?: string
  server?: string
  script?: string
  csp?: (console: string) => string
}

async function openPortal(page: Page, around: Around = {}): Promise<{ portal: string; console: string }> {
  const console = await serveFakeConsole({ ...fine, ...around.fake })
  const src = around.src ?? console.origin
  const script = around.script ?? `let count = 0; element.getTicket = async () => 'ticket-' + ++count`
  const html = `
    <bms-console src="${src}" server="${around.server ?? 'server-1'}" theme="dark"></bms-console>
    <script type="module">
      import '${console.origin}/sdk/bms-console.js'
      const element = window.element = document.querySelector('bms-console')
      window.told = []
      for (const type of ['ready', 'state', 'error', 'ended', 'title', 'ticket-expiring', 'trouble'])
        element.addEventListener('console-' + type, ({ detail }) => window.told.push([type, detail?.reason ?? null]))
      ${script}
    </script>`
  const portal = await servePortalPage({ html, ...(around.csp ? { csp: around.csp(console.origin) } : {}) })
  sites.push(console, portal)
  await page.goto(portal.origin)
  return { portal: portal.origin, console: console.origin }
}

const frameOf = (page: Page): FrameLocator => page.frameLocator('iframe')
const told = (page: Page) => page.evaluate(() => Reflect.get(window, 'told') as unknown)
/** What the element says in its own place. */
const said = (page: Page) => page.getByRole('alert')

/** Why a frame would be blank: each is told in words. */
const blank: {
  name: string
  around: Around
  words: (at: { portal: string; console: string }) => string[]
}[] = [
  {
    name: 'embedding is off: the setting with this page in it',
    around: { fake: { check: { enabled: false, allowed: false }, headers: refusing } },
    words: ({ portal, console }) => [
      'Embedding is turned off',
      `Set BMS_CONSOLE_EMBED_ORIGINS=${portal} at ${console}`,
    ],
  },
  {
    name: 'only other pages may embed it',
    around: { fake: { check: { enabled: true, allowed: false }, headers: refusing } },
    words: ({ portal }) => [`Add ${portal} to BMS_CONSOLE_EMBED_ORIGINS`],
  },
  {
    name: 'a proxy in front forbids what the console allows',
    around: { fake: { headers: { 'x-frame-options': 'DENY' } } },
    words: () => ['must not add X-Frame-Options'],
  },
  {
    name: 'no server answers',
    around: { src: 'http://127.0.0.1:9' },
    words: () => ["Can't reach the console"],
  },
  {
    name: 'another server answers',
    around: { fake: { check: null, headers: refusing } },
    words: () => ['No BMS Console at this address'],
  },
  {
    name: 'the page’s own policy forbids the frame',
    around: {
      csp: (origin) => `default-src 'self'; script-src 'unsafe-inline' ${origin}; connect-src ${origin}`,
    },
    words: ({ console }) => [`Add ${console} to frame-src`],
  },
  {
    name: 'an attribute is missing',
    around: { server: '' },
    words: () => ['Set the attribute server'],
  },
]

test('a frame that would be blank says why', async ({ page }) => {
  for (const { name, around, words } of blank) {
    await test.step(name, async () => {
      const at = await openPortal(page, around)
      for (const each of words(at)) await expect(said(page)).toContainText(each)
      if (around.fake?.check?.enabled === false)
        expect(await told(page)).toEqual([['trouble', 'embedding-off']])
    })
  }
})

test('a policy as the guide has it is enough', async ({ page }) => {
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  await openPortal(page, {
    csp: (origin) =>
      `default-src 'none'; img-src data:; script-src 'unsafe-inline' ${origin}; frame-src ${origin}; connect-src ${origin}`,
  })
  await expect(frameOf(page).getByRole('listitem').filter({ hasText: 'launch ticket-1' })).toBeVisible()
  await expect(said(page)).toBeHidden()
  expect(errors).toEqual([])
})

test('the ticket is launched once, after the settings, and only when the console is ready', async ({
  page,
}) => {
  await openPortal(page)
  await expect(frameOf(page).getByRole('listitem')).toHaveText(['hello', 'set dark', 'launch ticket-1'])
  expect(await told(page)).toEqual([['ready', null]])
})

test('a reload of the frame gets a new ticket', async ({ page }) => {
  await openPortal(page)
  await expect(frameOf(page).getByText('launch ticket-1')).toBeVisible()
  const frame = page.frames().find((each) => each.url().includes('/embed/'))
  await frame?.evaluate(() => location.reload())
  await expect(frameOf(page).getByText('launch ticket-2')).toBeVisible()
})

test('another server is another frame, with a ticket of its own', async ({ page }) => {
  await openPortal(page)
  await expect(frameOf(page).getByText('launch ticket-1')).toBeVisible()
  await page.evaluate(() => document.querySelector('bms-console')?.setAttribute('server', 'a/b?c'))
  await expect(page.locator('iframe')).toHaveAttribute('src', /\/embed\/a%2Fb%3Fc$/)
  await expect(frameOf(page).getByText('launch ticket-2')).toBeVisible()
})

test('attributes change in the open console; one that is not allowed is left out', async ({ page }) => {
  await openPortal(page)
  await expect(frameOf(page).getByText('launch ticket-1')).toBeVisible()
  await page.evaluate(() => {
    const element = document.querySelector('bms-console')
    element?.setAttribute('font-size', '99')
    element?.setAttribute('font-size', '18')
    element?.set({ theme: 'light' })
    element?.setAttribute('label', 'Console of web-fra-01')
  })
  await expect(frameOf(page).getByRole('listitem')).toHaveText([
    'hello',
    'set dark',
    'launch ticket-1',
    'set 18',
    'set light',
  ])
  await expect(page.getByTitle('Console of web-fra-01')).toBeVisible()
})

test('the backend’s refusal is shown, and can be tried again', async ({ page }) => {
  await openPortal(page, {
    script: `
      let count = 0
      element.getTicket = async () => {
        if (++count === 1) throw new Error('You may not open this server')
        return 'ticket-' + count
      }`,
  })
  await expect(said(page)).toContainText('You may not open this server')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(frameOf(page).getByText('launch ticket-2')).toBeVisible()
  await expect(said(page)).toBeHidden()
})

test('a page that forgot getTicket is told so', async ({ page }) => {
  await openPortal(page, { script: '' })
  await expect(said(page)).toContainText('Set the property getTicket')
})

test('the screen stays where the next ticket does not come', async ({ page }) => {
  await openPortal(page, {
    script: `
      let count = 0
      element.getTicket = async () => {
        if (++count > 1) throw new Error('Signed out')
        return 'ticket-1'
      }`,
  })
  await expect(frameOf(page).getByText('launch ticket-1')).toBeVisible()
  const frame = page.frames().find((each) => each.url().includes('/embed/'))
  await frame?.evaluate(() => {
    const expiresAt = new Date(Date.now() + 500).toISOString()
    const event = { type: 'ticket-expiring', expiresAt, expiresInMs: 500 }
    parent.postMessage({ channel: 'bms-console', version: 1, ...event }, '*')
  })
  await expect(said(page)).toContainText('Signed out')
  await expect(frameOf(page).getByText('launch ticket-1')).toBeInViewport()
})

test('a console that is not open says so to the page’s script', async ({ page }) => {
  await openPortal(page, { fake: { headers: refusing } })
  const words = await page.evaluate(async () => {
    const element = document.querySelector('bms-console')
    const failed = (error: unknown) => (error instanceof Error ? error.message : 'no error')
    const sent = await Promise.resolve()
      .then(() => element?.send('x'))
      .catch(failed)
    return [sent, await element?.getTranscript().catch(failed), await element?.renewTicket().catch(failed)]
  })
  expect(new Set(words)).toEqual(new Set(['The console is not open: wait for console-ready']))
})

test('a transcript that does not come is not waited for for ever', async ({ page }) => {
  await openPortal(page)
  await expect(frameOf(page).getByText('launch ticket-1')).toBeVisible()
  const words = await page.evaluate(() =>
    document
      .querySelector('bms-console')
      ?.getTranscript({ timeoutMs: 50 })
      .catch((error: unknown) => String(error)),
  )
  expect(words).toContain('no transcript within 50 ms')
})

test('React: props become the element, events come back, the ref is the element', async ({ page }) => {
  const console = await serveFakeConsole(fine)
  const portal = await servePortalPage({
    html: `<div id="root" data-console="${console.origin}"></div><script type="module">${await reactHost()}</script>`,
  })
  sites.push(console, portal)
  await page.goto(portal.origin)
  await expect(frameOf(page).getByText('launch ticket-of-server-1')).toBeVisible()
  await expect(page.getByText('ready: 1')).toBeVisible()
  await page.getByRole('button', { name: 'Light' }).click()
  await expect(frameOf(page).getByText('set light')).toBeVisible()
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(frameOf(page).getByText('send uptime')).toBeVisible()
  await page.getByRole('button', { name: 'Other server' }).click()
  await expect(frameOf(page).getByText('launch ticket-of-server-2')).toBeVisible()
})

/** The page of `embed/react-host.tsx` as one script. */
async function reactHost(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, lib: { entry: 'e2e/embed/react-host.tsx', formats: ['es'] } },
  })
  const chunks = [built].flat().flatMap((each) => ('output' in each ? each.output : []))
  const code = chunks.find((each) => each.type === 'chunk')?.code
  if (!code) throw new Error('The host page was not built')
  return code.replaceAll('</script', '<\\/script')
}
