import type { Page } from '@playwright/test'
import { atEachWidth, expectAccessible, inBothThemes } from './axe.ts'
import { type OpenGateway, test } from './open-gateway.ts'
import { expect, terminalInput, watch } from './stack.ts'

/** 10 KiB, in lines of 32 bytes */
const LINES = 320
const text = Array.from({ length: LINES }, (_, index) => `${`# line ${index + 1} `.padEnd(31, '.')}\n`).join(
  '',
)
/** It takes half a minute, so there is time to end it. */
const LONG = text.repeat(20)
const typedText = text.replaceAll('\n', '\r')

async function paste(page: Page, clipboard: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), clipboard)
  await terminalInput(page).press('Control+Shift+V')
  await page.getByRole('dialog').getByRole('button', { name: 'Paste' }).click()
}

const card = (page: Page) => page.getByRole('region', { name: 'Paste' })
const bar = (page: Page) => page.getByRole('progressbar', { name: 'Paste' })

/** Types so much of a paste. The page's time stands still before and after, so no burst is on its way. */
async function typeOf(bytes: number, page: Page, gateway: OpenGateway): Promise<void> {
  for (let sent = 0; sent < bytes; ) {
    await page.clock.runFor(100)
    sent = Number(await bar(page).getAttribute('value'))
  }
  const sent = Number(await bar(page).getAttribute('value'))
  await expect.poll(() => gateway.typed.length).toBe(sent)
}

/** Holds the page's time still, and pastes. */
async function pasteSlowly(page: Page, clipboard: string): Promise<void> {
  await page.clock.pauseAt(Date.now() + 1_000)
  await paste(page, clipboard)
}

for (const transport of ['relay', 'direct'] as const) {
  test.describe(`over ${transport}`, () => {
    test.use({ transport })

    test('a paste stops where the line is lost, and goes on when told: the machine gets each byte once', async ({
      page,
      gateway,
    }) => {
      await page.clock.install()
      await watch(page, /ready/)
      await pasteSlowly(page, text)
      await expect(bar(page)).toHaveAccessibleName('Paste')
      await expect(bar(page)).toHaveAttribute('aria-valuetext', /^[\d,]+ of 10,240 bytes, 0:\d\d left$/)
      await typeOf(4_096, page, gateway)
      // What a lost line swallows, nobody knows: nothing is on its way, and the relay knows that all is there.
      if (transport === 'relay') await expect.poll(() => gateway.proved).toBe(gateway.typed.length)
      gateway.drop()
      await expect(card(page).getByRole('heading')).toHaveText('Paste stopped: disconnected')
      await page.clock.resume()
      const got = gateway.typed.length
      expect(typedText.startsWith(gateway.typed)).toBe(true)
      await expect(card(page)).toContainText(`${got.toLocaleString('en')} of 10,240 bytes`)
      const whole = Math.floor(got / 32)
      await expect(card(page)).toContainText(`Last complete line: ${whole} of ${LINES}`)
      await expect(card(page)).toContainText(`# line ${whole} ...`)
      const resume = card(page).getByRole('button', { name: 'Resume' })
      await expect(resume).toBeDisabled()
      await expect(card(page)).toContainText('You can resume when the console is connected again.')

      gateway.goOn()
      await expect(resume).toBeEnabled({ timeout: 30_000 })
      // The relay knows that all of it arrived. A direct line knows nothing.
      const doubt = card(page).getByText('Compare with the screen before you resume.')
      await expect(doubt).toHaveCount(transport === 'relay' ? 0 : 1)
      expect(gateway.typed).toHaveLength(got)
      await resume.click()
      await expect.poll(() => gateway.typed.length).toBe(typedText.length)
      expect(gateway.typed).toBe(typedText)
      await expect(card(page)).toHaveCount(0)
      await expect(terminalInput(page)).toBeFocused()
    })

    test('Ctrl+C overtakes a paste and ends it, its marks with it', async ({ page, gateway }) => {
      await watch(page, /ready/)
      gateway.print('\x1b[?2004hmarks\r\n')
      await watchFor(page, /marks/)
      await paste(page, LONG)
      await gateway.got(2_048)
      await page.keyboard.press('Control+c')
      await expect.poll(() => gateway.typed.at(-1)).toBe('\x03')
      const [, pasted = ''] = /^\x1b\[200~([^\x1b]*)\x1b\[201~\x03$/.exec(gateway.typed) ?? []
      expect(pasted.length).toBeGreaterThanOrEqual(2_048 - 6)
      expect(LONG.replaceAll('\n', '\r').startsWith(pasted)).toBe(true)
      await expect(page.getByText(/^Paste cancelled after/)).toHaveText(
        `Paste cancelled after ${pasted.length.toLocaleString('en')} of 204,800 bytes. ` +
          `Last complete line: ${Math.floor(pasted.length / 32)} of 6,400`,
      )
      await expect(card(page)).toHaveCount(0)
      // Nothing of the rest comes later.
      await page.waitForTimeout(200)
      expect(gateway.typed.endsWith('\x03')).toBe(true)
    })
  })
}

const watchFor = (page: Page, shown: RegExp) =>
  expect.poll(() => page.locator('.xterm-accessibility-tree').textContent()).toMatch(shown)

test('a paste is cancelled with the keyboard alone, and the focus is in the terminal again', async ({
  page,
  gateway,
}) => {
  await watch(page, /ready/)
  await paste(page, LONG)
  await expect(bar(page)).toBeVisible()
  await page.keyboard.press('Control+F6')
  const cancel = card(page).getByRole('button', { name: 'Cancel' })
  for (let steps = 0; steps < 40; steps++) {
    await page.keyboard.press('Tab')
    if (await cancel.evaluate((button) => button === document.activeElement)) break
  }
  await page.keyboard.press('Enter')
  await expect(card(page)).toHaveCount(0)
  await expect(terminalInput(page)).toBeFocused()
  const said = await page.getByText(/^Paste cancelled after [\d,]+ of/).textContent()
  const got = Number(/[\d,]+/.exec(said ?? '')?.[0].replaceAll(',', ''))
  expect(got).toBeLessThan(LONG.length)
  // What had left is still on its way. Nothing of the rest comes later.
  await expect.poll(() => gateway.typed.length).toBe(got)
  await page.waitForTimeout(200)
  expect(gateway.typed).toHaveLength(got)
})

test.describe('over relay, which knows what arrived', () => {
  test.use({ transport: 'relay' })

  test('a paste that is cut at any moment types nothing twice, and counts what may be missing', async ({
    page,
    gateway,
  }) => {
    const pasted = typedText.repeat(4)
    await watch(page, /ready/)
    await paste(page, text.repeat(4))
    let [from, before] = [0, 0]
    for (let cuts = 0; cuts < 4; cuts++) {
      await gateway.got(before + 4_096)
      gateway.drop()
      await expect(card(page).getByRole('heading')).toHaveText('Paste stopped: disconnected')
      gateway.goOn()
      const resume = card(page).getByRole('button', { name: 'Resume' })
      await expect(resume).toBeEnabled({ timeout: 30_000 })
      const sent = Number(await bar(page).getAttribute('value'))
      const [, doubtful = 0] =
        /The last ([\d,]+) bytes may be missing/.exec((await card(page).textContent()) ?? '') ?? []
      const got = gateway.typed.slice(before)
      expect(got).toBe(pasted.slice(from, from + got.length))
      expect(from + got.length).toBeLessThanOrEqual(sent)
      expect(from + got.length).toBeGreaterThanOrEqual(sent - Number(String(doubtful).replace(',', '')))
      ;[from, before] = [sent, gateway.typed.length]
      await resume.click()
    }
    await expect.poll(() => gateway.typed.length - before).toBe(pasted.length - from)
    expect(gateway.typed.slice(before)).toBe(pasted.slice(from))
    await expect(card(page)).toHaveCount(0)
  })

  test('a stopped paste moves nothing, fits each width and is accessible', async ({ page, gateway }) => {
    await page.clock.install()
    await watch(page, /ready/)
    const place = () => page.getByRole('region', { name: 'Serial console' }).boundingBox()
    const before = await place()
    await pasteSlowly(page, text)
    await expect(bar(page)).toBeVisible()
    expect(await place()).toEqual(before)
    await typeOf(1_024, page, gateway)
    gateway.drop()
    await expect(card(page).getByRole('heading')).toHaveText('Paste stopped: disconnected')
    await page.clock.resume()
    gateway.goOn()
    await expect(card(page).getByRole('button', { name: 'Resume' })).toBeEnabled({ timeout: 30_000 })
    expect(await place()).toEqual(before)
    await atEachWidth(page, [1440, 1024, 390], () => inBothThemes(page, () => expectAccessible(page)))
    await card(page).getByRole('button', { name: 'Discard the rest' }).click()
    await expect(card(page)).toHaveCount(0)
    await expect(terminalInput(page)).toBeFocused()
  })
})
