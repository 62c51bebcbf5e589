import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from '@playwright/test'
import { seeOnScreen } from './stack.ts'

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return String(address.port)
}

test('npm run dev shows the list, opens a console and serves the page to embed', async ({ page }) => {
  // Vite and the server are compiled from source, which a busy computer takes its time for.
  test.setTimeout(90_000)
  const DEV_PORT = await freePort()
  const dev = spawn('npm', ['run', 'dev'], {
    // A group of its own, so that one signal reaches all of it, as Ctrl+C does.
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      DEV_PORT,
      BMS_CONSOLE_PORT: await freePort(),
      BMS_CONSOLE_SANDBOX_MACHINES: 'simulated',
      BMS_CONSOLE_EMBED_ORIGINS: 'https://portal.test',
      BMS_CONSOLE_LAUNCH_SECRET: 'a secret that is long enough for the tests',
    },
  })
  const ended = once(dev, 'exit')
  const origin = `http://localhost:${DEV_PORT}`
  // Nothing listens at first, and then Vite answers for a server that is still starting.
  const list = () =>
    page.request.get(`${origin}/api/servers`).then(
      (answer) => answer.status(),
      () => 'nobody',
    )
  try {
    await expect.poll(list, { timeout: 60_000 }).toBe(200)

    await page.addInitScript(() =>
      localStorage.setItem('bms-console.settings', JSON.stringify({ screenReader: true })),
    )
    await page.goto(origin)
    await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
    // The machine's first words: a whole boot takes too long here.
    await seeOnScreen(page, /UEFI|GRUB|login:/)

    const embed = await page.request.get(`${origin}/embed/a-server`)
    expect(await embed.text()).toContain('https://portal.test')
    const sdk = await page.request.get(`${origin}/sdk/bms-console.js`)
    expect(await sdk.text()).toContain('customElements.define')
  } finally {
    if (dev.pid !== undefined && dev.exitCode === null) process.kill(-dev.pid, 'SIGINT')
    await ended
  }
})
