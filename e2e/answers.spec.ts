import type { Page } from '@playwright/test'
import { test as gatewayTest } from './open-gateway.ts'
import { anotherPerson, expect, terminalInput, watch } from './stack.ts'

const test = gatewayTest.extend<{ other: Page }>({
  transport: 'relay',
  other: async ({ browser, stack }, use) => {
    const context = await anotherPerson(browser, stack)
    await use(await context.newPage())
    await context.close()
  },
})

const notSent = (page: Page) => page.getByRole('heading', { name: /^Not sent/ })

/** Watches for the notice, which goes away by itself. @returns whether it was there in the meantime */
function watchNotice(page: Page): () => boolean {
  let seen = false
  notSent(page)
    .waitFor({ timeout: 0 })
    .then(
      () => {
        seen = true
      },
      // The page was closed.
      () => {},
    )
  return () => seen
}

test('the writer’s terminal answers the machine, once, and a watcher’s says nothing of it', async ({
  page,
  other,
  gateway,
}) => {
  await watch(page, /ready/)
  await watch(other, /ready/)
  await expect(other).toHaveTitle(/Watching/)
  const told = [page, other].map(watchNotice)
  // Where the cursor is, what the terminal is, and whether it has the focus from now on.
  gateway.print('\x1b[6n\x1b[c\x1b[?1004h')
  await expect.poll(() => gateway.typed).toBe('\x1b[2;1R\x1b[?1;2c\x1b[I')
  // A watcher comes and goes, too.
  await terminalInput(other).focus()
  await terminalInput(other).blur()
  await terminalInput(page).blur()
  await expect.poll(() => gateway.typed.endsWith('\x1b[O')).toBe(true)
  await terminalInput(page).focus()
  await expect.poll(() => gateway.typed).toBe('\x1b[2;1R\x1b[?1;2c\x1b[I\x1b[O\x1b[I')
  expect(told.map((seen) => seen())).toEqual([false, false])

  // A click in a program that asked for the mouse is a person's: it is sent, and a watcher is told.
  gateway.typed = ''
  gateway.print('\x1b[?1004l\x1b[?1000h\x1b[?1006hmouse')
  await expect(page.locator('.xterm-accessibility-tree')).toContainText('mouse')
  await page.locator('.xterm-screen').click({ position: { x: 5, y: 5 } })
  await expect.poll(() => gateway.typed).toMatch(/^\x1b\[<0;1;1M\x1b\[<0;1;1m$/)
  await other.locator('.xterm-screen').click({ position: { x: 5, y: 5 } })
  await expect(notSent(other)).toBeVisible()
})

test('a machine that asks without end is not answered without end', async ({ page, gateway }) => {
  await watch(page, /ready/)
  gateway.print('\x1b[6n'.repeat(100_000))
  gateway.print('\r\nasked')
  await expect(page.locator('.xterm-accessibility-tree')).toContainText('asked', { timeout: 30_000 })
  await expect.poll(() => gateway.typed.length).toBeGreaterThan(1_000)
  // A person's keys are not held up.
  await terminalInput(page).pressSequentially('ls')
  await expect.poll(() => gateway.typed.endsWith('ls')).toBe(true)
  expect(gateway.typed.length).toBeLessThan(20_000)
})
