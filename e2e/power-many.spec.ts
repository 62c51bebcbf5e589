import type { Page } from '@playwright/test'
import { defaultFleet } from '../src/sandbox/fleet.ts'
import { powerFaultFleet } from '../src/sandbox/power-fleet.ts'
import { expectAccessible } from './axe.ts'
import { expect, test } from './stack.ts'

const [web] = defaultFleet()
if (!web) throw new Error('the fleet is empty')
const servers = [...defaultFleet(), ...powerFaultFleet(web)]
test.use({ sandboxOptions: { servers } })

/** Selects servers in the list, and chooses an action for them. */
async function choose(page: Page, action: string, ...names: string[]): Promise<void> {
  await page.goto('/')
  for (const name of names) await page.getByRole('checkbox', { name: `Select ${name}` }).click()
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Power' }).click()
  await page.getByRole('menuitem', { name: new RegExp(`^${action}`) }).click()
}

const dialog = (page: Page) => page.getByRole('dialog')
const note = (page: Page) => page.getByRole('region', { name: 'Power actions' }).getByRole('button').first()
const confirm = (page: Page, label: string) => dialog(page).getByRole('button', { name: label }).click()

test('several servers are named, those left out with the reason, and all are switched', async ({
  page,
  stack,
}) => {
  await choose(page, 'Power off', 'web-fra-01', 'db-fra-01', 'build-fra-02', 'gpu-fra-01')
  await expect(dialog(page).getByRole('heading', { name: 'Power off 2 servers?' })).toBeVisible()
  await expect(
    dialog(page).getByRole('list', { name: 'Servers', exact: true }).getByRole('listitem'),
  ).toHaveText(['web-fra-01', 'db-fra-01'])
  const skipped = dialog(page).getByRole('list', { name: '2 servers are skipped' })
  await expect(skipped).toContainText('build-fra-02 Already off')
  await expect(skipped).toContainText('gpu-fra-01 Server is still being created')
  await expect(dialog(page)).toContainText('This cloud cuts the power immediately')
  await expectAccessible(page)
  await confirm(page, 'Power off (2)')
  await expect(dialog(page).getByRole('heading', { name: 'Power off: 2 of 2 done' })).toBeVisible()
  await expectAccessible(page)
  await confirm(page, 'Close')
  await expect(page.getByRole('row', { name: /web-fra-01/ })).toContainText(/Stopped|Off/)
  const events = stack.audit.filter(({ action }) => action === 'power')
  expect(events.map(({ server, outcome }) => [server?.name, outcome]).sort()).toEqual([
    ['db-fra-01', 'done'],
    ['web-fra-01', 'done'],
  ])
})

test('what fails has a reason for each server, and only that is asked for again', async ({ page, stack }) => {
  await choose(page, 'Reboot', 'web-fra-01', 'power-fails', 'power-no-permission', 'power-throttled-once')
  await confirm(page, 'Reboot (4)')
  await expect(dialog(page).getByRole('heading', { name: 'Reboot: 2 of 4 done · 2 failed' })).toBeVisible()
  // What failed comes first.
  const rows = dialog(page).getByRole('listitem')
  await expect(rows.nth(0)).toContainText('power-fails Failed in the cloud')
  await expect(rows.nth(0)).toContainText('The management controller does not answer. · BMS.0006')
  await expect(rows.nth(1)).toContainText(
    'power-no-permission Not done: Your cloud administrator has to allow it',
  )
  const asks = () => stack.sandbox.requests.filter(({ path }) => path.endsWith('/action')).length
  // One was throttled, and asked for again when the cloud allowed it.
  expect(asks()).toBe(5)
  await confirm(page, 'Again for the failed (2)')
  await expect(dialog(page).getByRole('listitem')).toHaveText(['power-fails', 'power-no-permission'])
  await confirm(page, 'Reboot (2)')
  await expect(dialog(page).getByRole('heading', { name: 'Reboot: 0 of 2 done · 2 failed' })).toBeVisible()
  expect(asks()).toBe(7)
})

test('what never ends is said to be late; the dialog closes to a note that stays on every page', async ({
  page,
}) => {
  await page.clock.install()
  await choose(page, 'Reboot', 'web-fra-01', 'power-never-ends')
  await confirm(page, 'Reboot (2)')
  await expect(dialog(page).getByRole('heading', { name: 'Reboot: 1 of 2 done' })).toBeVisible()
  await confirm(page, 'Leave it running')
  await page.getByRole('link', { name: 'db-fra-01', exact: true }).click()
  await expect(note(page)).toHaveText('Reboot: 1 of 2 done')
  await page.clock.fastForward('03:05')
  await expect(note(page)).toHaveText('Reboot: 1 of 2 done · 1 not finished')
  await note(page).click()
  await expect(dialog(page)).toContainText('power-never-ends Not finished after 3 min')
})

test.describe('a person who may only look', () => {
  test.use({
    env: {
      BMS_CONSOLE_TRUSTED_PROXIES: '127.0.0.1',
      BMS_CONSOLE_GROUPS_HEADER: 'x-forwarded-groups',
      BMS_CONSOLE_VIEWER_GROUPS: 'watchers',
      BMS_CONSOLE_ADMIN_GROUPS: 'chiefs',
    },
    extraHTTPHeaders: { 'x-forwarded-user': 'vic', 'x-forwarded-groups': 'watchers' },
  })

  test('is told so before anything is asked of the cloud', async ({ page, stack }) => {
    await choose(page, 'Reboot', 'web-fra-01', 'db-fra-01')
    await expect(
      dialog(page).getByRole('heading', { name: 'Reboot: no server can do this now' }),
    ).toBeVisible()
    await expect(dialog(page).getByRole('listitem')).toHaveText([
      "web-fra-01 Your role doesn't allow it",
      "db-fra-01 Your role doesn't allow it",
    ])
    await confirm(page, 'Close')
    const button = page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Power' })
    await expect(button).toBeFocused()
    expect(stack.sandbox.requests.filter(({ path }) => path.endsWith('/action'))).toEqual([])
  })
})
