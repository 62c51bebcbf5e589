import type { Page } from '@playwright/test'
import { test as gatewayTest } from './open-gateway.ts'
import {
  anotherPerson,
  expect,
  intervals,
  logIn,
  prompt,
  test as stackTest,
  terminalInput,
  watch,
} from './stack.ts'

const test = stackTest.extend({
  page: async ({ page }, use) => {
    page.on('dialog', (dialog) => void dialog.accept())
    await use(page)
  },
})

const rows = (page: Page) => page.locator('.xterm-accessibility-tree [role="listitem"]').count()

test.describe('notices lie over the terminal', () => {
  gatewayTest.use({ transport: 'relay', consoleConfig: { idleMs: 90_000 } })

  gatewayTest('and change its rows never', async ({ page, gateway, stack }) => {
    await watch(page, /ready/)
    const before = await rows(page)
    gateway.drop()
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible()
    expect(await rows(page)).toBe(before)
    await terminalInput(page).press('x')
    expect(await rows(page)).toBe(before)
    stack.clock.skip(60_000)
    await expect(page.getByRole('button', { name: 'Stay connected' })).toBeVisible()
    expect(await rows(page)).toBe(before)
  })
})

test.describe('a shared line', () => {
  test.use({ transport: 'relay' })

  test('has the writer’s size in each terminal', async ({ page, browser, stack }) => {
    await logIn(page)
    const context = await anotherPerson(browser, stack)
    const other = await context.newPage()
    await other.setViewportSize({ width: 1024, height: 600 })
    await watch(other, prompt)
    const writers = await rows(page)
    await expect.poll(() => rows(other), { intervals }).toBe(writers)

    await other.getByRole('button', { name: '2 viewers' }).click()
    await other.getByRole('menuitem', { name: 'Take keyboard' }).click()
    await expect.poll(() => rows(page), { intervals }).toBeLessThan(writers)
    expect(await rows(page)).toBe(await rows(other))
    await context.close()
  })
})
