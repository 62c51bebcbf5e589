import type { Page } from '@playwright/test'
import { defaultFleet } from '../src/sandbox/fleet.ts'
import { powerFaultFleet } from '../src/sandbox/power-fleet.ts'
import { paths } from '../src/shared/api.ts'
import {
  consoleOf,
  expect,
  logIn,
  prompt,
  screen,
  seeOnScreen,
  serverId,
  terminalInput,
  test,
  watch,
} from './stack.ts'

const power = (page: Page, name: string) => page.getByRole('button', { name: `Power for ${name}` })
/** In the list, power is among what can be done with the selected server. */
const select = (page: Page, name: string) => page.getByRole('checkbox', { name: `Select ${name}` }).click()

for (const transport of ['direct', 'relay'] as const) {
  test.describe(`over ${transport}`, () => {
    test.use({ transport })

    test('a server is powered off and on from its console, and boots before your eyes', async ({ page }) => {
      await logIn(page)
      await page.keyboard.type('clear\n')
      await power(page, 'web-fra-01').click()
      await expect(page.getByRole('menuitem', { name: /Power on/ })).toContainText('Already on')
      await page.getByRole('menuitem', { name: 'Power off' }).click()
      const dialog = page.getByRole('dialog', { name: 'Power off web-fra-01?' })
      await expect(dialog).toContainText('data not written to disk is lost')
      await dialog.getByRole('button', { name: 'Power off' }).click()
      await expect(page.getByText('Power off requested')).toBeVisible()
      await expect(page.getByRole('banner').getByText('Powered off')).toBeVisible()

      // Badge, bar and notice say the same.
      await expect(page.getByRole('banner').getByText('Connected')).toBeVisible()
      await expect(page.getByRole('heading', { name: 'The server is powered off' })).toBeVisible()
      await power(page, 'web-fra-01').click()
      await expect(page.getByRole('menuitem', { name: 'Power off' })).toContainText('Already off')
      await page.keyboard.press('Escape')
      await page.getByRole('main').getByRole('button', { name: 'Power on' }).click()
      await expect(page.getByRole('banner').getByText('Powered off')).toBeHidden()
      await seeOnScreen(page, /web-fra-01 login:/)
      expect(await screen(page)).not.toContain('root@web-fra-01')
    })
  })
}

test('a question that is not confirmed changes nothing, and the terminal has the keys again', async ({
  page,
  stack,
}) => {
  await logIn(page)
  await power(page, 'web-fra-01').click()
  await page.getByRole('menuitem', { name: 'Force reboot' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('textbox', { name: 'Terminal input' })).toBeFocused()
  await page.keyboard.type('echo still here\n')
  await seeOnScreen(page, /^still here$/m)
  expect(stack.log.join('')).not.toContain('/api/servers/:id/power')
})

test('a server is powered on from the list, by keyboard, and the list shows it', async ({ page }) => {
  await page.goto('/')
  const row = page.getByRole('row', { name: /build-fra-02/ })
  await expect(row).toContainText('Stopped')
  await row.getByRole('link', { name: 'build-fra-02', exact: true }).focus()
  await page.keyboard.press('x')
  await power(page, 'build-fra-02').focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('menuitem', { name: 'Power on' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Power on requested')).toBeVisible()
  await expect(row).toContainText('Active')
  await expect(page).toHaveURL(/\/$/)
})

test('Windows is powered as well, and a server that is being built is not', async ({ page }) => {
  await page.goto('/')
  await select(page, 'erp-win-01')
  await power(page, 'erp-win-01').click()
  await expect(page.getByRole('menuitem', { name: 'Reboot', exact: false }).first()).toBeEnabled()
  await page.keyboard.press('Escape')
  await expect(power(page, 'erp-win-01')).toBeFocused()
  await select(page, 'erp-win-01')
  await select(page, 'gpu-fra-01')
  await power(page, 'gpu-fra-01').click()
  for (const item of await page.getByRole('menuitem').all()) {
    await expect(item).toBeDisabled()
    await expect(item).toContainText('Server is still being created')
  }
})

test('what the cloud did not confirm is said, with what to do', async ({ page, stack }) => {
  await page.goto('/')
  await select(page, 'build-fra-02')
  await expect(power(page, 'build-fra-02')).toBeVisible()
  await power(page, 'build-fra-02').focus()
  await stack.sandbox.close()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Power on' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('alert')).toContainText('Power on was not confirmed')
  await expect(dialog.getByRole('alert')).toContainText("Can't reach the cloud")
  await expect(dialog.getByRole('alert')).toContainText("Check the server's state")
})

test.describe('an action that the cloud accepts', () => {
  const [web] = defaultFleet()
  if (!web) throw new Error('the fleet is empty')
  const servers = [...defaultFleet(), ...powerFaultFleet(web)]
  test.use({ sandboxOptions: { servers } })

  const powerOff = async (page: Page, name: string) => {
    await select(page, name)
    await power(page, name).click()
    await page.getByRole('menuitem', { name: 'Power off' }).click()
    const dialog = page.getByRole('dialog', { name: `Power off ${name}?` })
    await expect(dialog).toContainText('This cloud cuts the power immediately')
    await dialog.getByRole('button', { name: 'Power off' }).click()
    await expect(page.getByText('Power off requested')).toBeVisible()
  }
  const note = (page: Page) => page.getByRole('region', { name: 'Power actions' }).getByRole('button').first()

  test('and fails at is told with the reason, on whichever page one is, and in the audit log', async ({
    page,
    stack,
  }) => {
    await page.goto('/')
    await powerOff(page, 'power-fails')
    await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
    await expect(note(page)).toHaveText('Power off · power-fails: 0 of 1 done · 1 failed')
    await note(page).click()
    const row = page.getByRole('dialog').getByRole('listitem')
    await expect(row).toContainText('power-fails Failed in the cloud')
    await expect(row).toContainText('The management controller does not answer. · BMS.0006')
    expect(stack.audit.flatMap(({ action, outcome }) => (action === 'power' ? [outcome] : []))).toEqual([
      'done',
      'failed',
    ])
    await page.getByRole('button', { name: 'Close' }).click()
    await expect(note(page)).toBeHidden()
  })

  test('and never ends is said to be late, and can be left running', async ({ page }) => {
    await page.clock.install()
    await page.goto('/')
    await powerOff(page, 'power-never-ends')
    await expect(note(page)).toBeHidden()
    await page.clock.fastForward('03:05')
    await expect(note(page)).toHaveText('Power off · power-never-ends: 0 of 1 done · 1 not finished')
    await note(page).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('Not finished after 3 min')
    await expect(dialog).toContainText('may still finish it')
    await dialog.getByRole('button', { name: 'Leave it running' }).click()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await expect(note(page)).toBeHidden()
  })

  test('only without this permission is refused, with the name of the permission', async ({ page }) => {
    await page.goto('/')
    await select(page, 'power-no-permission')
    await power(page, 'power-no-permission').click()
    await page.getByRole('menuitem', { name: 'Power off' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Power off' }).click()
    const alert = page.getByRole('dialog').getByRole('alert')
    await expect(alert).toContainText('Power off was not confirmed')
    await expect(alert).toContainText('Your cloud administrator has to allow it')
  })
})

test.describe('a cloud without jobs', () => {
  // The panic stands for some seconds.
  test.use({ sandboxCloud: 'openstack', sandboxOptions: { bootSpeed: 2, machinesAt: 'shell' } })

  test('sends an NMI behind a question of its own, and the machine panics', async ({ page, stack }) => {
    await watch(page, prompt)
    await power(page, 'web-fra-01').click()
    await page.getByRole('menuitem', { name: 'Send NMI' }).click()
    const dialog = page.getByRole('dialog', { name: 'Send an NMI to web-fra-01?' })
    await expect(dialog).toContainText('stops the operating system, whatever it is doing')
    await dialog.getByRole('button', { name: 'Send NMI' }).click()
    await seeOnScreen(page, /NMI: Not continuing/)
    expect(stack.audit.findLast(({ action }) => action === 'power')).toMatchObject({ detail: 'nmi' })
  })
})

for (const [sandboxCloud, transport] of [
  ['huawei', 'direct'],
  ['openstack', 'relay'],
] as const)
  test.describe(`${sandboxCloud} over ${transport}, where a stopped server has no console`, () => {
    const servers = defaultFleet().map((server) =>
      server.name === 'build-fra-02' ? { ...server, consoleFault: 'not-running' as const } : server,
    )
    test.use({ sandboxCloud, transport, sandboxOptions: { servers } })

    /** It may have booted before anybody listened. */
    const seeItRun = async (page: Page) => {
      await expect(page.getByRole('heading', { name: 'The server is powered off' })).toBeHidden({
        timeout: 20_000,
      })
      await expect(page.getByRole('banner').getByText(/^(Live|No output)$/)).toBeVisible()
      await terminalInput(page).press('Enter')
      await seeOnScreen(page, /build-fra-02 login:/)
    }

    test('its console waits, and connects by itself when the server runs', async ({ page }) => {
      await page.goto(consoleOf('build-fra-02'))
      await expect(page.getByRole('heading', { name: 'The server is powered off' })).toBeVisible()
      await page.getByRole('main').getByRole('button', { name: 'Power on' }).click()
      await seeItRun(page)
    })

    test('somebody else may have powered it on', async ({ page, stack }) => {
      await page.goto(consoleOf('build-fra-02'))
      await expect(page.getByRole('heading', { name: 'The server is powered off' })).toBeVisible()
      const accepted = await page.request.post(paths.power(serverId('build-fra-02')), {
        data: { action: 'power-on' },
        headers: { origin: stack.origin },
      })
      expect(accepted.status()).toBe(202)
      await seeItRun(page)
    })
  })

test('who is signed in is in every header; where nobody signed in, nobody signs out', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'User menu for Local user' }).click()
  await expect(page.getByText('Administrator')).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Audit log' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: /Sign out/ })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'web-fra-01', exact: true }).click()
  await expect(page.getByRole('button', { name: 'User menu for Local user' })).toBeVisible()
})
