import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { AuditFacts } from '../src/server/audit/audit.ts'
import { FileLog } from '../src/server/audit/file-log.ts'
import { paths } from '../src/shared/api.ts'
import { ManualClock } from '../src/testing/clock.ts'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { test as base, expect } from './stack.ts'

interface AuditOptions {
  /** Events that were there before the server started. */
  before: number
  to: 'file' | 'stdout' | 'off'
}

/** The product, started on an audit log that has events of the day before. */
const test = base.extend<AuditOptions>({
  before: [120, { option: true }],
  to: ['file', { option: true }],
  timezoneId: 'Europe/Berlin',
  env: async ({ before, to }, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'audit-'))
    const path = join(dir, 'audit.log')
    await happened(path, before)
    await use({ BMS_CONSOLE_AUDIT: to, ...(to === 'file' ? { BMS_CONSOLE_AUDIT_FILE: path } : {}) })
    await rm(dir, { recursive: true })
  },
})

/** A minute between one event and the next, from 2026-03-01 12:00 UTC on. */
async function happened(path: string, count: number): Promise<void> {
  const clock = new ManualClock(Date.UTC(2026, 2, 1, 12))
  const log = await FileLog.open({
    path,
    maxBytes: 8_000,
    files: 50,
    log: { error() {} },
    clock,
  })
  const ada = { id: 'oidc:https://id.example.com#4711', name: 'Ada Lovelace' }
  const bob = { id: 'oidc:https://id.example.com#4712', name: '=cmd|bob' }
  const server = { id: '9f1b6c0e-6a54-4f0e-a3a4-2d0d4a0d7c11', name: 'db-fra-02' }
  for (let index = 0; index < count; index += 1) {
    const common: AuditFacts = { outcome: 'done', user: ada, from: '192.0.2.7' }
    if (index % 40 === 0) {
      log.record('power', { ...common, user: bob, outcome: 'refused', cause: 'role-forbids', server })
    } else if (index % 40 === 1) {
      log.record('sign-in', { ...common, user: null, outcome: 'failed', cause: 'credentials-refused' })
    } else {
      log.record('close-console', {
        ...common,
        server,
        session: 'k3JxPq',
        durationMs: 3_723_000 + index,
        bytesIn: 812,
        bytesOut: 1_400_000,
      })
    }
    clock.advance(60_000)
  }
  await log.close()
}

const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('rowheader') })
const open = async (page: Page, path = '/audit') => {
  await page.goto(path)
  await expect(page.getByRole('heading', { name: 'Audit log', exact: true })).toBeVisible()
}

test('an admin sees who did what, when, from where and how it went', async ({ page, stack }) => {
  const { servers } = await (await page.request.get(paths.servers())).json()
  const web = servers.find(({ name }: { name: string }) => name === 'web-fra-01')
  const power = await page.request.post(paths.power(web.id), {
    data: { action: 'reboot' },
    headers: { origin: stack.origin },
  })
  expect(power.status()).toBe(202)

  await open(page)
  const newest = rows(page).first()
  await expect(newest).toContainText('Power')
  await expect(newest).toContainText('Reboot')
  await expect(newest).toContainText('Done')
  await expect(newest).toContainText('Local user')
  await expect(newest).toContainText('127.0.0.1')
  const older = rows(page).nth(1)
  await expect(older).toContainText('Mar 1, 2026, 2:59:00 PM')
  await expect(older).toContainText('Close console')
  await expect(older).toContainText('1:02:03')
  await expect(older).toContainText('812 B typed')
  await expect(older).toContainText('1.3 MiB printed')
  await newest.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`/servers/${web.id}/console$`))
})

test('filters narrow the list, stay in the address and are cleared', async ({ page }) => {
  await open(page)
  await page.getByRole('searchbox', { name: 'User' }).fill('BOB')
  await expect(rows(page)).toHaveCount(3)
  await expect(rows(page).first()).toContainText("Your role doesn't allow this")
  await page.reload()
  await expect(rows(page)).toHaveCount(3)
  await expect(page.getByRole('searchbox', { name: 'User' })).toHaveValue('BOB')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(rows(page)).toHaveCount(50)

  await page.getByRole('combobox', { name: 'Action' }).selectOption('Sign in')
  await expect(rows(page)).toHaveCount(3)
  await expect(rows(page).first()).toContainText('Not signed in')
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('Done')
  await expect(page.getByText('No matching events')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()

  await page.getByRole('searchbox', { name: 'Server' }).fill('FRA-02')
  await page.getByLabel('From').fill('2026-03-01T13:10')
  await page.getByLabel('To', { exact: true }).fill('2026-03-01T13:15')
  await expect(rows(page)).toHaveCount(5)
  await expect(rows(page).first()).toContainText('1:14:00 PM')
  await expect(page).toHaveURL(/from=.*12%3A10/)
})

test('pages go to older events and back', async ({ page }) => {
  // Reading the log is an event, too. It is of today.
  await open(page, '/audit?to=2026-03-02T00%3A00%3A00.000Z')
  const times = page.getByRole('rowheader')
  await expect(times.first()).toContainText('2:59:00 PM')
  const newer = page.getByRole('button', { name: 'Newer' })
  const older = page.getByRole('button', { name: 'Older' })
  await expect(newer).toBeDisabled()
  await older.click()
  await expect(times.first()).toContainText('2:09:00 PM')
  await older.click()
  await expect(times).toHaveCount(20)
  await expect(older).toBeDisabled()
  await page.reload()
  await expect(times).toHaveCount(20)
  await newer.click()
  await expect(times.first()).toContainText('2:09:00 PM')
  await newer.click()
  await expect(times.first()).toContainText('2:59:00 PM')
  await expect(newer).toBeDisabled()
})

test('the CSV has what the filters leave, whatever the names are', async ({ page }) => {
  await open(page, '/audit?action=power')
  await expect(rows(page)).toHaveCount(3)
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download CSV' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^audit-.*\.csv$/)
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
  expect(lines).toHaveLength(4)
  const [head = '', first = ''] = lines
  const event = Object.fromEntries(head.split(',').map((name, index) => [name, first.split(',')[index]]))
  expect(event).toMatchObject({
    time: '2026-03-01T13:20:00.000Z',
    outcome: 'refused',
    cause: 'role-forbids',
    user_name: "'=cmd|bob",
    server_name: 'db-fra-02',
  })
  await page.getByRole('combobox', { name: 'Action' }).selectOption('Read audit log')
  await expect(rows(page)).toHaveCount(2)
  await expect(rows(page).filter({ hasText: 'csv' })).toHaveCount(1)
})

test.describe('on stdout', () => {
  test.use({ to: 'stdout' })
  test('the page says that it has only what was since the start', async ({ page }) => {
    await open(page)
    await expect(page.getByText('last 5,000 events since')).toBeVisible()
    await expect(page.getByRole('heading', { name: 'No events yet' })).toBeVisible()
  })
})

test.describe('off', () => {
  test.use({ to: 'off' })
  test('the page says so, and what to set', async ({ page }) => {
    await open(page)
    await expect(page.getByRole('alert')).toContainText('The audit log is turned off')
    await expect(page.getByRole('alert')).toContainText('BMS_CONSOLE_AUDIT')
    await expect(page.getByRole('searchbox')).toHaveCount(0)
  })
})

test('axe finds nothing in the audit log, and nothing is off the screen', async ({ page }) => {
  await open(page)
  await expect(rows(page)).toHaveCount(50)
  await atEachWidth(page, [1440, 1024, 390], () =>
    inBothThemes(page, async () => {
      await expectAccessible(page, { exclude: 'tbody tr:nth-child(n + 6):nth-child(-n + 38)' })
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
    }),
  )
})
