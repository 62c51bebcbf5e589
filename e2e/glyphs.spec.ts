import type { Page } from '@playwright/test'
import { claimGpu } from './gpu.ts'
import { test } from './open-gateway.ts'
import { consoleOf, expect, seeOnScreen } from './stack.ts'

/** What is printed, and the column in which the machine's C library then believes its cursor. */
const texts: [string, number][] = [
  ['plain', 6],
  ['\u{1f7e2}', 3],
  ['日本語', 7],
  ['한국어', 7],
  ['e\u0301a\u0308', 3],
  ['日\u0301', 3],
  ['┌─┬─┐', 6],
  ['█▓▒░', 5],
  ['🚀', 3],
]

/** Where the bar in each row is drawn that has one. */
const bars = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.xterm-rows > div')].flatMap((row) => {
      const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT)
      while (texts.nextNode()) {
        const at = texts.currentNode.textContent?.indexOf('│') ?? -1
        if (at < 0) continue
        const range = document.createRange()
        range.setStart(texts.currentNode, at)
        range.setEnd(texts.currentNode, at + 1)
        return [Math.round(range.getBoundingClientRect().left)]
      }
      return []
    }),
  )

for (const renderer of ['page', 'GPU'] as const) {
  test(`the cursor stands where the machine thinks it is, drawn by the ${renderer}`, async ({
    page,
    gateway,
  }) => {
    if (renderer === 'GPU') await claimGpu(page)
    await page.setViewportSize({ width: 900, height: 400 })
    await page.goto(consoleOf('web-fra-01'))
    await seeOnScreen(page, /ready/)
    const canvases = page.locator('.xterm-screen canvas')
    if (renderer === 'GPU') await expect(canvases.first()).toBeAttached()
    else await expect(canvases).toHaveCount(0)
    let answers = ''
    for (const [text, column] of texts) {
      gateway.print(`\r\x1b[2K${text}\x1b[6n`)
      answers += `\x1b[2;${column}R`
      await expect.poll(() => gateway.typed).toBe(answers)
    }
  })
}

test("the terminal is drawn in the product's own font, and each character has its columns", async ({
  page,
  gateway,
}) => {
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  gateway.print('\x1b[2J\x1b[H日本│\r\nabcd│\r\n🟢🚀│\r\ne\u0301\u0300f\u0301gh│\r\n█▓▒░│\r\nend\r\n')
  await seeOnScreen(page, /end/)
  await expect
    .poll(() =>
      page.evaluate(
        () => getComputedStyle(document.querySelector('.xterm-rows') ?? document.body).fontFamily,
      ),
    )
    .toContain('BMS Console Mono')
  const faces = await page.evaluate(() => [...document.fonts].map(({ status, weight }) => [weight, status]))
  expect(faces).toEqual([
    ['400', 'loaded'],
    ['700', 'loaded'],
  ])
  const places = await bars(page)
  expect(places).toHaveLength(5)
  expect(new Set(places).size).toBe(1)
})

test.describe('on a light ground', () => {
  test.use({ colorScheme: 'light' })

  test('text beside the lines of a box is readable, and the lines keep their colour', async ({
    page,
    gateway,
  }) => {
    await page.goto(consoleOf('web-fra-01'))
    await seeOnScreen(page, /ready/)
    gateway.print(
      `\x1b]4;11;rgb:ff/ff/00\x07\x1b[2J\x1b[H\x1b[93m─left─\r\nright─\r\n─\r\nplain\x1b[m\r\nend`,
    )
    await seeOnScreen(page, /end/)
    const colours = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('.xterm-rows > div')].slice(0, 4).map((row) =>
          [...row.querySelectorAll('span')].flatMap((span) => {
            const text = span.textContent.trim()
            return text ? [[text, getComputedStyle(span).color]] : []
          }),
        ),
      )
    const [line, text] = ['rgb(255, 255, 0)', (await colours())[3]?.[0]?.[1]]
    expect(text).not.toBe(line)
    expect(await colours()).toEqual([
      [
        ['─', line],
        ['left', text],
        ['─', line],
      ],
      [
        ['right', text],
        ['─', line],
      ],
      [['─', line]],
      [['plain', text]],
    ])
  })
})

test('the console opens without the font, too', async ({ page, gateway }) => {
  await page.route('**/*.woff2', (route) => route.abort())
  await page.goto(consoleOf('web-fra-01'))
  await seeOnScreen(page, /ready/)
  gateway.print('still here\r\n')
  await seeOnScreen(page, /still here/)
})
