import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { browserWithoutThirdPartyCookies } from './conformance/browser.ts'
import { checkPortal } from './conformance/checks.ts'
import { expect, test as portalTest } from './embed/portal.ts'
import { serverId } from './stack.ts'

const options = { console: null, click: null, headers: {}, cookies: [], timeoutMs: 15_000 }

async function check(page: string, timeoutMs = options.timeoutMs) {
  const browser = await browserWithoutThirdPartyCookies()
  try {
    return await checkPortal(browser.context, { ...options, page, timeoutMs })
  } finally {
    await browser.close()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The example's own backend, as a program of its own. */
const exampleTest = portalTest.extend<{ examplePort: number; example: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from the pattern
  examplePort: async ({}, use) => use(await freePort()),
  env: async ({ standing, examplePort }, use) =>
    use({
      BMS_CONSOLE_EMBED_ORIGINS: `http://localhost:${examplePort}`,
      BMS_CONSOLE_LAUNCH_KEY: standing.publicKey,
    }),
  example: async ({ standing, stack, examplePort }, use, info) => {
    const key = info.outputPath('portal.key')
    await writeFile(key, standing.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const script = fileURLToPath(new URL('../examples/portal/server.js', import.meta.url))
    const child = spawn(process.execPath, [script], {
      env: { PORT: String(examplePort), CONSOLE_ORIGIN: stack.origin, PORTAL_KEY_FILE: key },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    await use(`http://localhost:${examplePort}`)
    child.kill()
    await once(child, 'exit')
  },
})

exampleTest('the example portal keeps the contract, without third-party cookies', async ({ example }) => {
  const results = await check(example)
  expect(results.filter(({ failure }) => failure !== null)).toEqual([])
  expect(results.length).toBeGreaterThan(12)
})

exampleTest('a person at the example portal', async ({ page, example }) => {
  await page.goto(example)
  await expect(page.locator('#state')).toHaveText('live')
  await page.getByRole('button', { name: 'Dark theme' }).click()
  const inConsole = page.frameLocator('iframe').locator('html')
  await expect.poll(() => inConsole.evaluate((html) => getComputedStyle(html).colorScheme)).toBe('dark')
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await expect(page.locator('#state')).toContainText('ended')
  await page.getByRole('button', { name: 'Connect' }).click()
  await expect(page.locator('#state')).toHaveText('live')
  await page.getByRole('button', { name: 'batch-ams-07' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('batch-ams-07')
  await expect(page.locator('#state')).toHaveText('live, watching')
})

portalTest('a careless page is found out', async ({ portal }) => {
  portal.show(
    (console) => `
    <iframe src="${console}/embed/${serverId('web-fra-01')}" sandbox="allow-scripts allow-same-origin allow-forms"></iframe>
    <script>
      const frame = document.querySelector('iframe')
      const post = (message) => frame.contentWindow.postMessage({ channel: 'bms-console', version: 1, ...message }, '*')
      addEventListener('message', async ({ data }) => {
        if (data.type !== 'ready' || !greeting) return
        greeting = clearInterval(greeting)
        const ticket = await (await fetch('/ticket', { method: 'POST' })).text()
        localStorage.ticket = ticket
        history.replaceState(null, '', '?ticket=' + ticket)
        post({ type: 'launch', ticket })
      })
      let greeting
      frame.addEventListener('load', () => { greeting ??= setInterval(() => post({ type: 'hello' }), 200) })
      console.error('careless')
    </script>`,
  )
  const results = await check(portal.origin, 4_000)
  const failed = results.flatMap(({ check: name, failure }) => (failure === null ? [] : name))
  expect(failed).toEqual([
    'Its sandbox suffices, and allows no more than is needed',
    'It may use the clipboard',
    'It has a name for screen readers',
    'The ticket is in no address bar and no history',
    'The ticket is in no storage and no cookie',
    'The page renews the ticket, and the screen stays',
    'No errors in the browser’s console',
    'A stranger in the console’s place gets no message and no ticket',
  ])
})
