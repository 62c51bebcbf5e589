import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { test as base, expect } from '@playwright/test'
import { seeOnScreen } from './stack.ts'

const server = fileURLToPath(new URL('../dist/server/main.js', import.meta.url))

/** The product itself, as `npm start` runs it, recording every session into the folder. */
async function start(dir: string): Promise<{ origin: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [server], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      BMS_CONSOLE_PORT: '0',
      BMS_CONSOLE_LOG_LEVEL: 'error',
      BMS_CONSOLE_TRANSPORT: 'relay',
      BMS_CONSOLE_SANDBOX_MACHINES: 'simulated',
      BMS_CONSOLE_RECORDINGS: 'always',
      BMS_CONSOLE_RECORDINGS_DIR: dir,
    },
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const origin = /http:\/\/\S+/.exec(line)?.[0]
    if (origin) return { origin, child }
  }
  throw new Error('The server ended before it was there.')
}

const test = base.extend<{ dir: string }>({
  // Playwright wants the braces: a fixture's first argument names what it needs.
  // biome-ignore lint/correctness/noEmptyPattern: it needs nothing
  dir: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'recordings-'))
    await use(dir)
    await rm(dir, { recursive: true })
  },
})

test('kill -9 of the server during a recording: it plays to within the last second', async ({
  page,
  dir,
}) => {
  await page.addInitScript(() =>
    localStorage.setItem('bms-console.settings', JSON.stringify({ screenReader: true })),
  )
  const first = await start(dir)
  await page.goto(first.origin)
  await page.getByRole('link', { name: 'web-fra-01' }).click()
  await seeOnScreen(page, /smp: Brought up 1 node/)
  const shownAt = Date.now()
  // The machine boots on; what was on the screen a second before the end must have been kept.
  await expect.poll(() => Date.now() - shownAt).toBeGreaterThan(1_000)
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  await expect(page.getByRole('main')).toContainText("Can't reach BMS Console")

  const second = await start(dir)
  try {
    page.on('dialog', (dialog) => void dialog.accept())
    await page.goto(`${second.origin}/recordings`)
    await expect(page.getByRole('row', { name: /web-fra-01/ })).toContainText('Interrupted')
    await page.getByRole('searchbox', { name: 'Search output' }).fill('Brought up 1 node')
    await page.getByRole('link', { name: /Brought up 1 node/ }).click()
    await expect(page.getByRole('region', { name: 'Player' })).toContainText('smp: Brought up 1 node')
  } finally {
    second.child.kill('SIGTERM')
    await once(second.child, 'exit')
  }
})
