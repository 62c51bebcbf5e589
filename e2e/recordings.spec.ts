import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { z } from 'zod'
import { Recorder } from '../src/server/recordings/recorder.ts'
import { record as recordLine } from '../src/testing/recordings/recorded-line.ts'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { test as base, expect } from './stack.ts'

interface RecordedOptions {
  mayDelete: boolean
  /** True: instead, one recording that was cut by `kill -9`. */
  killed: boolean
}

/** When the recording process was last killed. */
let killedAt = 0

/** The product, started on a folder in which two consoles were recorded before. */
const test = base.extend<RecordedOptions>({
  mayDelete: [true, { option: true }],
  killed: [false, { option: true }],
  transport: 'relay',
  env: async ({ mayDelete, killed }, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'recordings-'))
    if (killed) killedAt = await recordUntilKilled(dir)
    else await record(dir)
    await use({
      BMS_CONSOLE_RECORDINGS: 'always',
      BMS_CONSOLE_RECORDINGS_DIR: dir,
      BMS_CONSOLE_RECORDING_DELETE: String(mayDelete),
    })
    await rm(dir, { recursive: true })
  },
})

/** Two recordings, made in no time by a clock that jumps. */
async function record(dir: string): Promise<void> {
  let now = Date.UTC(2026, 2, 1, 12)
  const clock = { now: () => now, after: () => () => {} }
  const settings = { mode: 'always', dir, maxMib: 10, totalMib: 100, days: 36_500, input: false } as const
  const recorder = await Recorder.open({
    settings: { ...settings, mayDelete: true },
    log: { info() {}, warn() {}, error() {} },
    clock,
  })
  const start = (serverName: string) =>
    recordLine(
      recorder,
      {
        serverId: `id-${serverName}`,
        serverName,
        project: null,
        sessionId: 's',
        startedBy: 'night shift',
        startedById: 'n',
      },
      { clock },
    )

  const web = await start('web-01')
  web.output(Buffer.from('\x1b[32mLinux version 6.1.0\x1b[0m\r\n'))
  now += 90_000
  web.marker('line lost for 20 s')
  now += 30_000
  web.output(Buffer.from('Kernel PANIC - not syncing: \x1b[31mno init\x1b[0m\r\n'))
  now += 60_000
  web.output(Buffer.from('\x1b[2J\x1b[Hrebooting <b>now</b>\r\n'))
  await web.stop({ kind: 'stopped', by: 'Ada' })

  now += 3_600_000
  const db = await start('db-01')
  db.output(Buffer.from('db-01 login: '))
  now += 5_000
  await db.stop({ kind: 'stopped', by: 'Ada' })
  await recorder.close()
}

/** Numbered lines, one every 10 ms, until the process is killed. */
/** @returns when it was killed, ms since the epoch */
async function recordUntilKilled(dir: string): Promise<number> {
  const script = fileURLToPath(new URL('../src/testing/recordings/crash-child.ts', import.meta.url))
  const child = fork(script, [dir, 'steady'], { execArgv: ['--import', 'tsx'] })
  const Told = z.object({ ran: z.number() })
  while (Told.parse((await once(child, 'message'))[0]).ran < 2_000);
  const killedAt = Date.now()
  child.kill('SIGKILL')
  await once(child, 'exit')
  return killedAt
}

/** What the player shows. */
const screen = (page: Page) => page.getByRole('region', { name: 'Player' })

test('recordings are listed, searched, and a match plays from its second', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'Recordings' }).click()
  await expect(page.getByRole('heading', { name: 'Recordings' })).toBeVisible()
  const names = page.getByRole('rowheader')
  await expect(names).toHaveText(['db-01', 'web-01'])
  const row = page.getByRole('row', { name: /web-01/ })
  await expect(row).toContainText('3:00')
  await expect(row).toContainText('night shift')
  await expect(row).toContainText('Complete')

  const field = page.getByRole('searchbox', { name: 'Search output' })
  await field.fill('kernel panic')
  await field.press('Enter')
  await expect(page.getByText('1 line found')).toBeVisible()
  await expect(names).toHaveCount(0)
  await expect(page).toHaveURL(/q=kernel/)
  await expectAccessible(page)
  await page.getByRole('link', { name: /web-01.*At 2:00.*Kernel PANIC - not syncing/ }).click()

  await expect(page.getByRole('heading', { name: 'web-01' })).toBeVisible()
  await expect(screen(page)).toContainText('Kernel PANIC - not syncing: no init')
  await expect(screen(page)).toContainText('Linux version 6.1.0')
  await expect(screen(page)).not.toContainText('rebooting')
})

test('a recording plays to its end, fast, and can be searched inside', async ({ page }) => {
  await page.goto('/recordings')
  await page.getByRole('link', { name: 'web-01', exact: true }).click()
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('50×')
  await screen(page).getByRole('button', { name: 'Play', exact: true }).click()
  // What a machine printed is text, whatever it looks like.
  await expect(screen(page)).toContainText('rebooting <b>now</b>')
  await expect(screen(page)).not.toContainText('PANIC')

  await page.getByRole('button', { name: 'Regular expression' }).click()
  const field = page.getByRole('searchbox', { name: 'Search this recording' })
  await field.fill('^linux VERSION \\d')
  await field.press('Enter')
  await expect(page.getByText('1 line found')).toBeVisible()
  await page.getByRole('button', { name: /At 0:00.*Linux version 6.1.0/ }).click()
  await expect(screen(page)).toContainText('Linux version 6.1.0')
  await expect(screen(page)).not.toContainText('rebooting')
})

test('a change of speed or theme goes on from where it was', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto('/recordings')
  await page.getByRole('link', { name: 'web-01', exact: true }).click()
  await page.getByRole('searchbox').fill('panic')
  await page.getByRole('searchbox').press('Enter')
  await page.getByRole('button', { name: /Kernel PANIC/ }).click()
  await expect(screen(page)).toContainText('PANIC')
  const background = () =>
    screen(page)
      .locator('.ap-player')
      .evaluate((element) => getComputedStyle(element).backgroundColor)
  const light = await background()
  await page.getByRole('button', { name: 'Switch to dark theme' }).click()
  await expect.poll(background).not.toBe(light)
  await expect(screen(page)).toContainText('PANIC')
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('5×')
  await expect(screen(page)).toContainText('PANIC')
})

test('a server filter narrows the list', async ({ page }) => {
  await page.goto('/recordings')
  await page.getByRole('combobox', { name: 'Server' }).selectOption('db-01')
  await expect(page.getByRole('rowheader')).toHaveText(['db-01'])
  await page.reload()
  await expect(page.getByRole('rowheader')).toHaveText(['db-01'])
  await page.getByRole('searchbox').fill('panic')
  await page.getByRole('searchbox').press('Enter')
  await expect(page.getByText('Nothing found')).toBeVisible()
  await page.getByRole('combobox', { name: 'Server' }).selectOption('All servers')
  await expect(page.getByText('1 line found')).toBeVisible()
  await page.getByRole('searchbox').fill('')
  await expect(page.getByRole('rowheader')).toHaveCount(2)
})

test('a recording is downloaded as asciicast and as text, and its text copied', async ({ page, context }) => {
  await page.goto('/recordings')
  const cast = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download recording of web-01 as asciicast' }).click()
  const lines = (await readFile(await (await cast).path(), 'utf8')).trimEnd().split('\n')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ version: 2, title: 'web-01' })
  expect(lines.slice(1).map((line) => JSON.parse(line))).toContainEqual([90, 'm', 'line lost for 20 s'])

  const text = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download recording of web-01 as text' }).click()
  const expected = 'Linux version 6.1.0\nKernel PANIC - not syncing: no init\nrebooting <b>now</b>\n'
  expect((await readFile(await (await text).path(), 'utf8')).replace(/\n+/g, '\n')).toBe(expected)

  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('link', { name: 'web-01', exact: true }).click()
  await page.getByRole('button', { name: 'Copy text' }).click()
  await expect(page.getByText('Copied', { exact: true })).toBeVisible()
  expect((await page.evaluate(() => navigator.clipboard.readText())).replace(/\n+/g, '\n')).toBe(expected)
})

test('a recording is deleted after a question', async ({ page }) => {
  await page.goto('/recordings')
  const remove = page.getByRole('button', { name: 'Delete recording of db-01' })
  await remove.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('rowheader')).toHaveCount(2)
  await remove.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('rowheader')).toHaveText(['web-01'])
  await page.getByRole('link', { name: 'web-01', exact: true }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No recordings yet')).toBeVisible()
})

test.describe('where policy keeps them', () => {
  test.use({ mayDelete: false })
  test('nothing offers to delete', async ({ page }) => {
    await page.goto('/recordings')
    await expect(page.getByRole('rowheader')).toHaveCount(2)
    await expect(page.getByRole('button', { name: /Delete/ })).toHaveCount(0)
  })
})

test.describe('after kill -9 of the server', () => {
  test.use({ killed: true })
  test('what was recorded until then plays', async ({ page }) => {
    await page.goto('/recordings')
    await expect(page.getByRole('row', { name: /web-01/ })).toContainText('Interrupted')
    await page.getByRole('link', { name: 'web-01', exact: true }).click()
    await screen(page).getByRole('button', { name: 'Play', exact: true }).click()
    // Every line tells its time: the last that is shown was printed within the second before the end.
    const lastPrinted = async () =>
      Math.max(
        ...[...((await screen(page).textContent()) ?? '').matchAll(/ (\d{13}) /g)].map(([, time]) =>
          Number(time),
        ),
      )
    await expect.poll(lastPrinted).toBeGreaterThan(killedAt - 1_000)
  })
})

test('a recording that is gone is said in words', async ({ page }) => {
  await page.goto('/recordings/00000000-0000-4000-8000-000000000000')
  await expect(page.getByRole('alert')).toContainText('Recording not found')
  await page.getByRole('link', { name: 'All recordings' }).click()
  await expect(page.getByRole('rowheader')).toHaveCount(2)
})

base('without recordings there is no link, and the page says why', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByText('Sandbox', { exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Recordings' })).toHaveCount(0)
  await page.goto('/recordings')
  await expect(page.getByRole('alert')).toContainText('Recording is turned off')
})

test('axe finds nothing in list and player', async ({ page }) => {
  const everywhere = () =>
    atEachWidth(page, [1440, 390], () => inBothThemes(page, () => expectAccessible(page)))
  await page.goto('/recordings')
  await expect(page.getByRole('rowheader')).toHaveCount(2)
  await everywhere()
  await page.goto('/recordings?q=panic')
  await expect(page.getByRole('link', { name: /Kernel PANIC/ })).toBeVisible()
  await everywhere()
  await page.getByRole('link', { name: /Kernel PANIC/ }).click()
  await expect(screen(page)).toContainText('PANIC')
  await expect(page.getByText('1 line found')).toBeVisible()
  await everywhere()
})

test('a phone on its side has all of the player in its window, with its controls', async ({ page }) => {
  await page.setViewportSize({ width: 844, height: 390 })
  await page.goto('/recordings')
  await page.getByRole('link', { name: 'web-01', exact: true }).click()
  const player = screen(page)
  await expect(player.locator('.ap-control-bar')).toBeVisible()
  await player.evaluate((element) => element.scrollIntoView())
  await expect(player).toBeInViewport({ ratio: 1 })
})
