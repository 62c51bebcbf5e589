import type { Page } from '@playwright/test'
import { expectAccessible } from './axe.ts'
import { openMenu } from './bar.ts'
import { test } from './open-gateway.ts'
import { consoleOf, expect, screen, seeOnScreen, terminalInput } from './stack.ts'

/** 中文：功能 in GBK. The second byte of some is a letter in ASCII. */
const GBK = Buffer.from('d6d0cec4a3bab9a6c4dc', 'hex')
/** 乗 in GBK: its second byte is a backslash. */
const GBK_BACKSLASH = Buffer.from('815c', 'hex')
/** Two rows of a box in CP437, and a byte that is CSI in other encodings */
const CP437 = Buffer.from('dac4c4bf0d0ac09b31c4d9', 'hex')

async function chooseEncoding(page: Page, name: RegExp): Promise<void> {
  await openMenu(page, 'View')
  await page.getByRole('menuitem', { name: /^Encoding/ }).click()
  await page.getByRole('menuitemradio', { name }).click()
}

for (const transport of ['direct', 'relay'] as const) {
  test.describe(`over ${transport}`, () => {
    test.use({ transport })

    test('a line in GBK is read and typed so, and what it lacks is not sent', async ({ page, gateway }) => {
      await page.goto(consoleOf('web-fra-01'))
      await seeOnScreen(page, /ready/)
      await chooseEncoding(page, /^GBK/)
      await expect(page.getByText('New output is read as GBK')).toBeVisible()
      for (const byte of Buffer.concat([GBK, GBK_BACKSLASH, Buffer.from('\r\n')])) {
        gateway.print(Uint8Array.of(byte))
      }
      await seeOnScreen(page, /中文：功能乗/)

      await page.keyboard.insertText('中文')
      await expect.poll(() => gateway.typedBytes.toString('hex')).toBe('d6d0cec4')
      await page.keyboard.insertText('中🚀')
      await expect(page.getByText('Not sent: GBK has no 🚀')).toBeVisible()
      await page.keyboard.type('!')
      await expect.poll(() => gateway.typedBytes.toString('hex')).toBe('d6d0cec421')
    })
  })
}

test('firmware draws its boxes in CP437, and the choice outlives a reload', async ({ page, gateway }) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  await chooseEncoding(page, /^CP437/)
  await page.reload()
  // The first is what this tab saw before, the second says that the line is there.
  await seeOnScreen(page, /ready[\s\S]*ready/)
  gateway.print(CP437)
  await seeOnScreen(page, /┌──┐\s*\n└¢1─┘/)
})

test('a line that is no UTF-8 is offered another encoding, once', async ({ page, gateway }) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  const rows = await page.locator('.xterm-rows > div').count()
  for (let line = 0; line < 10; line++) gateway.print(Buffer.concat([GBK, Buffer.from('\r\n')]))
  await expect(page.getByRole('heading', { name: 'This line does not look like UTF-8' })).toBeVisible()
  expect(await page.locator('.xterm-rows > div').count()).toBe(rows)
  await page.getByRole('combobox', { name: 'Encoding' }).selectOption({ label: 'GBK · Simplified Chinese' })
  await page.getByRole('button', { name: 'Use this encoding' }).click()
  await expect(page.getByRole('heading', { name: 'This line does not look like UTF-8' })).toBeHidden()
  gateway.print(GBK)
  await seeOnScreen(page, /中文：功能/)
})

test('every encoding reads what it is sent, as browsers decode it', async ({ page, gateway }) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  for (const [name, hex, text] of [
    ['ISO-8859-1', 'c4d6dc', 'ÄÖÜ'],
    ['Big5', 'a4a4a4e5a55c', '中文功'],
    ['Shift-JIS', '93fa967b955cb1', '日本表ｱ'],
    ['EUC-KR', 'c7d1b1db', '한글'],
  ] as const) {
    await chooseEncoding(page, new RegExp(`^${name}`))
    gateway.print(Buffer.concat([Buffer.from('\r\n'), Buffer.from(hex, 'hex')]))
    await seeOnScreen(page, new RegExp(text))
    const before = gateway.typedBytes.length
    await page.keyboard.insertText(text)
    await expect.poll(() => gateway.typedBytes.subarray(before).toString('hex')).toBe(hex)
  }
})

test.describe('what was said before the choice', () => {
  test.use({ transport: 'relay' })

  test('is read again in the new encoding, once, and the keyboard stays', async ({ page, gateway }) => {
    await page.goto(consoleOf('web-fra-01'))
    await seeOnScreen(page, /ready/)
    gateway.print(Buffer.concat([Buffer.from('first '), GBK, Buffer.from('\r\n')]))
    await seeOnScreen(page, /first/)
    await page.keyboard.type('ab')
    await gateway.got(2)
    await chooseEncoding(page, /^GBK/)
    const dialog = page.getByRole('dialog', { name: 'Read what is above again, too?' })
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Read again' }).click()
    await seeOnScreen(page, /first 中文：功能/)
    expect((await screen(page)).match(/first/g)).toHaveLength(1)
    await expect(terminalInput(page)).toBeFocused()
    await page.keyboard.insertText('文')
    await expect.poll(() => gateway.typedBytes.toString('hex')).toBe('6162cec4')
  })

  test('stays as it is for who wants only new output so', async ({ page, gateway }) => {
    await page.goto(consoleOf('web-fra-01'))
    await seeOnScreen(page, /ready/)
    gateway.print(GBK)
    await seeOnScreen(page, /�/)
    await chooseEncoding(page, /^GBK/)
    await page.getByRole('button', { name: 'Only new output' }).click()
    gateway.print(Buffer.concat([Buffer.from('\r\nthen '), GBK]))
    await seeOnScreen(page, /�[\s\S]*\nthen 中文：功能/)
    await expect(terminalInput(page)).toBeFocused()
  })
})
