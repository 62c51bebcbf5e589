import type { Page } from '@playwright/test'
import { type BaselineScreen, readBaseline } from '../src/testing/screens/baseline-cells.ts'
import { baselineOf, type RecordedScreen, recordedScreens, streamOf } from '../src/testing/screens/screens.ts'
import { claimGpu } from './gpu.ts'
import { type OpenGateway, test } from './open-gateway.ts'
import { askPalette, paintedCells } from './screens/cells.ts'
import { paintFaults } from './screens/paint.ts'
import { consoleOf, expect, intervals, screen, seeOnScreen, serverId } from './stack.ts'

// The screens of real programs, in the page and in both of its renderers. `src/testing/screens` has what they should
// show. Each picture is compared with that, cell by cell, and some also with the picture that was looked at.

/** These are kept as pictures: one that edits, pages and repaints, menus with boxes, and firmware. */
const pictured = ['vim', 'less', 'top', 'dialog', 'dialog-cp437', 'grub-utf8', 'uefi-setup']

const isPictured = ({ program }: RecordedScreen) => pictured.includes(program.name)
const all = process.env.SCREENS === 'all'

/** The GPU draws cells of one size as those of another, so it shows all screens at one of them, and keeps that. */
const renderers = {
  page: { canvases: 0, shows: () => true, keeps: isPictured },
  GPU: {
    canvases: 1,
    shows: (recorded: RecordedScreen) => all || recorded.size.cols === 80 || isPictured(recorded),
    keeps: (recorded: RecordedScreen) => recorded.size.cols === 80 && isPictured(recorded),
  },
} as const

/** Opens a console. On a busy computer the font comes too late for the page, but then it is there for the next time. */
async function openWithFont(page: Page): Promise<void> {
  await expect(async () => {
    await page.goto(consoleOf('web-fra-01'))
    await seeOnScreen(page, /ready/)
    await page.waitForFunction(() => document.fonts.size === 2, null, { timeout: 3_000 })
  }).toPass()
}

/** Chooses size and encoding as another tab would: without a menu over the terminal. */
async function choose(page: Page, { size, program }: RecordedScreen): Promise<void> {
  const choice = { size: { columns: size.cols, rows: size.rows }, encoding: program.encoding }
  await page.evaluate(
    ([key, value]) => {
      localStorage.setItem(key, value)
      window.dispatchEvent(new StorageEvent('storage', { key }))
    },
    ['bms-console.servers', JSON.stringify([[serverId('web-fra-01'), choice]])] as const,
  )
}

/** Asks where the cursor is, and for a mode that no terminal has: that answer is the last. */
const ASK = '\x1b[6n\x1b[?7777$p'
const ANSWER = /\x1b\[(\d+);(\d+)R\x1b\[\?7777;0\$y$/

/** Shows a screen on a terminal that is as it was at first. @returns where the page says that its cursor is */
async function play(gateway: OpenGateway, recorded: RecordedScreen): Promise<BaselineScreen['cursor']> {
  gateway.typed = ''
  gateway.print('\x1bc')
  gateway.print(await streamOf(recorded))
  gateway.print(ASK)
  await expect.poll(() => gateway.typed, { intervals, message: recorded.name }).toMatch(ANSWER)
  const [, row, column] = ANSWER.exec(gateway.typed) ?? []
  return { row: Number(row), column: Number(column) }
}

/** A picture of the terminal alone. An element's own has a row too many where it stands between two pixels. */
async function picture(page: Page): Promise<Buffer> {
  const box = await page.locator('.xterm-screen').boundingBox()
  if (!box) throw new Error('The terminal is not shown.')
  return page.screenshot({ clip: { ...box, x: Math.round(box.x), y: Math.round(box.y) } })
}

const trimmed = (rows: readonly string[]) => rows.map((row) => row.replaceAll('\xa0', ' ').trimEnd())
const textOf = ({ rows }: BaselineScreen) =>
  trimmed(rows.map((cells) => cells.map(({ text }) => text).join('')))

for (const renderer of ['page', 'GPU'] as const) {
  for (const [cols, theme] of [
    [80, 'dark'],
    [100, 'light'],
    [132, 'dark'],
  ] as const) {
    test.describe(`screens of real programs, ${cols} columns wide and ${theme}`, () => {
      test.use({ colorScheme: theme, viewport: { width: 1440, height: 1000 } })

      test(`are what they should be, drawn by the ${renderer}`, async ({ page, gateway }) => {
        // On a busy computer each of many pictures takes a second or two.
        test.setTimeout(180_000)
        const { canvases, shows, keeps } = renderers[renderer]
        if (renderer === 'GPU') await claimGpu(page)
        await openWithFont(page)
        if (canvases) await expect(page.locator('.xterm-screen canvas').first()).toBeAttached()
        else await expect(page.locator('.xterm-screen canvas')).toHaveCount(0)
        const palette = await askPalette(gateway)
        for (const recorded of recordedScreens.filter(shows)) {
          if (recorded.size.cols !== cols) continue
          await choose(page, recorded)
          const baseline = readBaseline(await baselineOf(recorded))
          expect.soft(await play(gateway, recorded), recorded.name).toEqual(baseline.cursor)
          await expect
            .poll(async () => trimmed((await screen(page)).split('\n')), {
              intervals,
              message: recorded.name,
            })
            .toEqual(textOf(baseline))
          const png = await picture(page)
          const faults = await paintFaults(page, png, paintedCells(baseline, palette))
          expect.soft(faults, recorded.name).toEqual([])
          // Other systems smooth letters in other ways.
          if (process.platform !== 'linux' || !keeps(recorded)) continue
          expect.soft(png).toMatchSnapshot(`${recorded.name}-${renderer}.png`, { maxDiffPixelRatio: 0.02 })
        }
      })
    })
  }
}
